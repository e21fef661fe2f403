import { appOwner, type TenantDeskDeps } from './add-tenant.ts';
import type { SecretOwner } from './ports/secret-vault.ts';
import type { RegisteredTenant } from './ports/tenant-register.ts';

export type Removed =
  /** With these secrets: an app that is another's by now keeps its own. */
  | { readonly kind: 'removed'; readonly secrets: readonly SecretOwner[] }
  | { readonly kind: 'conflict' };

/**
 * Removes a business: first its numbers, so that no message is answered half way, then its secrets, which
 * the vault can give back for a month, and its entry last, so that it can be done again. Of its own app
 * the secret goes before the claim, for nobody else can have the app as long as it is claimed.
 */
export async function removeTenant(
  { id, tenant, numbers, revision }: RegisteredTenant,
  { register, vault }: TenantDeskDeps,
): Promise<Removed> {
  for (const { phoneNumberId } of numbers) await register.release(phoneNumberId, id);
  const app = tenant === 'misconfigured' ? undefined : tenant.app;
  const own = { kind: 'tenant', id } as const;
  const secrets: SecretOwner[] = [own];
  if (app && (await appOwner(app, register)) === id) {
    await vault.remove({ kind: 'app', id: app });
    await register.releaseApp(app, id);
    secrets.push({ kind: 'app', id: app });
  }
  await vault.remove(own);
  const isGone = (await register.delete(id, revision)) === 'deleted';
  return isGone ? { kind: 'removed', secrets } : { kind: 'conflict' };
}
