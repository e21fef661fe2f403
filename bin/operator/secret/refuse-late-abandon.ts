import type { TenantVaults } from '#app/mirror-secrets.ts';
import { otherVault } from '#domain/secret/tenant-vault.ts';
import { OperatorError } from '#operator/operator-error.ts';
import { inWords, type Target } from '#operator/target.ts';

/**
 * Once the functions read the new vault there is nothing to stay with: what would be removed are the
 * secrets of the old one. @throws OperatorError
 */
export async function refuseLateAbandon(
  { active, moves }: TenantVaults,
  target: Target,
): Promise<void> {
  const move = await moves.current();
  if (move?.to !== active) return;
  const former = otherVault(active);
  throw new OperatorError(
    `The functions read ${active} by now, so it is too late to abandon the move. Nothing was removed: to go on, npx concierge secret migrate --finish ${inWords(target)}; to go back, have them read ${former} again, and then abandon it.`,
  );
}
