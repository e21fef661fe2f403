import type { SecretOwner, SecretVault, StoredSecret } from './ports/secret-vault.ts';

/** Raised where somebody writes again and again meanwhile; never holds a value. */
export class SecretUnsettledError extends Error {
  override readonly name = 'SecretUnsettledError';
}

/** `absent` and `unreadable`: of the vault that is copied from. */
export type CopyOutcome = 'copied' | 'same' | 'absent' | 'unreadable';

interface Way {
  readonly from: SecretVault;
  readonly to: SecretVault;
}

const MOST_ROUNDS = 5;

/**
 * Has one vault hold what another holds, and reads it back. What is written meanwhile is copied too:
 * it ends only when both were seen to be the same.
 * @throws SecretUnsettledError
 */
export async function copySecret(owner: SecretOwner, { from, to }: Way): Promise<CopyOutcome> {
  let hasWritten = false;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const source = await from.read(owner);
    if (source === undefined) {
      if (hasWritten) await to.remove(owner);
      return 'absent';
    }
    if (source === 'unreadable') return source;
    if (isSame(await to.read(owner), source)) return hasWritten ? 'copied' : 'same';
    await to.write(owner, source.fields);
    hasWritten = true;
  }
  throw new SecretUnsettledError(
    `${from.nameOf(owner)} changes while it is copied: run the same again when nobody else writes it`,
  );
}

/** Vaults keep the order of fields. */
function isSame(copy: StoredSecret | 'unreadable' | undefined, { fields }: StoredSecret): boolean {
  if (copy === undefined || copy === 'unreadable') return false;
  return JSON.stringify(copy.fields) === JSON.stringify(fields);
}
