import { InMemoryTenantRegister } from '#adapters/in-memory/in-memory-tenant-register.ts';
import { describeTenantRegister } from './tenant-register-suite.ts';

describeTenantRegister('in memory', async () => ({
  register: new InMemoryTenantRegister(),
  directory: undefined,
  spoil: undefined,
  close: async () => {},
}));
