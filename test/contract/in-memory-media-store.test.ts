import { InMemoryMediaStore } from '#adapters/in-memory/in-memory-media-store.ts';
import { describeMediaStore } from './media-store-suite.ts';

describeMediaStore('in memory', async () => {
  const store = new InMemoryMediaStore();
  return { store, archive: store, close: async () => {} };
});
