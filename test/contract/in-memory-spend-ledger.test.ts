import { InMemorySpendLedger } from '#adapters/in-memory/in-memory-spend-ledger.ts';
import { describeSpendLedger } from './spend-ledger-suite.ts';

describeSpendLedger('in memory', async () => ({
  ledger: async (platform) =>
    new InMemorySpendLedger({ perDay: undefined, perMonth: undefined, warnAt: [], ...platform }),
  close: async () => {},
}));
