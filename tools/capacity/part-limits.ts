import { Bucket } from './bucket.ts';
import type { Deployment } from './deployment.ts';

/** What a business has for itself. */
export interface OwnLimits {
  /** Of its number, in and out. */
  readonly messages: Bucket;
  readonly turns: Bucket;
  readonly ledger: Bucket;
  readonly chatList: Bucket;
}

/** Every limit on a rate of a deployment. */
export class PartLimits {
  readonly api: Bucket;
  readonly fifoCalls: Bucket;
  readonly table: Bucket;
  readonly shards: readonly Bucket[];
  readonly modelRequests: Bucket;
  readonly modelTokens: Bucket;
  readonly businesses: readonly OwnLimits[];

  constructor(deployment: Deployment) {
    const { apiRequests, apiBurst, modelRequestsAMinute, modelTokensAMinute } = deployment;
    this.api = new Bucket({ perSecond: apiRequests, burst: apiBurst });
    this.fifoCalls = bySecond(deployment.fifoCalls);
    this.table = bySecond(deployment.tableWrites);
    this.shards = many(deployment.unfinishedShards, () => bySecond(deployment.unfinishedWrites));
    this.modelRequests = byMinute(modelRequestsAMinute);
    this.modelTokens = byMinute(modelTokensAMinute);
    this.businesses = many(deployment.numbers, () => ({
      messages: bySecond(deployment.numberMessages),
      turns: new Bucket({
        perSecond: deployment.tenantTurnsAMinute / 60,
        burst: Math.max(1, (deployment.tenantTurnsAMinute / 60) * TURN_WINDOW_SECONDS),
      }),
      ledger: bySecond(deployment.partitionWrites * deployment.ledgerShards),
      chatList: bySecond(deployment.partitionWrites),
    }));
  }
}

/** Turns are counted in windows of so long: src/domain/limits/turn-window.ts. */
const TURN_WINDOW_SECONDS = 5;
/** Nobody says in which steps a minute's limit is given out. An assumption. */
const MINUTE_STEP_SECONDS = 5;

function bySecond(perSecond: number): Bucket {
  return new Bucket({ perSecond, burst: Math.max(1, perSecond) });
}

function byMinute(perMinute: number): Bucket {
  const perSecond = perMinute / 60;
  return new Bucket({ perSecond, burst: Math.max(1, perSecond * MINUTE_STEP_SECONDS) });
}

function many<Made>(count: number, make: () => Made): readonly Made[] {
  return Array.from({ length: count }, make);
}
