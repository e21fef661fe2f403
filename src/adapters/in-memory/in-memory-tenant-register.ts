import type { OwnApp } from '#app/ports/app-directory.ts';
import type { RegisteredTenant, TenantEntry, TenantRegister } from '#app/ports/tenant-register.ts';
import type { AppId, PhoneNumberId, TenantId } from '#domain/ids.ts';

/** The operator's book in this process. */
export class InMemoryTenantRegister implements TenantRegister {
  readonly #entries = new Map<TenantId, RegisteredTenant>();
  readonly #owners = new Map<PhoneNumberId, TenantId>();
  readonly #apps = new Map<AppId, OwnApp>();

  async find(id: TenantId): Promise<RegisteredTenant | undefined> {
    return this.#entries.get(id);
  }

  async list(): Promise<readonly RegisteredTenant[]> {
    return [...this.#entries.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async create({ tenant, numbers }: TenantEntry): Promise<'created' | 'exists'> {
    if (this.#entries.has(tenant.id)) return 'exists';
    this.#entries.set(tenant.id, { id: tenant.id, tenant, numbers, revision: 1 });
    return 'created';
  }

  async replace(
    { tenant, numbers }: TenantEntry,
    seenRevision: number,
  ): Promise<'replaced' | 'changed'> {
    if (this.#entries.get(tenant.id)?.revision !== seenRevision) return 'changed';
    const revision = seenRevision + 1;
    this.#entries.set(tenant.id, { id: tenant.id, tenant, numbers, revision });
    return 'replaced';
  }

  async delete(id: TenantId, seenRevision: number): Promise<'deleted' | 'changed'> {
    if (this.#entries.get(id)?.revision !== seenRevision) return 'changed';
    this.#entries.delete(id);
    return 'deleted';
  }

  async claim(phoneNumberId: PhoneNumberId, id: TenantId): Promise<'claimed' | 'taken'> {
    if ((this.#owners.get(phoneNumberId) ?? id) !== id) return 'taken';
    this.#owners.set(phoneNumberId, id);
    return 'claimed';
  }

  async release(phoneNumberId: PhoneNumberId, id: TenantId): Promise<void> {
    if (this.#owners.get(phoneNumberId) === id) this.#owners.delete(phoneNumberId);
  }

  async ownerOf(phoneNumberId: PhoneNumberId): Promise<TenantId | undefined> {
    return this.#owners.get(phoneNumberId);
  }

  async claimApp(app: AppId, own: OwnApp): Promise<'claimed' | 'taken'> {
    if ((this.#apps.get(app)?.tenantId ?? own.tenantId) !== own.tenantId) return 'taken';
    this.#apps.set(app, own);
    return 'claimed';
  }

  async releaseApp(app: AppId, id: TenantId): Promise<void> {
    if (this.#apps.get(app)?.tenantId === id) this.#apps.delete(app);
  }

  async findApp(app: AppId): Promise<OwnApp | undefined> {
    return this.#apps.get(app);
  }
}
