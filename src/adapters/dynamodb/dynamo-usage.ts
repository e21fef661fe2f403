import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Costs, MonthSpent, SpendOwner } from '#app/ports/spend-ledger.ts';
import { LeastRecent } from '#domain/least-recent.ts';
import { turnWindow } from '#domain/limits/turn-window.ts';
import { monthOf } from '#domain/money/period.ts';
import { usageKey } from './keys.ts';
import { updateOnce } from './send-once.ts';
import type { Item } from './stored-record.ts';
import type { Table } from './table.ts';
import {
  holdUpdate,
  readMonth,
  readUsage,
  spendUpdate,
  type UsagePlace,
  type UsageState,
  type UsageUpdate,
  type WindowCount,
  warnUpdate,
} from './usage-record.ts';
import { MOST_SHARDS, type PartLimits } from './usage-shards.ts';

export type Period = 'window' | 'day' | 'month';

/** Nothing was held: the month has another number of shards, and so other parts. */
type SplitOtherwise = 'split-otherwise';

/** A new window may begin meanwhile, here or by another's clock; more often than this it does not. */
const MOST_TRIES = 5;
const MEMORY = { mostEntries: 1_000 };

interface SeenShard {
  /** The window of turns that it was in. */
  readonly fromMs: number;
  /** The limit that this window's turns have reached. */
  readonly fullAt: number | undefined;
}

/** The items that say what is spent, one shard at a time. */
export class DynamoUsage {
  readonly #table: Table;
  /** Each shard as it was last seen: a guess that mostly spares a write. */
  readonly #seen = new LeastRecent<string, SeenShard>(MEMORY);
  /** How many shards a month has. */
  readonly #shards = new LeastRecent<string, number>(MEMORY);

  constructor(table: Table) {
    this.#table = table;
  }

  /**
   * Holds an amount in a shard and counts a turn, in one conditional write where the window is guessed.
   * @returns the shard's state with this hold, or the period that is full
   */
  async hold(
    place: UsagePlace,
    amount: number,
    part: PartLimits,
  ): Promise<UsageState | Period | SplitOtherwise> {
    // No condition can say this of an item that is not there yet.
    if (amount > (part.perMonth ?? amount)) return 'month';
    if (amount > (part.perDay ?? amount)) return 'day';
    const name = nameOf(place);
    const { turnsPerMinute } = part;
    // Within a window turns are only added, so that a flood costs no more writes.
    if (this.#isFull(name, turnsPerMinute, place.atMs)) return 'window';
    let count = this.#guess(name, turnsPerMinute, place.atMs);
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const { isWritten, item } = await this.#update(holdUpdate(place, amount, part, count));
      const state = readUsage(item, place.atMs);
      if (this.#learnShards(place, state) !== place.shards) return 'split-otherwise';
      if (isWritten) {
        if (count) this.#seen.set(name, { fromMs: count.fromMs, fullAt: undefined });
        return state;
      }
      const full = fullPeriod(state, part, amount, count);
      if (full === 'window') {
        this.#seen.set(name, { fromMs: state.windowFromMs, fullAt: turnsPerMinute });
      }
      if (full) return full;
      count = count && recount(state, count);
    }
    return 'window';
  }

  /** How many shards the month has, as far as this process knows: it learns that of the first of them. */
  shardsOf(owner: SpendOwner, atMs: number): number | undefined {
    return this.#shards.get(monthName(owner, atMs));
  }

  /** Counts what was spent instead of what was held. @throws where that is not certain */
  async spend(place: UsagePlace, held: number, costs: Costs): Promise<void> {
    const update = { ...spendUpdate(place, held, costs), ReturnValues: 'ALL_NEW' } as const;
    const { Attributes: item } = await updateOnce(this.#table, update);
    this.#learnShards(place, readUsage(item, place.atMs));
  }

  /** @returns whether nobody was told of this level before @throws where that is not certain */
  async noteWarning(place: UsagePlace, level: string): Promise<boolean> {
    try {
      // A second try would meet what the first has noted, and take it for another's.
      await updateOnce(this.#table, warnUpdate(place, level));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
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

  #guess(name: string, turnsPerMinute: number | undefined, atMs: number): WindowCount | undefined {
    if (turnsPerMinute === undefined) return undefined;
    const { fromMs, turns } = turnWindow(turnsPerMinute, atMs);
    return { fromMs, turns, begins: this.#seen.get(name)?.fromMs !== fromMs };
  }

  /** Under this very limit: it may have been raised. */
  #isFull(name: string, turnsPerMinute: number | undefined, atMs: number): boolean {
    const seen = this.#seen.get(name);
    if (!seen || turnsPerMinute === undefined || seen.fullAt !== turnsPerMinute) return false;
    return seen.fromMs >= turnWindow(turnsPerMinute, atMs).fromMs;
  }

  /** Where the first shard does not say, it was written before shards were counted: as if by these limits. */
  #learnShards({ owner, shard, shards, atMs }: UsagePlace, { shards: said }: UsageState): number {
    if (shard !== 0) return shards;
    const known = said ?? shards;
    this.#shards.set(monthName(owner, atMs), known);
    return known;
  }
}

function nameOf({ owner, shard }: UsagePlace): string {
  return `${owner.kind === 'tenant' ? owner.id : ''}#${shard}`;
}

function monthName(owner: SpendOwner, atMs: number): string {
  return `${owner.kind === 'tenant' ? owner.id : ''}#${monthOf(atMs)}`;
}

/** Undefined where nothing is full: then only the window was not the one that was guessed. */
function fullPeriod(
  stored: UsageState,
  { perDay, perMonth }: PartLimits,
  amount: number,
  count: WindowCount | undefined,
): Period | undefined {
  if (perMonth !== undefined && stored.committed + amount > perMonth) return 'month';
  if (perDay !== undefined && stored.committedToday + amount > perDay) return 'day';
  const isCurrent = count !== undefined && stored.windowFromMs >= count.fromMs;
  return isCurrent && stored.turns >= count.turns ? 'window' : undefined;
}

/** Another's clock may be ahead of ours: then its window is the current one. */
function recount(stored: UsageState, count: WindowCount): WindowCount {
  return stored.windowFromMs >= count.fromMs
    ? { ...count, fromMs: stored.windowFromMs, begins: false }
    : { ...count, begins: true };
}
