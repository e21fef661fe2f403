import { awsAccount } from '../../bin/deploy/aws-account.ts';
import { deployments } from '../../bin/deployments.ts';
import { UsageError } from '../../bin/operator/operator-error.ts';
import { findTarget } from '../../bin/smoke/find-target.ts';
import type { StageName } from '../../lib/config/stages.ts';
import { CANARY_NUMBER } from '../../src/domain/tenant/canary-tenant.ts';
import type { LoadOptions } from '../options.ts';
import { isLocalStack, localTarget } from './local-target.ts';
import { startOwnStack } from './own-stack.ts';
import { stageTarget } from './stage-target.ts';
import type { LoadTarget } from './target.ts';

type Found = LoadTarget | { readonly unreachable: string };

/** @throws UsageError where it cannot be found, or its app secret not be had */
export async function findLoadTarget({ target }: LoadOptions): Promise<Found> {
  const appSecret = process.env['LOAD_APP_SECRET'] || undefined;
  if ('url' in target) {
    if (await isLocalStack(target.url)) {
      return localTarget(target.url, appSecret, async () => undefined);
    }
    if (target.isLocal) return ownStackTarget(appSecret);
    return somewhere(target.url, appSecret);
  }
  const accountOf = (stage: StageName) => awsAccount(placeOf(stage));
  const found = await findTarget(target, accountOf);
  if (found.kind === 'unreachable') return { unreachable: found.reason };
  const place = { stage: target.stage, url: found.url, ...placeOf(target.stage) };
  return stageTarget(place, appSecret, accountOf(target.stage));
}

async function ownStackTarget(appSecret: string | undefined): Promise<LoadTarget> {
  console.log('No npm start answers: one is brought up for this run…');
  const { url, close } = await startOwnStack();
  try {
    return await localTarget(url, appSecret, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** Of which nothing is known but that it answers, and is to take webhooks. */
async function somewhere(url: string, appSecret: string | undefined): Promise<LoadTarget> {
  if (appSecret === undefined) {
    throw new UsageError('Put the app secret, by which webhooks are signed, into LOAD_APP_SECRET');
  }
  await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(10_000) }).catch(
    (cause: unknown) => {
      throw new UsageError(`Nothing answers at ${url}: nothing was sent`, { cause });
    },
  );
  return {
    name: new URL(url).hostname,
    place: 'deployed',
    url,
    appSecret,
    numbers: { any: [CANARY_NUMBER], noisy: [], quiet: [] },
    witness: undefined,
    close: async () => undefined,
  };
}

function placeOf(stage: StageName): { readonly region?: string } {
  const { env } = deployments[stage];
  return env ? { region: env.region } : {};
}
