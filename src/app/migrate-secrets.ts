import type { TenantId } from '#domain/ids.ts';
import { otherVault, type TenantVault } from '#domain/secret/tenant-vault.ts';
import { type CopyOutcome, copySecret } from './copy-secret.ts';
import { inBatches } from './in-batches.ts';
import type { TenantVaults } from './mirror-secrets.ts';
import type { TenantRegister } from './ports/tenant-register.ts';
import { isSameMove, type VaultMove } from './ports/vault-moves.ts';

export interface MigrationDeps extends TenantVaults {
  readonly register: Pick<TenantRegister, 'list'>;
  /** Called after each tenant. */
  onProgress(done: number, all: number): void;
}

export type Migrated =
  | {
      readonly kind: 'migrated';
      readonly tenants: number;
      readonly copied: number;
      /** Held the same before. */
      readonly unchanged: number;
      readonly withoutSecret: readonly TenantId[];
      /** Of which nothing could be copied, as it is no JSON object. */
      readonly unreadable: readonly TenantId[];
      readonly failed: readonly { readonly tenant: TenantId; readonly error: unknown }[];
    }
  /** Secrets are on their way to the other one. */
  | { readonly kind: 'other-way'; readonly move: VaultMove }
  /** Somebody ended the move, or began another, while it was copied: copies may be gone. */
  | { readonly kind: 'ended-meanwhile' };

/** Below what Secrets Manager takes of new secrets in a second. */
export const SECRETS_AT_ONCE = 4;

/**
 * Fills another vault while the functions go on reading theirs; can be repeated at any time.
 * 1. Tells every command that writes a secret that it goes into both from now on.
 * 2. Copies each tenant's, and reads it back. What a vault holds that is read already stays.
 * 3. Looks whether the move goes on still.
 */
export async function migrateSecrets(to: TenantVault, deps: MigrationDeps): Promise<Migrated> {
  const wanted = { from: otherVault(to), to };
  const isReadAlready = deps.active === to;
  const move = isReadAlready ? await deps.moves.current() : await deps.moves.begin(wanted);
  if (move && move.to !== to) return { kind: 'other-way', move };
  const tenants = (await deps.register.list()).map(({ id }) => id);
  const outcomes = await inBatches(tenants, (id) => bring(id, to, deps), {
    atOnce: SECRETS_AT_ONCE,
    onProgress: deps.onProgress,
  });
  if (!isSameMove(await deps.moves.current(), move)) return { kind: 'ended-meanwhile' };
  const ids = (outcome: CopyOutcome) =>
    outcomes.filter((each) => each.outcome === outcome).map(({ tenant }) => tenant);
  return {
    kind: 'migrated',
    tenants: outcomes.length,
    copied: ids('copied').length,
    unchanged: ids('same').length,
    withoutSecret: ids('absent'),
    unreadable: ids('unreadable'),
    failed: outcomes.filter(({ outcome }) => outcome === 'failed'),
  };
}

interface Brought {
  readonly tenant: TenantId;
  readonly outcome: CopyOutcome | 'failed';
  readonly error: unknown;
}

/** One that fails holds up no other. */
async function bring(tenant: TenantId, to: TenantVault, deps: MigrationDeps): Promise<Brought> {
  try {
    return { tenant, outcome: await copy(tenant, to, deps), error: undefined };
  } catch (error) {
    return { tenant, outcome: 'failed', error };
  }
}

async function copy(id: TenantId, to: TenantVault, deps: MigrationDeps): Promise<CopyOutcome> {
  const owner = { kind: 'tenant', id } as const;
  const [source, target] = [deps.vaults[otherVault(to)], deps.vaults[to]];
  if (deps.active === to) {
    const there = await target.read(owner);
    if (there !== undefined && there !== 'unreadable') return 'same';
  }
  return copySecret(owner, { from: source, to: target });
}
