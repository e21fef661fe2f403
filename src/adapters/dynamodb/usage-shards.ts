import { createHash } from 'node:crypto';
import type { SpendLimits } from '#domain/money/budget.ts';

/** What a shard, or all of them together, may take. */
export interface UsageLimits extends SpendLimits {
  readonly turnsPerMinute: number | undefined;
}

/** A report looks into all of them. */
export const MOST_SHARDS = 16;

/** Three writes a turn and a partition's 1,000 a second would allow 20,000. */
const TURNS_PER_SHARD = 10_000;

/**
 * Less than this is not worth a partition: it pays for fewer turns than one takes. It is also more than
 * the dearest turn can cost, so that every shard has room for one.
 */
const LEAST_MICROS_PER_SHARD = 50_000_000;

/** How many shards a spender's writes are spread over: a function of the limits, so that all agree. */
export function shardsFor({ turnsPerMinute, perDay, perMonth }: UsageLimits): number {
  const byTurns =
    turnsPerMinute === undefined ? MOST_SHARDS : Math.ceil(turnsPerMinute / TURNS_PER_SHARD);
  const amounts = [perDay, perMonth].filter((amount) => amount !== undefined);
  const byMoney = amounts.map((amount) => Math.floor(amount / LEAST_MICROS_PER_SHARD));
  return Math.max(1, Math.min(MOST_SHARDS, byTurns, ...byMoney));
}

/** The part of each shard: together never more than the whole. */
export function partOf(limits: UsageLimits, shards: number): PartLimits {
  const part = (whole: number | undefined) =>
    whole === undefined ? undefined : Math.floor(whole / shards);
  return {
    perDay: part(limits.perDay),
    perMonth: part(limits.perMonth),
    turnsPerMinute: part(limits.turnsPerMinute),
  };
}

/** As `UsageLimits`, of one shard; amounts in micro-dollars. */
export interface PartLimits {
  readonly perDay: number | undefined;
  readonly perMonth: number | undefined;
  readonly turnsPerMinute: number | undefined;
}

/** All shards, beginning with the one that this text picks. */
export function shardOrder(spread: string, shards: number): readonly number[] {
  if (shards === 1) return [0];
  const [byte = 0] = createHash('sha256').update(spread).digest();
  return Array.from({ length: shards }, (_, index) => (byte + index) % shards);
}
