import type { TenantDirectory } from '#app/ports/tenant-directory.ts';
import type { PhoneNumberId } from '#domain/ids.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';

/** Tenants by their numbers, in this process; what is put is found at once. */
export class InMemoryTenantDirectory implements TenantDirectory {
  readonly #found = new Map<PhoneNumberId, Tenant | 'misconfigured'>();

  put(phoneNumberId: PhoneNumberId, found: Tenant | 'misconfigured'): void {
    this.#found.set(phoneNumberId, found);
  }

  remove(phoneNumberId: PhoneNumberId): void {
    this.#found.delete(phoneNumberId);
  }

  async findByPhoneNumber(
    phoneNumberId: PhoneNumberId,
  ): Promise<Tenant | 'misconfigured' | undefined> {
    return this.#found.get(phoneNumberId);
  }
}
