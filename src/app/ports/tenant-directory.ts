import type { PhoneNumberId } from '#domain/ids.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';

/** Which business a number belongs to. */
export interface TenantDirectory {
  /** @returns undefined for a number that no tenant has, and `misconfigured` for a record that cannot be read */
  findByPhoneNumber(phoneNumberId: PhoneNumberId): Promise<Tenant | 'misconfigured' | undefined>;
}
