import type { MicroUsd } from './micro-usd.ts';

/** What may be spent in a UTC day and a UTC month; undefined = as much as it takes. */
export interface SpendLimits {
  readonly perDay: MicroUsd | undefined;
  readonly perMonth: MicroUsd | undefined;
}

/** What the tenant and each of its contacts may cost. */
export interface TenantBudget extends SpendLimits {
  readonly contactPerDay: MicroUsd | undefined;
  readonly contactPerMonth: MicroUsd | undefined;
  /** Shares of the budget, ascending, each above 0 and at most 1, at which the operator is warned. */
  readonly warnAt: readonly number[];
}

export const DEFAULT_WARN_AT: readonly number[] = [0.8];

export const NO_BUDGET: TenantBudget = {
  perDay: undefined,
  perMonth: undefined,
  contactPerDay: undefined,
  contactPerMonth: undefined,
  warnAt: DEFAULT_WARN_AT,
};

/** At most so many levels: each is told once a day and once a month. */
const MOST_WARNINGS = 10;

/** @returns undefined for what is no list of shares */
export function readWarnAt(value: unknown): readonly number[] | undefined {
  if (!Array.isArray(value) || value.length > MOST_WARNINGS) return undefined;
  const shares = value.filter(isShare);
  return shares.length === value.length ? [...new Set(shares)].sort((a, b) => a - b) : undefined;
}

function isShare(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value <= 1;
}

/** Whether so much has reached a share of a limit; false where there is no limit. */
export function hasReached(spent: number, share: number, limit: number | undefined): boolean {
  return limit !== undefined && spent >= share * limit;
}
