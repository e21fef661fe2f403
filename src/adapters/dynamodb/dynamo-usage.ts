import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Costs, MonthSpent, SpendOwner } from '#app/ports/spend-ledger.ts';
import { minuteOf } from '#domain/money/period.ts';
import { updateWhen } from './conditional-write.ts';
import { usageKey } from './keys.ts';
import { updateOnce } from './send-once.ts';
import type { Item } from './stored-record.ts';
import type { Table } from './table.ts';
import {
  holdUpdate,
  type MinuteCount,
  readMonth,
  readUsage,
  spendUpdate,
  type UsagePlace,
  type UsageState,
  type UsageUpdate,
  warnUpdate,
} from './usage-record.ts';
import { MOST_SHARDS, type PartLimits } from './usage-shards.ts';

export type Period = 'minute' | 'day' | 'month';

/** A new minute may begin meanwhile, here or by another's clock; more often than this it does not. */
const MOST_TRIES = 5;
const MOST_REMEMBERED = 1_000;

interface SeenShard {
  readonly minute: number;
  /** The limit that this minute's turns have reached. */
  readonly fullAt: number | undefined;
}

/** The items that say what is spent, one shard at a time. */
export class DynamoUsage {
  readonly #table: Table;
  /** Each shard as it was last seen: a guess that mostly spares a write. */
  readonly #seen = new Map<string, SeenShard>();

  constructor(table: Table) {
    this.#table = table;
  }

  /**
   * Holds an amount in a shard and counts a turn, in one conditional write where the minute is guessed.
   * @returns the shard's state with this hold, or the period that is full
   */
  async hold(place: UsagePlace, amount: number, part: PartLimits): Promise<UsageState | Period> {
    // No condition can say this of an item that is not there yet.
    if (amount > (part.perMonth ?? amount)) return 'month';
    if (amount > (part.perDay ?? amount)) return 'day';
    const name = nameOf(place);
    const { turnsPerMinute } = part;
    // Within a minute turns are only added, so that a flood costs no more writes.
    if (this.#isFull(name, turnsPerMinute, place.atMs)) return 'minute';
    let count = turnsPerMinute === undefined ? undefined : this.#guess(name, place.atMs);
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const { isWritten, item } = await this.#update(holdUpdate(place, amount, part, count));
      const state = readUsage(item, place.atMs);
      if (isWritten) {
        if (count) this.#remember(name, { minute: count.minute, fullAt: undefined });
        return state;
      }
      const full = fullPeriod(state, part, amount, count);
      if (full === 'minute') this.#remember(name, { minute: state.minute, fullAt: turnsPerMinute });
      if (full) return full;
      count = count && recount(state, count);
    }
    return 'minute';
  }

  /** Counts what was spent instead of what was held. @throws where that is not certain */
  async spend(place: UsagePlace, held: number, costs: Costs): Promise<void> {
    await updateOnce(this.#table, spendUpdate(place, held, costs));
  }

  /** @returns whether nobody was told of this level before */
  async noteWarning(place: UsagePlace, level: string): Promise<boolean> {
    return (await updateWhen(this.#table, warnUpdate(place, level))) === 'written';
  }

  async readMonth(month: string, owner: SpendOwner): Promise<MonthSpent> {
    const { client, tableName } = this.#table;
    const items: Item[] = [];
    let keys = Array.from({ length: MOST_SHARDS }, (_, shard) => usageKey(owner, shard, month));
    while (keys.length > 0) {
      const { Responses: found, UnprocessedKeys: left } = await client.send(
        new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: keys } } }),
      );
      items.push(...(found?.[tableName] ?? []));
      const unread = left?.[tableName]?.Keys ?? [];
      keys = unread.flatMap(({ pk, sk }) => (pk && sk ? [{ pk, sk }] : []));
    }
    return readMonth(month, items);
  }

  async #update(
    update: UsageUpdate,
  ): Promise<{ readonly isWritten: boolean; readonly item: Item | undefined }> {
    const { client, tableName } = this.#table;
    const command = new UpdateItemCommand({
      TableName: tableName,
      ...update,
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      return { isWritten: true, item: (await client.send(command)).Attributes };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { isWritten: false, item: error.Item };
    }
  }

  #guess(name: string, atMs: number): MinuteCount {
    const minute = minuteOf(atMs);
    return { minute, begins: this.#seen.get(name)?.minute !== minute };
  }

  /** Under this very limit: it may have been raised. */
  #isFull(name: string, turnsPerMinute: number | undefined, atMs: number): boolean {
    const seen = this.#seen.get(name);
    if (!seen || seen.minute < minuteOf(atMs) || turnsPerMinute === undefined) return false;
    return seen.fullAt === turnsPerMinute;
  }

  #remember(name: string, shard: SeenShard): void {
    this.#seen.delete(name);
    const [oldest] = this.#seen.keys();
    if (oldest !== undefined && this.#seen.size >= MOST_REMEMBERED) this.#seen.delete(oldest);
    this.#seen.set(name, shard);
  }
}

function nameOf({ owner, shard }: UsagePlace): string {
  return `${owner.kind === 'tenant' ? owner.id : ''}#${shard}`;
}

/** Undefined where nothing is full: then only the minute was not the one that was guessed. */
function fullPeriod(
  stored: UsageState,
  { perDay, perMonth, turnsPerMinute }: PartLimits,
  amount: number,
  count: MinuteCount | undefined,
): Period | undefined {
  if (perMonth !== undefined && stored.committed + amount > perMonth) return 'month';
  if (perDay !== undefined && stored.committedToday + amount > perDay) return 'day';
  const isCurrent = count !== undefined && stored.minute >= count.minute;
  return isCurrent && stored.turns >= (turnsPerMinute ?? 0) ? 'minute' : undefined;
}

/** Another's clock may be ahead of ours: then its minute is the current one. */
function recount(stored: UsageState, { minute }: MinuteCount): MinuteCount {
  return stored.minute >= minute
    ? { minute: stored.minute, begins: false }
    : { minute, begins: true };
}
