/** Where prices hold, and what they leave out: free tiers, taxes, savings plans, support. */
export const PRICE_REGION = 'us-east-1';
export const PRICES_AS_OF = '2026-11-26';

/** Dollars for one unit, up to so many units a month; the last tier has no end. */
export interface Tier {
  readonly upTo: number;
  readonly dollars: number;
}

export interface Price {
  readonly tiers: readonly Tier[];
  /** Who says so, and of when that is. */
  readonly source: string;
  /** False where only one old source or general knowledge says so. */
  readonly isSure: boolean;
}

const MILLION = 1e6;
const TB = 1_024;

const LAMBDA = 'wring.co 2026-03; tiers: AWS Compute Blog 2022-08, cloudchipr 2024';
const CLOUDWATCH = 'cloudburn.io 2026-02, factualminds 2026-06, signoz 2026-02';
const DYNAMODB = 'airbyte 2025-07';
const BACKUP = 'factualminds 2026-06, finops.com.py';
const SQS = 'cloudburn.io 2026-03, factualminds 2026-06';
const KNOWN = 'general knowledge of 2026-11: look it up before relying on it';

/** On-demand list prices by what is billed. */
export const PRICES = {
  httpApiRequest: sure('api-evangelist copy of the AWS page 2026-09-20', [
    { upTo: 300 * MILLION, dollars: 1 / MILLION },
    { upTo: Number.POSITIVE_INFINITY, dollars: 0.9 / MILLION },
  ]),
  lambdaRequest: sure(LAMBDA, flat(0.2 / MILLION)),
  lambdaGbSecond: sure(LAMBDA, [
    { upTo: 7.5e9, dollars: 0.0000133334 },
    { upTo: 18.75e9, dollars: 0.0000120001 },
    { upTo: Number.POSITIVE_INFINITY, dollars: 0.0000106667 },
  ]),
  dynamoWriteUnit: sure(DYNAMODB, flat(0.625 / MILLION)),
  dynamoReadUnit: sure(DYNAMODB, flat(0.125 / MILLION)),
  dynamoGbMonth: sure(DYNAMODB, flat(0.25)),
  recoveryGbMonth: sure(BACKUP, flat(0.2)),
  backupGbMonth: sure(BACKUP, flat(0.1)),
  restoredGb: unsure(KNOWN, flat(0.15)),
  s3Write: unsure(KNOWN, flat(0.005 / 1_000)),
  s3Read: unsure(KNOWN, flat(0.0004 / 1_000)),
  s3GbMonth: unsure(KNOWN, flat(0.023)),
  sqsFifoRequest: sure(SQS, flat(0.5 / MILLION)),
  sqsRequest: sure(SQS, [
    { upTo: 1e11, dollars: 0.4 / MILLION },
    { upTo: 2e11, dollars: 0.3 / MILLION },
    { upTo: Number.POSITIVE_INFINITY, dollars: 0.24 / MILLION },
  ]),
  /** What functions write has tiers of its own since May 2025. */
  functionLogGb: sure('duckbillgroup.com 2025-05 ($12,500 for 60 TB)', [
    { upTo: 10 * TB, dollars: 0.5 },
    { upTo: 30 * TB, dollars: 0.25 },
    { upTo: 50 * TB, dollars: 0.1 },
    { upTo: Number.POSITIVE_INFINITY, dollars: 0.05 },
  ]),
  accessLogGb: sure(CLOUDWATCH, flat(0.5)),
  logGbMonth: sure('hykell.com 2025', flat(0.03)),
  metricMonth: sure(CLOUDWATCH, [
    { upTo: 10_000, dollars: 0.3 },
    { upTo: Number.POSITIVE_INFINITY, dollars: 0.1 },
  ]),
  alarmMetricMonth: sure(CLOUDWATCH, flat(0.1)),
  fastAlarmMetricMonth: sure(CLOUDWATCH, flat(0.3)),
  compositeAlarmMonth: unsure(KNOWN, flat(0.5)),
  dashboardMonth: sure('factualminds 2026-06', flat(3)),
  trace: unsure(KNOWN, flat(5 / MILLION)),
  keyMonth: unsure(KNOWN, flat(1)),
  keyUse: unsure(KNOWN, flat(0.03 / 10_000)),
  secretMonth: sure('hivebook, dev.to 2026', flat(0.4)),
  secretRead: sure('hivebook, dev.to 2026', flat(0.05 / 10_000)),
  /** From functions to the model and to WhatsApp, over the internet. */
  sentGb: sure('unanswered.io 2026 (first tier); the others general knowledge', [
    { upTo: 10 * TB, dollars: 0.09 },
    { upTo: 50 * TB, dollars: 0.085 },
    { upTo: 150 * TB, dollars: 0.07 },
    { upTo: Number.POSITIVE_INFINITY, dollars: 0.05 },
  ]),
} as const satisfies Readonly<Record<string, Price>>;

export type Unit = keyof typeof PRICES;

/** What so many units of a month cost. */
export function dollarsFor(unit: Unit, quantity: number): number {
  const tiers: readonly Tier[] = PRICES[unit].tiers;
  let from = 0;
  let dollars = 0;
  for (const tier of tiers) {
    dollars += Math.max(0, Math.min(quantity, tier.upTo) - from) * tier.dollars;
    from = tier.upTo;
  }
  return dollars;
}

function flat(dollars: number): readonly Tier[] {
  return [{ upTo: Number.POSITIVE_INFINITY, dollars }];
}

function sure(source: string, tiers: readonly Tier[]): Price {
  return { tiers, source, isSure: true };
}

function unsure(source: string, tiers: readonly Tier[]): Price {
  return { tiers, source, isSure: false };
}
