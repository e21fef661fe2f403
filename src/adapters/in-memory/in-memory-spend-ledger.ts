import type {
  BudgetTerms,
  Costs,
  Hold,
  MonthSpent,
  Reservation,
  Reserved,
  Spender,
  SpendLedger,
  SpendOwner,
} from '#app/ports/spend-ledger.ts';
import { turnWindow } from '#domain/limits/turn-window.ts';
import { type MicroUsd, NO_MONEY } from '#domain/money/micro-usd.ts';
import { leftOf, monthOf } from '#domain/money/period.ts';
import { type AccountTerms, SpendAccount } from './spend-account.ts';

/** The ledger in this process: every call is one step, so nothing needs to be given back. */
export class InMemorySpendLedger implements SpendLedger {
  readonly #platform: readonly (readonly [SpendOwner, AccountTerms])[];
  readonly #accounts: Map<string, SpendAccount>;

  /** The accounts may be shared with other ledgers. */
  constructor(platform: BudgetTerms, accounts = new Map<string, SpendAccount>()) {
    const terms = { ...platform, turnsPerMinute: undefined };
    this.#platform = isLimited(terms) ? [[{ kind: 'platform' }, terms]] : [];
    this.#accounts = accounts;
  }

  async reserve(spender: Spender, amount: MicroUsd, atMs: number): Promise<Reserved> {
    const { tenantId } = spender;
    const owners = this.#ownersOf(spender);
    for (const [owner, each] of owners) {
      const by = this.#accountOf(owner, monthOf(atMs)).refusal(each, amount, atMs);
      if (by === 'rate') {
        const { untilMs } = turnWindow(each.turnsPerMinute ?? 1, atMs);
        return { kind: 'refused', by: 'tenant-rate', retryAfterMs: untilMs - atMs };
      }
      if (by) {
        const period = by.endsWith('day') ? 'day' : 'month';
        return { kind: 'refused', by, retryAfterMs: leftOf(period, atMs) };
      }
    }
    const holding = owners.filter(([, each]) => isLimited(each));
    const warnings = holding.flatMap(([owner, each]) =>
      this.#accountOf(owner, monthOf(atMs)).hold(each, amount, atMs),
    );
    const holds = owners.map(
      ([{ kind }, each]): Hold => ({
        owner: kind,
        shard: 0,
        shards: 1,
        amount: isLimited(each) ? amount : NO_MONEY,
      }),
    );
    return { kind: 'reserved', reservation: { tenantId, amount, atMs, holds }, warnings };
  }

  async settle({ tenantId, atMs, holds }: Reservation, costs: Costs): Promise<void> {
    for (const { owner: kind, amount } of holds) {
      const owner: SpendOwner = kind === 'tenant' ? { kind, id: tenantId } : { kind };
      this.#accountOf(owner, monthOf(atMs)).spend(atMs, amount, costs);
    }
  }

  async add(spender: Spender, costs: Costs, atMs: number): Promise<void> {
    for (const [owner] of this.#ownersOf(spender)) {
      this.#accountOf(owner, monthOf(atMs)).spend(atMs, 0, costs);
    }
  }

  async spentIn(month: string, owner: SpendOwner): Promise<MonthSpent> {
    return this.#accountOf(owner, month).report();
  }

  #ownersOf({ tenantId, terms }: Spender): readonly (readonly [SpendOwner, AccountTerms])[] {
    return [[{ kind: 'tenant', id: tenantId }, terms], ...this.#platform];
  }

  #accountOf(owner: SpendOwner, month: string): SpendAccount {
    const key = `${owner.kind === 'tenant' ? owner.id : ''}#${month}`;
    const account = this.#accounts.get(key) ?? new SpendAccount(owner.kind);
    this.#accounts.set(key, account);
    return account;
  }
}

function isLimited({ perDay, perMonth, turnsPerMinute }: AccountTerms): boolean {
  return perDay !== undefined || perMonth !== undefined || turnsPerMinute !== undefined;
}
