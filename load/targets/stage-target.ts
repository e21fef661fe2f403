import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Account } from '../../bin/deploy/account.ts';
import { UsageError } from '../../bin/operator/operator-error.ts';
import { stackNames } from '../../lib/config/stack-names.ts';
import { metricNamespaceOf, type StageName } from '../../lib/config/stages.ts';
import { isObject } from '../../src/domain/json.ts';
import { readPlatformSecret } from '../../src/domain/secret/platform-secret.ts';
import { CANARY_NUMBER } from '../../src/domain/tenant/canary-tenant.ts';
import { cloudWitness } from './cloud-witness.ts';
import type { LoadTarget } from './target.ts';

export interface StagePlace {
  readonly stage: StageName;
  readonly url: string;
  /** @default as the credentials say */
  readonly region?: string | undefined;
}

/**
 * A stage in the cloud. All write to the canary's number, so turns and model are real, and nobody is
 * sent anything.
 * @param appSecret undefined: read from Secrets Manager, by the caller's credentials
 */
export async function stageTarget(
  { stage, url, region }: StagePlace,
  appSecret: string | undefined,
  account: Pick<Account, 'findStack'>,
): Promise<LoadTarget> {
  const place = region === undefined ? {} : { region };
  const { stateful, service } = stackNames(stage);
  const outputs = (await account.findStack(service))?.outputs ?? new Map<string, string>();
  const secret = appSecret ?? (await readAppSecret(stateful, stage, account, place));
  return {
    name: stage,
    place: 'deployed',
    url,
    appSecret: secret,
    numbers: { any: [CANARY_NUMBER], noisy: [], quiet: [] },
    witness: cloudWitness({
      namespace: metricNamespaceOf(stage),
      queues: urlsIn(outputs, ['ChatQueueUrl']),
      deadLetters: urlsIn(outputs, ['ChatDeadLetterQueueUrl', 'EventsDeadLetterQueueUrl']),
      cloudWatch: new CloudWatchClient(place),
      sqs: new SQSClient(place),
      now: Date.now,
    }),
    close: async () => undefined,
  };
}

function urlsIn(outputs: ReadonlyMap<string, string>, names: readonly string[]): readonly string[] {
  return names.map((name) => {
    const url = outputs.get(name);
    if (url === undefined) {
      throw new UsageError(`The stage has no output ${name}: deploy this release first`);
    }
    return url;
  });
}

async function readAppSecret(
  stack: string,
  stage: StageName,
  account: Pick<Account, 'findStack'>,
  place: { readonly region?: string },
): Promise<string> {
  const SecretId = (await account.findStack(stack))?.outputs.get('PlatformSecretName');
  const client = new SecretsManagerClient(place);
  const value = await client.send(new GetSecretValueCommand({ SecretId })).then(
    ({ SecretString }) => SecretString,
    (cause: unknown) => {
      const why = cause instanceof Error ? cause.name : 'unknown';
      throw new UsageError(
        `The platform's secret of stage ${stage} cannot be read (${why}): put the app secret, by which webhooks are signed, into LOAD_APP_SECRET`,
        { cause },
      );
    },
  );
  const read: unknown = JSON.parse(value ?? '{}');
  const [current] = readPlatformSecret(isObject(read) ? read : {}).appSecrets;
  if (current !== undefined) return current;
  throw new UsageError(`Stage ${stage} has no app secret yet: npx concierge secret put`);
}
