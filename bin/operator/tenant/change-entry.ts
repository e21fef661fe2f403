import { changeTenant } from '#app/change-tenant.ts';
import type { RegisteredTenant, TenantEntry } from '#app/ports/tenant-register.ts';
import type { AuditedApplication } from '#operator/audit-session.ts';
import { OperatorError } from '#operator/operator-error.ts';
import { inWords, type Target } from '#operator/target.ts';
import { taken } from './tenant-conflicts.ts';
import { tenantDocument } from './tenant-file.ts';

/**
 * What was changed goes into the audit trail. @returns the names of it
 * @throws OperatorError where a number or the app is another's, or somebody else was faster
 */
export async function change(
  seen: RegisteredTenant,
  wanted: TenantEntry,
  { register, note }: AuditedApplication,
  target: Target,
): Promise<readonly string[]> {
  const { id } = seen;
  const result = await changeTenant(seen, wanted, register);
  if (result.kind === 'conflict') {
    throw new OperatorError(
      `Somebody else has changed ${id} at the same time; nothing was changed. Run the same again.`,
    );
  }
  if (result.kind === 'number-taken' || result.kind === 'app-taken') throw taken(result, target);
  const changed = changedKeys(seen, wanted);
  note({ changed });
  if (result.kind === 'changed') return changed;
  const owner = result.by === undefined || result.by === 'misconfigured' ? 'another' : result.by;
  throw new OperatorError(
    `${id} was changed (${changed.join(', ') || 'nothing new'}), but its app ${result.app} is bound to tenant ${owner}, so what that app brings is not ${id}'s. Give one of the two another app: npx concierge tenant set <tenant> --app <app> ${inWords(target)}`,
  );
}

function changedKeys(
  { tenant, numbers }: RegisteredTenant,
  wanted: TenantEntry,
): readonly string[] {
  if (tenant === 'misconfigured') return [];
  const [before, after] = [tenantDocument({ tenant, numbers }), tenantDocument(wanted)];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
}
