import type { Chat } from '#domain/ids.ts';
import type { TenantDirectory } from './ports/tenant-directory.ts';

/** For how many days a tenant wants a chat's items kept; undefined = it does not say. */
export async function keptDays(
  { phoneNumberId }: Chat,
  tenants: TenantDirectory,
): Promise<number | undefined> {
  const tenant = await tenants.findByPhoneNumber(phoneNumberId);
  return tenant === undefined || tenant === 'misconfigured' ? undefined : tenant.retentionDays;
}
