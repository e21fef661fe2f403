import type { MonthSpent, Spent } from '#app/ports/spend-ledger.ts';
import type { SpendLimits } from '#domain/money/budget.ts';
import { inDollars, type MicroUsd, NO_MONEY } from '#domain/money/micro-usd.ts';
import { tableOf } from '#operator/plain-text.ts';

/** What somebody spent in a month, and might have. */
export interface SpendView {
  readonly name: string;
  readonly spent: MonthSpent;
  readonly limits: SpendLimits;
}

export interface SpendReport {
  readonly month: string;
  /** Undefined where the month is another than the current one. */
  readonly today: string | undefined;
  readonly views: readonly SpendView[];
  readonly withDays: boolean;
}

/** The sum where nobody counts for the platform. */
export const PRESENT_TENANTS = 'all tenants';

export const NOTHING_SPENT: Spent = { spent: NO_MONEY, reserved: NO_MONEY };

/** Amounts in dollars. */
export function asJson({ month, today, views, withDays }: SpendReport): object {
  return {
    month,
    currency: 'USD',
    spend: views.map(({ name, spent, limits }) => ({
      name,
      month: sumsOf(spent, limits.perMonth),
      ...(today && { today: sumsOf(spent.days.get(today) ?? NOTHING_SPENT, limits.perDay) }),
      byKind: Object.fromEntries(
        Object.entries(spent.byKind).map(([kind, amount]) => [kind, dollars(amount)]),
      ),
      ...(withDays && {
        days: Object.fromEntries(
          [...spent.days].map(([day, each]) => [day, sumsOf(each, limits.perDay)]),
        ),
      }),
    })),
  };
}

export function inWords({ month, today, views, withDays }: SpendReport): string {
  const rows = views.flatMap(({ name, spent, limits }) => {
    const days = withDays
      ? daysOf(spent, today)
      : today
        ? [[today, spent.days.get(today) ?? NOTHING_SPENT] as const]
        : [];
    return [
      ...days.map(([day, each]) => row(name, day, each, limits.perDay)),
      row(name, month, spent, limits.perMonth),
    ];
  });
  const kinds = withDays
    ? views.flatMap(({ spent }) =>
        Object.entries(spent.byKind).map(([kind, amount]) => `${kind} ${inDollars(amount)}\n`),
      )
    : [];
  const title = ['WHO', 'WHEN', 'SPENT', 'RESERVED', 'BUDGET', 'USED'];
  const note = views.some(({ name }) => name === PRESENT_TENANTS)
    ? 'All tenants: without those that were removed, which --tenant shows.\n'
    : '';
  return `${tableOf([title, ...rows])}${note}${kinds.length > 0 ? `\n${kinds.join('')}` : ''}`;
}

/** Today's budget is of interest also where nothing was spent of it. */
function daysOf(
  { days }: MonthSpent,
  today: string | undefined,
): readonly (readonly [string, Spent])[] {
  if (today === undefined || days.has(today)) return [...days];
  return [...days, [today, NOTHING_SPENT]];
}

function row(name: string, when: string, sums: Spent, budget: MicroUsd | undefined) {
  const used = percentOf(sums, budget);
  return [
    name,
    when,
    inDollars(sums.spent),
    inDollars(sums.reserved),
    budget === undefined ? '-' : inDollars(budget),
    used === undefined ? '-' : `${used} %`,
  ];
}

function sumsOf(sums: Spent, budget: MicroUsd | undefined) {
  return {
    spent: dollars(sums.spent),
    reserved: dollars(sums.reserved),
    budget: budget === undefined ? null : dollars(budget),
    percent: percentOf(sums, budget) ?? null,
  };
}

/** What is reserved counts as used. */
export function percentOf(
  { spent, reserved }: Spent,
  budget: MicroUsd | undefined,
): number | undefined {
  if (budget === undefined) return undefined;
  return Math.round(((spent + reserved) / budget) * 1_000) / 10;
}

function dollars(amount: MicroUsd): number {
  return Number(inDollars(amount));
}
