import { InMemoryTenantDirectory } from '#adapters/in-memory/in-memory-tenant-directory.ts';
import { instrument } from '#test/simulation/cloud/instrument.ts';
import { SimulationStage } from '#test/support/simulation-stage.ts';
import { describeTenantDirectory } from './tenant-directory-suite.ts';

describeTenantDirectory('simulated', async () => {
  const stage = new SimulationStage('error');
  const { clock, environment, calls } = stage;
  const directory = new InMemoryTenantDirectory();
  return {
    directory: stage.driven(instrument(directory, 'tenants', environment, calls)),
    connect: async (phoneNumberId, tenant) => directory.put(phoneNumberId, tenant),
    connectUnreadable: async (phoneNumberId) => directory.put(phoneNumberId, 'misconfigured'),
    disconnect: async (phoneNumberId) => directory.remove(phoneNumberId),
    pass: (ms) => clock.advanceBy(ms),
    close: async () => {},
  };
});
