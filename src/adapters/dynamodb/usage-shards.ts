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
 * what the dearest model can ask for 200 full messages (4,096 characters) of a script of three bytes, $62,
 * and for the history before them, so that an empty shard has room for any such turn.
 */
const LEAST_MICROS_PER_SHARD = 100_000_000;

/** How many shards a month's writes are spread over that begins with these limits. */
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

/** There is one at least. */
type Shards = readonly [number, ...number[]];

export function allShards(shards: number, first = 0): Shards {
  const others = Array.from({ length: shards - 1 }, (_, index) => (first + index + 1) % shards);
  return [first, ...others];
}

/** All shards, beginning with the one that this text picks. */
export function shardOrder(spread: string, shards: number): Shards {
  if (shards === 1) return [0];
  const [byte = 0] = createHash('sha256').update(spread).digest();
  return allShards(shards, byte % shards);
}
