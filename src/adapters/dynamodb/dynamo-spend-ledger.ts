import type { Log } from '#app/ports/log.ts';
import type {
  BudgetTerms,
  BudgetWarning,
  Costs,
  Hold,
  MonthSpent,
  Reservation,
  Reserved,
  Spender,
  SpendLedger,
  SpendOwner,
} from '#app/ports/spend-ledger.ts';
import type { TenantId } from '#domain/ids.ts';
import { turnWindow } from '#domain/limits/turn-window.ts';
import { type MicroUsd, NO_MONEY } from '#domain/money/micro-usd.ts';
import { leftOf } from '#domain/money/period.ts';
import { DynamoUsage, type Period } from './dynamo-usage.ts';
import type { Table } from './table.ts';
import type { UsagePlace } from './usage-record.ts';
import { allShards, partOf, shardOrder, shardsFor, type UsageLimits } from './usage-shards.ts';
import { type SeenUsage, untoldLevels } from './warning-levels.ts';

export interface DynamoSpendLedgerOptions extends Table {
  /** Of all tenants together. */
  readonly platform: BudgetTerms;
  readonly log: Log;
}

/** Who a hold is asked for, and on which terms. */
interface Holder {
  readonly owner: SpendOwner;
  readonly limits: UsageLimits;
  readonly warnAt: readonly number[];
}

/** What is asked for. */
interface Wish {
  readonly spread: string;
  readonly amount: MicroUsd;
  readonly atMs: number;
}

type Places = readonly [UsagePlace, ...UsagePlace[]];

type Held =
  | {
      readonly kind: 'held';
      readonly hold: Hold;
      /** Undefined where another shard speaks for all. */
      readonly seen?: SeenUsage;
    }
  | { readonly kind: 'refused'; readonly by: Period };

/**
 * The ledger in the tenants table: one item per tenant, month and shard, which a reservation changes in
 * one conditional write (docs/adr/018).
 */
export class DynamoSpendLedger implements SpendLedger {
  readonly #usage: DynamoUsage;
  /** Undefined where the platform has no budget. */
  readonly #platform: Holder | undefined;
  readonly #log: Log;

  constructor({ client, tableName, platform, log }: DynamoSpendLedgerOptions) {
    const { perDay, perMonth, warnAt } = platform;
    const hasBudget = perDay !== undefined || perMonth !== undefined;
    const limits = { perDay, perMonth, turnsPerMinute: undefined };
    this.#usage = new DynamoUsage({ client, tableName });
    this.#platform = hasBudget ? { owner: { kind: 'platform' }, limits, warnAt } : undefined;
    this.#log = log;
  }

  async reserve(spender: Spender, amount: MicroUsd, atMs: number): Promise<Reserved> {
    const { tenantId } = spender;
    const wish = { spread: spender.spread, amount, atMs };
    const holder = holderOf(spender);
    const own = await this.#hold(holder, wish);
    if (own.kind === 'refused') return refused('tenant', own.by, spender, atMs);
    const whole = this.#platform && (await this.#holdBeside(own.hold, tenantId, wish));
    if (whole?.kind === 'refused') return refused('platform', whole.by, spender, atMs);
    const holds = whole ? [own.hold, whole.hold] : [own.hold];
    return {
      kind: 'reserved',
      reservation: { tenantId, amount, atMs, holds },
      warnings: [
        ...(await this.#warn(holder, own.seen)),
        ...(this.#platform ? await this.#warn(this.#platform, whole?.seen) : []),
      ],
    };
  }

  async settle({ tenantId, atMs, holds }: Reservation, costs: Costs): Promise<void> {
    await Promise.all(
      holds.map(({ owner, shard, shards, amount }) =>
        this.#spend({ owner: ownerOf(owner, tenantId), shard, shards, atMs }, amount, costs),
      ),
    );
  }

  async add(spender: Spender, costs: Costs, atMs: number): Promise<void> {
    const holders = [holderOf(spender), ...(this.#platform ? [this.#platform] : [])];
    await Promise.all(
      holders.map((holder) => {
        const [place] = this.#placesOf(holder, spender.spread, atMs);
        return this.#spend(place, NO_MONEY, costs);
      }),
    );
  }

  spentIn(month: string, owner: SpendOwner): Promise<MonthSpent> {
    return this.#usage.readMonth(month, owner);
  }

  /** For the platform. The tenant's hold is given back where this one is not to be had. */
  async #holdBeside(own: Hold, tenantId: TenantId, wish: Wish): Promise<Held | undefined> {
    if (!this.#platform) return undefined;
    let held: Held | undefined;
    try {
      held = await this.#hold(this.#platform, wish);
      return held;
    } finally {
      if (held?.kind !== 'held') {
        const { shard, shards, amount } = own;
        const owner = ownerOf('tenant', tenantId);
        await this.#spend({ owner, shard, shards, atMs: wish.atMs }, amount, {});
      }
    }
  }

  async #hold(holder: Holder, wish: Wish): Promise<Held> {
    const { spread, amount, atMs } = wish;
    const { owner, limits } = holder;
    const places = this.#placesOf(holder, spread, atMs);
    const [{ shard: first, shards }] = places;
    if (isUnlimited(limits)) {
      const hold = { owner: owner.kind, shard: first, shards, amount: NO_MONEY };
      return { kind: 'held', hold };
    }
    const part = partOf(limits, shards);
    let by: Period = 'window';
    for (const place of places) {
      const { shard } = place;
      const state = await this.#usage.hold(place, amount, part);
      // By now it is known how.
      if (state === 'split-otherwise') return this.#hold(holder, wish);
      if (typeof state === 'string') {
        by = state;
        continue;
      }
      // The shards fill evenly, so one speaks for all.
      const seen = shard === 0 ? { seen: { place, part, state } } : {};
      return { kind: 'held', hold: { owner: owner.kind, shard, shards, amount }, ...seen };
    }
    return { kind: 'refused', by };
  }

  /** All shards of the month, in the order in which they are tried. */
  #placesOf({ owner, limits }: Holder, spread: string, atMs: number): Places {
    const known = this.#usage.shardsOf(owner, atMs);
    const shards = known ?? shardsFor(limits);
    // The first shard knows how many there are, or keeps what this process says.
    const [first, ...others] = known === undefined ? allShards(shards) : shardOrder(spread, shards);
    const placeOf = (shard: number) => ({ owner, shard, shards, atMs });
    return [placeOf(first), ...others.map(placeOf)];
  }

  /**
   * Of each level that is reached, whoever notes it first tells, after all is held: a warning is no reason
   * to lose a hold. Where it is not certain that it was noted, it is told, if need be twice.
   */
  async #warn({ warnAt }: Holder, seen: SeenUsage | undefined): Promise<readonly BudgetWarning[]> {
    if (!seen) return [];
    const told: BudgetWarning[] = [];
    for (const { scope, share, name } of untoldLevels(warnAt, seen)) {
      const isNew = await this.#usage.noteWarning(seen.place, name).catch(() => true);
      if (isNew) told.push({ scope, share });
    }
    return told;
  }

  /** What cannot be counted must not undo the answer that it paid for: what is held then counts as spent. */
  async #spend(place: UsagePlace, held: MicroUsd, costs: Costs): Promise<void> {
    const isNothing = held === 0 && Object.values(costs).every((cost) => cost === 0);
    if (isNothing) return;
    try {
      await this.#usage.spend(place, held, costs);
    } catch (error) {
      this.#log.error('spend_not_counted', { owner: place.owner.kind, held }, error);
    }
  }
}

function holderOf({ tenantId, terms }: Spender): Holder {
  const { perDay, perMonth, turnsPerMinute, warnAt } = terms;
  const limits = { perDay, perMonth, turnsPerMinute };
  return { owner: ownerOf('tenant', tenantId), limits, warnAt };
}

function ownerOf(kind: Hold['owner'], id: TenantId): SpendOwner {
  return kind === 'tenant' ? { kind, id } : { kind };
}

function isUnlimited({ perDay, perMonth, turnsPerMinute }: UsageLimits): boolean {
  return perDay === undefined && perMonth === undefined && turnsPerMinute === undefined;
}

function refused(whose: Hold['owner'], by: Period, { terms }: Spender, atMs: number): Reserved {
  if (by === 'window') {
    const { untilMs } = turnWindow(terms.turnsPerMinute ?? 1, atMs);
    return { kind: 'refused', by: 'tenant-rate', retryAfterMs: untilMs - atMs };
  }
  return { kind: 'refused', by: `${whose}-${by}`, retryAfterMs: leftOf(by, atMs) };
}
