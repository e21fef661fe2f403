import { otherVault, type TenantVault } from '#domain/secret/tenant-vault.ts';
import { copySecret } from './copy-secret.ts';
import type { SecretVault } from './ports/secret-vault.ts';
import type { VaultMoves } from './ports/vault-moves.ts';

/** Both vaults, and which of them the functions read. */
export interface TenantVaults {
  readonly vaults: Readonly<Record<TenantVault, SecretVault>>;
  readonly active: TenantVault;
  readonly moves: VaultMoves;
}

/**
 * The vault that the functions read. As long as secrets are on their way, what is written and removed
 * is so in the other one as well. Whether they are is asked after the write: a move that begins later
 * finds what was written.
 */
export function mirrorSecrets({ vaults, active, moves }: TenantVaults): SecretVault {
  const from = vaults[active];
  const to = vaults[otherVault(active)];
  return {
    nameOf: (owner) => from.nameOf(owner),
    read: (owner) => from.read(owner),
    write: async (owner, fields) => {
      await from.write(owner, fields);
      if (owner.kind === 'tenant' && (await moves.current())) await copySecret(owner, { from, to });
    },
    remove: async (owner) => {
      const wasThere = await from.remove(owner);
      if (owner.kind !== 'tenant' || !(await moves.current())) return wasThere;
      return (await to.remove(owner)) || wasThere;
    },
  };
}
