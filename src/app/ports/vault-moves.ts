import type { TenantVault } from '#domain/secret/tenant-vault.ts';

/** Tenants' secrets on their way: from its beginning to its end both vaults hold every secret. */
export interface VaultMove {
  readonly from: TenantVault;
  readonly to: TenantVault;
}

/** The one move that may go on; every command of the operator's looks here before it writes a secret. */
export interface VaultMoves {
  current(): Promise<VaultMove | undefined>;
  /** Begins it unless one goes on. @returns the one that goes on then */
  begin(move: VaultMove): Promise<VaultMove>;
  /** Nothing happens where none goes on. */
  end(): Promise<void>;
}
