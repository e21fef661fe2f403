/** A limit of somebody else's, as of a default account. */
export interface KnownLimit {
  readonly value: number;
  readonly unit: string;
  /** Who says so, and of when that is. */
  readonly source: string;
  /** `quota`: can be raised by asking; `fixed`: cannot; `assumed`: nobody was found who says so. */
  readonly kind: 'quota' | 'fixed' | 'assumed';
}

const REFERENCE = 'AWS documentation and type docs, read 2026-11-23';
const API = 'docs.aws.amazon.com apigateway limits, stored copy';
const DYNAMODB =
  'docs.aws.amazon.com on-demand capacity, warm throughput; AWS Database Blog, stored copies';
const META = 'developers.facebook.com throughput, 2026-09-11';
const OPENAI =
  'simonwillison.net 2025-09-12 (tokens), api-evangelist 2026-05 (requests), of the small model of 2025';

/** What no template says: quotas of a fresh account, limits of services, how they scale, what peers take. */
export const LIMITS = {
  apiRequests: quota(10_000, 'requests a second, all APIs of a region', API),
  apiBurst: quota(5_000, 'requests at once', API),
  concurrency: assumed(1_000, 'invocations at once, of an account in a region'),
  unreserved: fixed(100, 'of these that no function may reserve', REFERENCE),
  newEnvironments: fixed(1_000, 'new environments in ten seconds, of each function', REFERENCE),
  pollersAtFirst: fixed(5, 'batches at once when an event source wakes up', REFERENCE),
  pollersAMinute: fixed(300, 'batches at once more in each minute', REFERENCE),
  pollersAtMost: fixed(1_000, 'batches at once of one event source', REFERENCE),
  inFlight: fixed(120_000, 'messages in flight of a FIFO queue; then it gives none', REFERENCE),
  fifoCalls: quota(70_000, 'calls a second of each action in us-east-1', REFERENCE),
  partitionWrites: fixed(1_000, 'write units a second of one partition key', DYNAMODB),
  tableWrites: quota(40_000, 'write units a second of a table, and of each index', DYNAMODB),
  newTableWrites: fixed(4_000, 'write units a second of a table that is new', DYNAMODB),
  modelRequests: {
    ...assumed(30_000, 'requests a minute, tier 5'),
    source: OPENAI,
  },
  modelTokens: {
    ...assumed(180_000_000, 'tokens a minute, tier 5'),
    source: OPENAI,
  },
  numberMessages: quota(80, 'messages a second of a number, in and out', META),
  raisedNumberMessages: fixed(1_000, 'of a number that Meta has raised', META),
  pairSeconds: fixed(6, 'seconds for a message to one person', META),
  pairBurst: fixed(45, 'messages to one person at once', META),
} as const satisfies Readonly<Record<string, KnownLimit>>;

/** What an organisation may ask of a small model in a minute, by what it has paid so far. */
export const MODEL_TIERS = [
  { tier: 1, requests: 500, tokens: 500_000 },
  { tier: 2, requests: 5_000, tokens: 2_000_000 },
  { tier: 3, requests: 5_000, tokens: 4_000_000 },
  { tier: 4, requests: 10_000, tokens: 10_000_000 },
  { tier: 5, requests: LIMITS.modelRequests.value, tokens: LIMITS.modelTokens.value },
] as const;

/** What is assumed of how customers write and of what nobody publishes. */
export const ASSUMED = {
  /** The standard deviation of the model's time by its mean; log-normal. */
  modelSpread: 0.5,
  /** Between two messages of a conversation. */
  gapSeconds: 30,
  /** Statuses of a bubble come so long after it. */
  statusSeconds: [0.5, 1, 4],
  /** Loading a bundle and its first connection, as measured for such bundles. */
  coldSeconds: 0.375,
  /** Meta says that it delivers again, "immediately", and not how often. */
  firstRedeliverySeconds: 1,
} as const;

function quota(value: number, unit: string, source: string): KnownLimit {
  return { value, unit, source, kind: 'quota' };
}

function fixed(value: number, unit: string, source: string): KnownLimit {
  return { value, unit, source, kind: 'fixed' };
}

function assumed(value: number, unit: string): KnownLimit {
  return { value, unit, source: 'general knowledge of 2026-11', kind: 'assumed' };
}
