import type { SealContext } from '#app/ports/envelope.ts';
import type { TenantOwner } from './secret-reader.ts';

/** What a tenant's secret is bound to. */
export function sealContextOf({ id }: TenantOwner): SealContext {
  return { tenant: id, purpose: 'tenant-secret' };
}
