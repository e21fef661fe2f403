import { InMemoryMediaStore } from '#adapters/in-memory/in-memory-media-store.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { describeMediaStore } from './media-store-suite.ts';

describeMediaStore('in memory', async () => {
  const store = new InMemoryMediaStore(systemClock);
  return { store, archive: store, close: async () => {} };
});
