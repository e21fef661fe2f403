import type { TenantId } from '#domain/ids.ts';
import { otherVault } from '#domain/secret/tenant-vault.ts';
import { inBatches } from './in-batches.ts';
import { type MigrationDeps, SECRETS_AT_ONCE } from './migrate-secrets.ts';
import type { SecretVault } from './ports/secret-vault.ts';
import type { VaultMove } from './ports/vault-moves.ts';

export type FinishedMigration =
  /** Somebody began a move while copies were removed, which may have been its. */
  | { readonly kind: 'begun-meanwhile'; readonly move: VaultMove }
  | { readonly kind: 'finished'; readonly removed: number }
  /** The functions read the vault still that the secrets shall leave. */
  | { readonly kind: 'not-deployed'; readonly move: VaultMove }
  /** These have a secret only in the vault that is not read. */
  | { readonly kind: 'incomplete'; readonly tenants: readonly TenantId[] };

/**
 * Leaves each secret in the vault only that the functions read; can be repeated.
 * 1. Looks whether that one has all that the other has, or nothing is touched.
 * 2. Ends the move: from here on secrets are written into that one alone.
 * 3. Removes what the other one has.
 */
export async function finishMigration(
  { vaults, active, moves, register, onProgress }: MigrationDeps,
  { isAbandoned }: { readonly isAbandoned: boolean },
): Promise<FinishedMigration> {
  const move = await moves.current();
  if (move && move.to !== active && !isAbandoned) return { kind: 'not-deployed', move };
  const [kept, left] = [vaults[active], vaults[otherVault(active)]];
  const tenants = (await register.list()).map(({ id }) => id);
  const atOnce = SECRETS_AT_ONCE;
  const states = await inBatches(tenants, (id) => stateOf(id, kept, left), { atOnce, onProgress });
  const incomplete = states.filter(({ hasCopy, isKept }) => hasCopy && !isKept);
  if (incomplete.length > 0) {
    return { kind: 'incomplete', tenants: incomplete.map(({ owner }) => owner.id) };
  }
  await moves.end();
  const copies = states.filter(({ hasCopy }) => hasCopy);
  await inBatches(copies, ({ owner }) => left.remove(owner), { atOnce, onProgress });
  const begun = await moves.current();
  if (begun) return { kind: 'begun-meanwhile', move: begun };
  return { kind: 'finished', removed: copies.length };
}

async function stateOf(id: TenantId, kept: SecretVault, left: SecretVault) {
  const owner = { kind: 'tenant', id } as const;
  const [own, copy] = await Promise.all([kept.read(owner), left.read(owner)]);
  const isKept = own !== undefined && own !== 'unreadable';
  return { owner, isKept, hasCopy: copy !== undefined };
}
