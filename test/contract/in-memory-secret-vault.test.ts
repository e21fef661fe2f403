import { InMemorySecretVault } from '#adapters/in-memory/in-memory-secret-vault.ts';
import { ManualClock } from '#test/support/recorders.ts';
import { describeSecretVault } from './secret-vault-suite.ts';

describeSecretVault('in memory', async () => {
  const clock = new ManualClock();
  return {
    vault: new InMemorySecretVault(clock),
    now: () => clock.now(),
    close: async () => {},
  };
});
