import type { Bucket } from './bucket.ts';
import type { Service } from './service.ts';

/** How far a part is used: 1 is all that it has. */
export interface Pressure {
  readonly part: PartName;
  readonly share: number;
  /** How often it had too little, as a share of how often it was asked. */
  readonly refused: number;
}

/** All parts that may be full, in the order of a message's way. */
export const PARTS = [
  'API',
  'other functions',
  'chat queue',
  'conversations table',
  'index of unfinished',
  'ledger',
  'list of chats',
  'processor',
  'model’s requests',
  'model’s tokens',
  'turns of a tenant',
  'numbers',
  'events',
  'jobs',
] as const;

export type PartName = (typeof PARTS)[number];

/** Nobody waits for these. */
const BACKGROUND: readonly PartName[] = ['events', 'jobs'];

export function isBackground(part: PartName): boolean {
  return BACKGROUND.includes(part);
}

/** What was used up to now; two of these, and the time between them, tell the pressure. */
export interface Usage {
  readonly part: PartName;
  readonly used: number;
  readonly refusals: number;
  /** Of what is used, in a second. */
  readonly perSecond: number;
}

export function usageNow({ world, poller, events, jobs, pools, unreserved }: Service) {
  const { limits, deployment } = world;
  const { processor, events: forEvents, jobs: forJobs } = deployment;
  const places = (part: PartName, used: number, { maxConcurrency, batchSize }: typeof forJobs) => ({
    part,
    used,
    refusals: 0,
    perSecond: maxConcurrency * batchSize,
  });
  const others = [pools.ingest, pools.events, pools.jobs];
  return [
    bucketOf('API', [limits.api]),
    {
      part: 'other functions',
      used: others.reduce((sum, { busySeconds }) => sum + busySeconds, 0),
      refusals: unreserved.refusals,
      perSecond: unreserved.limit,
    },
    bucketOf('chat queue', [limits.fifoCalls]),
    bucketOf('conversations table', [limits.table]),
    bucketOf('index of unfinished', limits.shards),
    bucketOf(
      'ledger',
      limits.businesses.map(({ ledger }) => ledger),
    ),
    bucketOf(
      'list of chats',
      limits.businesses.map(({ chatList }) => chatList),
    ),
    places('processor', poller.entrySeconds, processor),
    bucketOf('model’s requests', [limits.modelRequests]),
    bucketOf('model’s tokens', [limits.modelTokens]),
    bucketOf(
      'turns of a tenant',
      limits.businesses.map(({ turns }) => turns),
    ),
    bucketOf(
      'numbers',
      limits.businesses.map(({ messages }) => messages),
    ),
    places('events', events.poller.entrySeconds, forEvents),
    places('jobs', jobs.poller.entrySeconds, forJobs),
  ] as const satisfies readonly Usage[];
}

export function pressureBetween(
  before: readonly Usage[],
  after: readonly Usage[],
  seconds: number,
): readonly Pressure[] {
  return after.map(({ part, used, refusals, perSecond }, index) => {
    const from = before[index];
    const more = used - (from?.used ?? 0);
    const refused = refusals - (from?.refusals ?? 0);
    return {
      part,
      share: more / (perSecond * seconds),
      refused: refused === 0 ? 0 : refused / (refused + more),
    };
  });
}

/** Of several alike: all together, since chance spreads what is asked of them evenly. */
function bucketOf(part: PartName, buckets: readonly Bucket[]): Usage {
  const sum = (read: (bucket: Bucket) => number) =>
    buckets.reduce((total, bucket) => total + read(bucket), 0);
  return {
    part,
    used: sum(({ taken }) => taken),
    refusals: sum(({ refusals }) => refusals),
    perSecond: sum(({ size }) => size.perSecond),
  };
}
