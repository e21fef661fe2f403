import type { BudgetConfig, LimitsConfig } from './stages.ts';

/** What a variable says where the stage sets no such limit. */
const NONE = 'none';

/** The platform's budget, as the functions read it: in micro-dollars. */
export function budgetEnvironment({ perDay, perMonth, warnAt = [0.8] }: BudgetConfig = {}) {
  return {
    PLATFORM_BUDGET_PER_DAY: perDay === undefined ? NONE : String(microDollars(perDay)),
    PLATFORM_BUDGET_PER_MONTH: perMonth === undefined ? NONE : String(microDollars(perMonth)),
    PLATFORM_BUDGET_WARN_AT: warnAt.length === 0 ? NONE : warnAt.join(','),
  };
}

export function limitsEnvironment({ turnsPerMinutePerTenant: turns }: LimitsConfig) {
  return { TENANT_TURNS_PER_MINUTE: turns === undefined ? NONE : String(turns) };
}

export function microDollars(dollars: number): number {
  return Math.round(dollars * 1_000_000);
}
