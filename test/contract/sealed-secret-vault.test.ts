import { InMemoryVaultMoves } from '#adapters/in-memory/in-memory-vault-moves.ts';
import { mirrorSecrets } from '#app/mirror-secrets.ts';
import { TENANT_VAULTS } from '#domain/secret/tenant-vault.ts';
import { startSealedStage } from '#test/support/sealed-stage.ts';
import { describeSecretVault } from './secret-vault-suite.ts';

describeSecretVault('tenants table', async () => {
  const { sealedVault: vault, clock, close } = await startSealedStage();
  return { vault, now: () => clock.now(), close };
});

for (const active of TENANT_VAULTS) {
  describeSecretVault(`${active}, while secrets are on their way`, async () => {
    const { sealedVault, managedVault, clock, close } = await startSealedStage();
    const vaults = { 'secrets-manager': managedVault, 'tenants-table': sealedVault };
    const moves = new InMemoryVaultMoves();
    await moves.begin({ from: 'secrets-manager', to: 'tenants-table' });
    return { vault: mirrorSecrets({ vaults, active, moves }), now: () => clock.now(), close };
  });
}
