import type { TenantDeskDeps } from './add-tenant.ts';
import type { RegisteredTenant } from './ports/tenant-register.ts';

export type Removed = 'removed' | 'conflict';

/**
 * Removes a business: first its numbers and its own app, so that no message is answered half way, then
 * its secrets, which the vault can give back for a month, and its entry last, so that it can be done
 * again.
 */
export async function removeTenant(
  { id, tenant, numbers, revision }: RegisteredTenant,
  { register, vault }: TenantDeskDeps,
): Promise<Removed> {
  for (const { phoneNumberId } of numbers) await register.release(phoneNumberId, id);
  const app = tenant === 'misconfigured' ? undefined : tenant.app;
  if (app) {
    await register.releaseApp(app, id);
    await vault.remove({ kind: 'app', id: app });
  }
  await vault.remove({ kind: 'tenant', id });
  return (await register.delete(id, revision)) === 'deleted' ? 'removed' : 'conflict';
}
