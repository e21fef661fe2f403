import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { CostKind, Costs, MonthSpent, SpendOwner, Spent } from '#app/ports/spend-ledger.ts';
import { type JsonObject, numberAt } from '#domain/json.ts';
import { type MicroUsd, microUsd } from '#domain/money/micro-usd.ts';
import { dayOf, monthOf, startOfMonth } from '#domain/money/period.ts';
import { usageKey } from './keys.ts';
import { type Item, RECORD_VERSION } from './stored-record.ts';
import type { PartLimits } from './usage-shards.ts';

/**
 * The item `USAGE#<tenant>#<shard> / MONTH#<month>`: `committed` is what was spent or is held, `reserved`
 * the held part of it; `c26` and `r26` are the same of the 26th, in names so short that a month fits into
 * one write unit. `turns` counts those of the current window, which began at `window`; `spent_<kind>` is
 * what money went for, and `warned` holds the levels that somebody was told of. Shard 0 says by `shards`
 * how many the month has: as many as its first write said.
 */
export interface UsagePlace {
  readonly owner: SpendOwner;
  readonly shard: number;
  /** Of so many, unless shard 0 says otherwise. */
  readonly shards: number;
  readonly atMs: number;
}

/** For reports of the year before. */
const KEPT_FOR_SECONDS = 432 * 86_400;

export type UsageUpdate = Pick<
  UpdateItemCommandInput,
  | 'Key'
  | 'UpdateExpression'
  | 'ConditionExpression'
  | 'ExpressionAttributeNames'
  | 'ExpressionAttributeValues'
>;

/** Where the turns of a window are counted: it goes on, or begins with this turn. */
export interface WindowCount {
  /** When it begins, in milliseconds since the epoch. */
  readonly fromMs: number;
  /** How many turns fit into it. */
  readonly turns: number;
  readonly begins: boolean;
}

/** Holds money and counts a turn, if that stays within the limits. */
export function holdUpdate(
  place: UsagePlace,
  amount: number,
  limits: PartLimits,
  count: WindowCount | undefined,
): UsageUpdate {
  const conditions: string[] = [];
  const values: Record<string, number> = {};
  if (limits.perMonth !== undefined) {
    conditions.push('(attribute_not_exists(committed) OR committed <= :monthRoom)');
    values[':monthRoom'] = limits.perMonth - amount;
  }
  if (limits.perDay !== undefined) {
    conditions.push('(attribute_not_exists(#c) OR #c <= :dayRoom)');
    values[':dayRoom'] = limits.perDay - amount;
  }
  if (place.shard === 0) conditions.push('(attribute_not_exists(shards) OR shards = :shards)');
  if (count?.begins) conditions.push('(attribute_not_exists(#window) OR #window < :window)');
  if (count && !count.begins) {
    conditions.push('#window = :window AND turns < :turns');
    values[':turns'] = count.turns;
  }
  const counting = count?.begins ? '#window = :window, turns = :one' : 'turns = turns + :one';
  return usageUpdate(place, {
    sets: count ? [counting] : [],
    adds: { committed: amount, reserved: amount, c: amount, r: amount },
    conditions,
    values: { ...values, ...(count && { ':window': count.fromMs, ':one': 1 }) },
    names: count ? { '#window': 'window' } : {},
  });
}

/** Counts what was spent, and takes off what was held for it. */
export function spendUpdate(place: UsagePlace, held: number, costs: Costs): UsageUpdate {
  const spent = Object.values(costs).reduce((sum, cost) => sum + cost, 0);
  const kinds = Object.entries(costs).map(([kind, cost]) => [`${SPENT}${kind}`, cost]);
  return usageUpdate(place, {
    adds: {
      committed: spent - held,
      reserved: -held,
      c: spent - held,
      r: -held,
      ...Object.fromEntries(kinds),
    },
  });
}

/** Notes that somebody is told of this level, if nobody was before. */
export function warnUpdate({ owner, shard, atMs }: UsagePlace, level: string): UsageUpdate {
  return {
    Key: usageKey(owner, shard, monthOf(atMs)),
    UpdateExpression: 'ADD warned :levels',
    ConditionExpression: 'attribute_not_exists(warned) OR NOT contains(warned, :level)',
    ExpressionAttributeValues: { ':levels': { SS: [level] }, ':level': { S: level } },
  };
}

interface UsageChange {
  readonly sets?: readonly string[];
  readonly adds: Readonly<Record<string, number>>;
  readonly conditions?: readonly string[];
  readonly values?: Readonly<Record<string, number>>;
  readonly names?: Readonly<Record<string, string>>;
}

function usageUpdate(
  { owner, shard, shards, atMs }: UsagePlace,
  { sets = [], adds, conditions = [], values = {}, names = {} }: UsageChange,
): UsageUpdate {
  const month = monthOf(atMs);
  const day = dayOf(atMs).slice(8);
  const sums = Object.entries(adds).map(([name, by], index) => ({
    value: `:by${index}`,
    name: name === 'c' || name === 'r' ? `#${name}` : name,
    by,
  }));
  const isFirst = shard === 0;
  const split = isFirst ? ['shards = if_not_exists(shards, :shards)'] : [];
  // What a later release made of it stays: sums are added to whatever the others are.
  const all = ['v = if_not_exists(v, :v)', 'expiresAt = :expiresAt', ...split, ...sets];
  return {
    Key: usageKey(owner, shard, month),
    UpdateExpression: `SET ${all.join(', ')} ADD ${sums.map(({ name, value }) => `${name} ${value}`).join(', ')}`,
    ...(conditions.length > 0 && { ConditionExpression: conditions.join(' AND ') }),
    ExpressionAttributeNames: { '#c': `c${day}`, '#r': `r${day}`, ...names },
    ExpressionAttributeValues: marshall({
      ':v': RECORD_VERSION,
      ...(isFirst && { ':shards': shards }),
      ':expiresAt': (startOfMonth(month) ?? 0) / 1000 + KEPT_FOR_SECONDS,
      ...values,
      ...Object.fromEntries(sums.map(({ value, by }) => [value, by])),
    }),
  };
}

/** A shard's item as far as a decision needs it. */
export interface UsageState {
  /** Undefined where nobody has said it yet, or of another shard than the first. */
  readonly shards: number | undefined;
  readonly committed: number;
  readonly committedToday: number;
  readonly windowFromMs: number;
  readonly turns: number;
  readonly warned: ReadonlySet<unknown>;
}

export function readUsage(item: Item | undefined, atMs: number): UsageState {
  const fields = item ? unmarshall(item) : {};
  const { warned } = fields;
  return {
    shards: numberAt(fields, 'shards'),
    committed: numberAt(fields, 'committed') ?? 0,
    committedToday: numberAt(fields, `c${dayOf(atMs).slice(8)}`) ?? 0,
    windowFromMs: numberAt(fields, 'window') ?? 0,
    turns: numberAt(fields, 'turns') ?? 0,
    warned: warned instanceof Set ? warned : new Set(),
  };
}

const SPENT = 'spent_';
const KINDS: readonly CostKind[] = ['model', 'transcription', 'vision', 'meta'];

/** What all shards of a month say together. */
export function readMonth(month: string, items: readonly Item[]): MonthSpent {
  const shards = items.map((item): JsonObject => unmarshall(item));
  const total = (name: string) =>
    shards.reduce((sum, fields) => sum + (numberAt(fields, name) ?? 0), 0);
  const spent = (committed: string, reserved: string): Spent => ({
    spent: amountOf(total(committed) - total(reserved)),
    reserved: amountOf(total(reserved)),
  });
  const days = Array.from({ length: 31 }, (_, index) => String(index + 1).padStart(2, '0'));
  return {
    ...spent('committed', 'reserved'),
    byKind: Object.fromEntries(
      KINDS.map((kind) => [kind, amountOf(total(`${SPENT}${kind}`))] as const).filter(
        ([, amount]) => amount > 0,
      ),
    ),
    days: new Map(
      days
        .filter((day) => shards.some((fields) => Object.hasOwn(fields, `c${day}`)))
        .map((day) => [`${month}-${day}`, spent(`c${day}`, `r${day}`)]),
    ),
  };
}

/** Shards are read one after the other, so that a sum may be a moment behind and below nothing. */
function amountOf(micros: number): MicroUsd {
  return microUsd(Math.max(0, micros));
}
