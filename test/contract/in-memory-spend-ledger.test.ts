import { InMemorySpendLedger } from '#adapters/in-memory/in-memory-spend-ledger.ts';
import type { SpendAccount } from '#adapters/in-memory/spend-account.ts';
import type { BudgetTerms } from '#app/ports/spend-ledger.ts';
import { describeSpendLedger } from './spend-ledger-suite.ts';

describeSpendLedger('in memory', async () => {
  let accounts = new Map<string, SpendAccount>();
  const another = (platform: Partial<BudgetTerms> = {}) =>
    new InMemorySpendLedger(
      { perDay: undefined, perMonth: undefined, warnAt: [], ...platform },
      accounts,
    );
  return {
    another,
    ledger: async (platform) => {
      accounts = new Map();
      return another(platform);
    },
    close: async () => {},
  };
});
