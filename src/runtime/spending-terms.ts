import type { BudgetTerms } from '#app/ports/spend-ledger.ts';
import { readWarnAt } from '#domain/money/budget.ts';
import { microUsd } from '#domain/money/micro-usd.ts';
import { MissingEnvironmentError, positiveInteger } from './env.ts';

interface SpendingEnv {
  readonly TENANT_TURNS_PER_MINUTE: string;
  readonly PLATFORM_BUDGET_PER_DAY: string;
  readonly PLATFORM_BUDGET_PER_MONTH: string;
  readonly PLATFORM_BUDGET_WARN_AT: string;
}

/** What the stage says of spending. */
export interface SpendingTerms {
  readonly platform: BudgetTerms;
  /** For tenants that have no such limit of their own; undefined = any number. */
  readonly turnsPerMinute: number | undefined;
}

/** @throws MissingEnvironmentError naming the variable that is neither `none` nor what it must be */
export function readSpendingTerms(env: SpendingEnv): SpendingTerms {
  const number = (name: keyof SpendingEnv) =>
    env[name] === 'none' ? undefined : positiveInteger(name, env[name]);
  const amount = (name: keyof SpendingEnv) => {
    const micros = number(name);
    return micros === undefined ? undefined : microUsd(micros);
  };
  return {
    platform: {
      perDay: amount('PLATFORM_BUDGET_PER_DAY'),
      perMonth: amount('PLATFORM_BUDGET_PER_MONTH'),
      warnAt: shares(env.PLATFORM_BUDGET_WARN_AT),
    },
    turnsPerMinute: number('TENANT_TURNS_PER_MINUTE'),
  };
}

function shares(text: string): readonly number[] {
  const warnAt = text === 'none' ? [] : readWarnAt(text.split(',').map(Number));
  if (warnAt) return warnAt;
  throw new MissingEnvironmentError(
    'Environment variable PLATFORM_BUDGET_WARN_AT must hold shares such as 0.5,0.8',
  );
}
