import type { TenantVault } from '#domain/secret/tenant-vault.ts';

/** Tenants' secrets on their way: from its beginning to its end both vaults hold every secret. */
export interface VaultMove extends VaultWay {
  /** Of this move and of no other; undefined for one that an earlier release began. */
  readonly id: string | undefined;
}

export interface VaultWay {
  readonly from: TenantVault;
  readonly to: TenantVault;
}

/** The one move that may go on; every command of the operator's looks here before it writes a secret. */
export interface VaultMoves {
  current(): Promise<VaultMove | undefined>;
  /** Begins it unless one goes on. @returns the one that goes on then */
  begin(way: VaultWay): Promise<VaultMove>;
  /** Nothing happens where none goes on. */
  end(): Promise<void>;
}

/** Whether what goes on now is what went on before: one may have been ended and begun anew meanwhile. */
export function isSameMove(one: VaultMove | undefined, other: VaultMove | undefined): boolean {
  return one?.id === other?.id && one?.to === other?.to;
}
