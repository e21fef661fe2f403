import { otherVault, type TenantVault } from '#domain/secret/tenant-vault.ts';
import { copySecret } from './copy-secret.ts';
import type { SecretVault } from './ports/secret-vault.ts';
import type { VaultMoves } from './ports/vault-moves.ts';

/** Raised where a secret is written into the vault that is read, and not into the other; holds no value. */
export class SecretNotMirroredError extends Error {
  override readonly name = 'SecretNotMirroredError';
  readonly other: TenantVault;

  constructor(secret: string, other: TenantVault, cause: unknown) {
    super(
      `${secret} is stored and in effect, but not copied to ${other}, as it has to be during a move`,
      {
        cause,
      },
    );
    this.other = other;
  }
}

/** Both vaults, and which of them the functions read. */
export interface TenantVaults {
  readonly vaults: Readonly<Record<TenantVault, SecretVault>>;
  readonly active: TenantVault;
  readonly moves: VaultMoves;
}

/**
 * The vault that the functions read. As long as secrets are on their way, what is written and removed
 * is so in the other one as well. Whether they are is asked after the write: a move that begins later
 * finds what was written. `write` throws SecretNotMirroredError where only that did not succeed.
 */
export function mirrorSecrets({ vaults, active, moves }: TenantVaults): SecretVault {
  const from = vaults[active];
  const to = vaults[otherVault(active)];
  return {
    nameOf: (owner) => from.nameOf(owner),
    read: (owner) => from.read(owner),
    write: async (owner, fields) => {
      await from.write(owner, fields);
      if (owner.kind !== 'tenant') return;
      try {
        if (await moves.current()) await copySecret(owner, { from, to });
      } catch (cause) {
        throw new SecretNotMirroredError(from.nameOf(owner), otherVault(active), cause);
      }
    },
    remove: async (owner) => {
      const wasThere = await from.remove(owner);
      if (owner.kind !== 'tenant' || !(await moves.current())) return wasThere;
      return (await to.remove(owner)) || wasThere;
    },
  };
}
