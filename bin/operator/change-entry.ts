import { changeTenant } from '#app/change-tenant.ts';
import type { RegisteredTenant, TenantEntry } from '#app/ports/tenant-register.ts';
import type { Application } from './connect.ts';
import { OperatorError } from './operator-error.ts';
import type { Target } from './target.ts';
import { taken } from './tenant-conflicts.ts';

/** @throws OperatorError where a number or the app is another's, or somebody else was faster */
export async function change(
  seen: RegisteredTenant,
  wanted: TenantEntry,
  { register }: Application,
  target: Target,
): Promise<void> {
  const changed = await changeTenant(seen, wanted, register);
  if (changed.kind === 'conflict') {
    throw new OperatorError(
      `Somebody else has changed ${seen.id} at the same time; nothing was changed. Run the same again.`,
    );
  }
  if (changed.kind !== 'changed') throw taken(changed, target);
}
