import type {
  BudgetScope,
  BudgetTerms,
  BudgetWarning,
  Costs,
  MonthSpent,
  SpendOwner,
  Spent,
} from '#app/ports/spend-ledger.ts';
import { turnWindow } from '#domain/limits/turn-window.ts';
import { hasReached } from '#domain/money/budget.ts';
import { type MicroUsd, microUsd } from '#domain/money/micro-usd.ts';
import { dayOf, monthOf } from '#domain/money/period.ts';

export type AccountTerms = BudgetTerms & { readonly turnsPerMinute: number | undefined };

interface Sums {
  committed: number;
  reserved: number;
}

/** What one owner spends in one month. */
export class SpendAccount {
  readonly #whose: SpendOwner['kind'];
  readonly #month: Sums = { committed: 0, reserved: 0 };
  readonly #days = new Map<string, Sums>();
  readonly #byKind = new Map<string, number>();
  readonly #warned = new Set<string>();
  #windowFromMs = 0;
  #turns = 0;

  constructor(whose: SpendOwner['kind']) {
    this.#whose = whose;
  }

  /** @returns what is full */
  refusal(terms: AccountTerms, amount: number, atMs: number): 'rate' | BudgetScope | undefined {
    const { perDay = Infinity, perMonth = Infinity, turnsPerMinute } = terms;
    if (this.#month.committed + amount > perMonth) return `${this.#whose}-month`;
    if (this.#day(atMs).committed + amount > perDay) return `${this.#whose}-day`;
    if (turnsPerMinute === undefined) return undefined;
    const { fromMs, turns } = turnWindow(turnsPerMinute, atMs);
    return this.#windowFromMs >= fromMs && this.#turns >= turns ? 'rate' : undefined;
  }

  hold(terms: AccountTerms, amount: MicroUsd, atMs: number): readonly BudgetWarning[] {
    this.#change(atMs, amount, amount);
    if (terms.turnsPerMinute !== undefined) this.#countTurn(terms.turnsPerMinute, atMs);
    const [day, month] = [this.#day(atMs).committed, this.#month.committed];
    return terms.warnAt.flatMap((share) => [
      ...(hasReached(day, share, terms.perDay) ? this.#warn('day', share, dayOf(atMs)) : []),
      ...(hasReached(month, share, terms.perMonth)
        ? this.#warn('month', share, monthOf(atMs))
        : []),
    ]);
  }

  spend(atMs: number, held: number, costs: Costs): void {
    const spent = Object.values(costs).reduce((sum, cost) => sum + cost, 0);
    if (spent === 0 && held === 0) return;
    this.#change(atMs, spent - held, -held);
    for (const [kind, cost] of Object.entries(costs)) {
      this.#byKind.set(kind, (this.#byKind.get(kind) ?? 0) + cost);
    }
  }

  report(): MonthSpent {
    return {
      ...spentOf(this.#month),
      byKind: Object.fromEntries([...this.#byKind].map(([kind, sum]) => [kind, microUsd(sum)])),
      days: new Map([...this.#days].sort().map(([day, sums]) => [day, spentOf(sums)])),
    };
  }

  #countTurn(turnsPerMinute: number, atMs: number): void {
    const { fromMs } = turnWindow(turnsPerMinute, atMs);
    if (fromMs > this.#windowFromMs) this.#turns = 0;
    this.#windowFromMs = Math.max(this.#windowFromMs, fromMs);
    this.#turns += 1;
  }

  #day(atMs: number): Sums {
    return this.#days.get(dayOf(atMs)) ?? { committed: 0, reserved: 0 };
  }

  #change(atMs: number, committed: number, reserved: number): void {
    const day = this.#day(atMs);
    this.#days.set(dayOf(atMs), day);
    for (const sums of [this.#month, day]) {
      sums.committed += committed;
      sums.reserved += reserved;
    }
  }

  #warn(period: 'day' | 'month', share: number, when: string): readonly BudgetWarning[] {
    const level = `${when}@${share}`;
    if (this.#warned.has(level)) return [];
    this.#warned.add(level);
    return [{ scope: `${this.#whose}-${period}`, share }];
  }
}

function spentOf({ committed, reserved }: Sums): Spent {
  return { spent: microUsd(committed - reserved), reserved: microUsd(reserved) };
}
