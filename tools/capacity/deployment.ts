import { allUnfinishedShards } from '#adapters/dynamodb/keys.ts';
import { shardsFor } from '#adapters/dynamodb/usage-shards.ts';
import type { Deployed } from '../cost/deployed.ts';
import { LIMITS } from './limits.ts';

/** An event source and the function behind it. */
export interface Consumer {
  readonly maxConcurrency: number;
  readonly batchSize: number;
  readonly windowSeconds: number;
}

/** All that is limited: what the templates say, what an account has, what peers take. */
export interface Deployment {
  readonly apiRequests: number;
  readonly apiBurst: number;
  /** Of the account, for all functions together; what the processor reserves is taken off it. */
  readonly concurrency: number;
  readonly newEnvironmentsASecond: number;
  readonly newEnvironmentsAtOnce: number;
  readonly reserved: number;
  readonly processor: Consumer;
  readonly events: Consumer;
  readonly jobs: Consumer;
  readonly pollersAtFirst: number;
  readonly pollersASecond: number;
  readonly inFlight: number;
  readonly fifoCalls: number;
  readonly tableWrites: number;
  /** Of a partition that is a tenant's own. */
  readonly partitionWrites: number;
  /** Partition keys of the index of unfinished messages, which all share, and what each takes. */
  readonly unfinishedShards: number;
  readonly unfinishedWrites: number;
  /** Partition keys of a tenant's ledger. */
  readonly ledgerShards: number;
  readonly modelRequestsAMinute: number;
  readonly modelTokensAMinute: number;
  /** Businesses, each with one number. */
  readonly numbers: number;
  readonly numberMessages: number;
  readonly pairSeconds: number;
  readonly pairBurst: number;
  readonly tenantTurnsAMinute: number;
  /** Who has waited for longer is answered by the fallback text, and no model is asked. */
  readonly answerDeadlineSeconds: number;
}

/** What the configuration of a stage says, and no template does in a form that can be read. */
export interface StageSettings {
  readonly turnsPerMinutePerTenant: number;
  readonly answerDeadlineSeconds: number;
  readonly tenants: number;
}

/** A stage in an account whose quotas are as they come. */
export function deploymentOf(deployed: Deployed, stage: StageSettings): Deployment {
  const reserved = deployed.functions.get('processor')?.reservedConcurrency;
  const processor = consumerOf('processor', deployed);
  const turnsPerMinute = stage.turnsPerMinutePerTenant;
  return {
    apiRequests: Math.min(deployed.requestsPerSecond, LIMITS.apiRequests.value),
    apiBurst: Math.min(deployed.requestsAtOnce, LIMITS.apiBurst.value),
    concurrency: LIMITS.concurrency.value,
    newEnvironmentsASecond: LIMITS.newEnvironments.value / 10,
    newEnvironmentsAtOnce: LIMITS.newEnvironments.value,
    reserved: reserved ?? processor.maxConcurrency,
    processor,
    events: consumerOf('events', deployed),
    jobs: consumerOf('jobs', deployed),
    pollersAtFirst: LIMITS.pollersAtFirst.value,
    pollersASecond: LIMITS.pollersAMinute.value / 60,
    inFlight: LIMITS.inFlight.value,
    fifoCalls: LIMITS.fifoCalls.value,
    tableWrites: LIMITS.tableWrites.value,
    partitionWrites: LIMITS.partitionWrites.value,
    unfinishedShards: allUnfinishedShards().length,
    unfinishedWrites: LIMITS.partitionWrites.value,
    ledgerShards: shardsFor({ turnsPerMinute, perDay: undefined, perMonth: undefined }),
    modelRequestsAMinute: LIMITS.modelRequests.value,
    modelTokensAMinute: LIMITS.modelTokens.value,
    numbers: stage.tenants,
    numberMessages: LIMITS.numberMessages.value,
    pairSeconds: LIMITS.pairSeconds.value,
    pairBurst: LIMITS.pairBurst.value,
    tenantTurnsAMinute: turnsPerMinute,
    answerDeadlineSeconds: stage.answerDeadlineSeconds,
  };
}

/** The same with another number of processors, reserved and polled for as the template wants it. */
export function withProcessors(deployment: Deployment, reserved: number): Deployment {
  const processor = { ...deployment.processor, maxConcurrency: reserved };
  return { ...deployment, reserved, processor };
}

/**
 * One part in so many of a deployment: what customers share is divided by it, and so is their number; what
 * each has for itself (a chat, a business's number) stays. So a model of few messages a second behaves as one
 * of many, with a little more chance in it. Shards stay as many: each takes as much less.
 */
export function sliceOf(deployment: Deployment, parts: number): Deployment {
  const share = (whole: number) => whole / parts;
  const places = (whole: number) => Math.max(1, Math.round(whole / parts));
  const consumer = (each: Consumer): Consumer => ({
    ...each,
    maxConcurrency: places(each.maxConcurrency),
  });
  return {
    ...deployment,
    apiRequests: share(deployment.apiRequests),
    apiBurst: places(deployment.apiBurst),
    concurrency: places(deployment.concurrency),
    newEnvironmentsASecond: share(deployment.newEnvironmentsASecond),
    newEnvironmentsAtOnce: places(deployment.newEnvironmentsAtOnce),
    reserved: places(deployment.reserved),
    processor: consumer(deployment.processor),
    events: consumer(deployment.events),
    jobs: consumer(deployment.jobs),
    pollersAtFirst: places(deployment.pollersAtFirst),
    pollersASecond: share(deployment.pollersASecond),
    inFlight: places(deployment.inFlight),
    fifoCalls: share(deployment.fifoCalls),
    tableWrites: share(deployment.tableWrites),
    unfinishedWrites: share(deployment.unfinishedWrites),
    modelRequestsAMinute: share(deployment.modelRequestsAMinute),
    modelTokensAMinute: share(deployment.modelTokensAMinute),
    numbers: places(deployment.numbers),
  };
}

/** @throws RangeError where the template has no such event source */
function consumerOf(folder: string, { polled }: Deployed): Consumer {
  const found = polled.find((each) => each.folder === folder);
  if (!found) throw new RangeError(`The template has no event source of ${folder}`);
  const { batchSize, windowSeconds, maxConcurrency = LIMITS.pollersAtMost.value } = found;
  return { batchSize, windowSeconds, maxConcurrency };
}
