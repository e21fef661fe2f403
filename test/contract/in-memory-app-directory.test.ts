import { InMemoryAppDirectory } from '#adapters/in-memory/in-memory-app-directory.ts';
import { describeAppDirectory } from './app-directory-suite.ts';

describeAppDirectory('in memory', async () => {
  const directory = new InMemoryAppDirectory();
  return {
    directory,
    put: async (app, own) => void directory.apps.set(app, own),
    drop: async (app) => void directory.apps.delete(app),
    connect: async (number, tenantId) => void directory.owners.set(number, tenantId),
    disconnect: async (number) => void directory.owners.delete(number),
    pass: () => {},
    close: async () => {},
  };
});
