import type { TenantId } from '#domain/ids.ts';
import type { SpendLimits } from '#domain/money/budget.ts';
import type { MicroUsd } from '#domain/money/micro-usd.ts';

/** What money is spent on. */
export type CostKind = 'model' | 'transcription' | 'vision' | 'meta';

/** Money by what it was spent on. */
export type Costs = { readonly [Kind in CostKind]?: MicroUsd };

/** Whose money it is. */
export type SpendOwner =
  | { readonly kind: 'platform' }
  | { readonly kind: 'tenant'; readonly id: TenantId };

/** Up to where a tenant's or the platform's spending may go. */
export interface BudgetTerms extends SpendLimits {
  /** Shares of a budget at whose reaching `Reserved.warnings` tells. */
  readonly warnAt: readonly number[];
}

/** Who spends, and on which terms. */
export interface Spender {
  readonly tenantId: TenantId;
  /** The tenant's, as they are now. */
  readonly terms: BudgetTerms & {
    /** Turns in a minute, counted in shorter windows: see `turn-window.ts`; undefined = any number. */
    readonly turnsPerMinute: number | undefined;
  };
  /** Any text that differs from chat to chat: a busy tenant's writes are spread by it. */
  readonly spread: string;
}

/** The periods that have a budget. */
export type BudgetScope = 'tenant-day' | 'tenant-month' | 'platform-day' | 'platform-month';

export interface BudgetWarning {
  readonly scope: BudgetScope;
  /** The share of the budget that is reached, such as 0.8. */
  readonly share: number;
}

/** Money held until it is known what was spent. */
export interface Reservation {
  readonly tenantId: TenantId;
  readonly amount: MicroUsd;
  /** The day and month that it counts for, whenever it is settled. */
  readonly atMs: number;
  /** Where the ledger holds it; nobody else's business. */
  readonly holds: readonly Hold[];
}

export interface Hold {
  readonly owner: 'tenant' | 'platform';
  readonly shard: number;
  /** Of how many. */
  readonly shards: number;
  readonly amount: MicroUsd;
}

export type Reserved =
  | {
      readonly kind: 'reserved';
      readonly reservation: Reservation;
      /** Levels that are reached now and of which nobody has been told: each once a period. */
      readonly warnings: readonly BudgetWarning[];
    }
  | {
      readonly kind: 'refused';
      readonly by: 'tenant-rate' | BudgetScope;
      /** Until the window, day or month ends, in milliseconds. A settlement may make room before that. */
      readonly retryAfterMs: number;
    };

/** What a period has cost. */
export interface Spent {
  readonly spent: MicroUsd;
  /** Held for what is under way, or was when its process died. */
  readonly reserved: MicroUsd;
}

export interface MonthSpent extends Spent {
  readonly byKind: Costs;
  /** By day, such as `2026-11-26`; days without any are left out. */
  readonly days: ReadonlyMap<string, Spent>;
}

/**
 * What is spent, and what may be. Spent and reserved together never exceed a budget, except by what is
 * only known afterwards (`add`). Days and months are of UTC. The platform's budget is the ledger's own:
 * it covers all tenants, and without one nothing is counted for the platform.
 */
export interface SpendLedger {
  /**
   * Holds the most that a turn may cost, for the tenant and for the platform, or for neither, and counts
   * the turn. Where the tenant has neither a budget nor a limit, and the platform no budget, nothing is
   * written.
   */
  reserve(spender: Spender, amount: MicroUsd, atMs: number): Promise<Reserved>;

  /**
   * Replaces what was held by what was spent. Once per reservation; it never fails. A process that dies
   * before, or a store that does not answer, leaves the whole amount counted, for its day and month.
   */
  settle(reservation: Reservation, costs: Costs): Promise<void>;

  /** Counts what nobody could hold, such as Meta's price of a bubble, also beyond the budget. Never fails. */
  add(spender: Spender, costs: Costs, atMs: number): Promise<void>;

  /** What a month of UTC such as `2026-11` has cost a tenant, or the platform while it had a budget. */
  spentIn(month: string, owner: SpendOwner): Promise<MonthSpent>;
}
