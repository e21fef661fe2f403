import type { StageName } from '#lib/config/stages.ts';
import type { Account } from '../deploy/account.ts';
import { deployments } from '../deployments.ts';
import { type SmokeOptions, UsageError } from './options.ts';

type Target =
  | { readonly kind: 'reachable'; readonly url: string }
  | { readonly kind: 'unreachable'; readonly reason: string };

/**
 * Where the API of a stage answers, by its own output.
 * @throws UsageError where the stage is not deployed, or cannot be asked
 */
export async function findTarget(
  options: SmokeOptions,
  accountOf: (stage: StageName) => Pick<Account, 'findStack'>,
  isBehindMutualTls = (stage: StageName) => deployments[stage].api.domain !== undefined,
): Promise<Target> {
  if ('url' in options) return { kind: 'reachable', url: options.url };
  const { stage } = options;
  if (isBehindMutualTls(stage)) {
    return {
      kind: 'unreachable',
      reason: `Not tried: stage ${stage} is behind mutual TLS, and only Meta has a certificate of its truststore. npx concierge doctor --stage ${stage} looks at it from within.`,
    };
  }
  const stack = await accountOf(stage)
    .findStack(`concierge-${stage}-service`)
    .catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new UsageError(
        `Stage ${stage} cannot be asked where it is (${why}): put AWS credentials and a region into the environment, for example by AWS_PROFILE and AWS_REGION.`,
        { cause },
      );
    });
  const webhook = stack?.outputs.get('WebhookUrl');
  if (webhook === undefined) {
    throw new UsageError(`Stage ${stage} is not deployed here: npm run deploy -- ${stage}`);
  }
  return { kind: 'reachable', url: webhook.replace(/\/webhook$/, '') };
}
