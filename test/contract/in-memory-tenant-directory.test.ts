import { InMemoryTenantDirectory } from '#adapters/in-memory/in-memory-tenant-directory.ts';
import { describeTenantDirectory } from './tenant-directory-suite.ts';

describeTenantDirectory('in memory', async () => {
  const directory = new InMemoryTenantDirectory();
  return {
    directory,
    connect: async (phoneNumberId, tenant) => directory.put(phoneNumberId, tenant),
    connectUnreadable: async (phoneNumberId) => directory.put(phoneNumberId, 'misconfigured'),
    disconnect: async (phoneNumberId) => directory.remove(phoneNumberId),
    pass: () => {},
    close: async () => {},
  };
});
