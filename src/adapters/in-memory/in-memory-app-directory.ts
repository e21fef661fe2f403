import type { AppDirectory, OwnApp } from '#app/ports/app-directory.ts';
import type { AppId, PhoneNumberId, TenantId } from '#domain/ids.ts';

/** Apps and numbers in this process; what is put is found at once. */
export class InMemoryAppDirectory implements AppDirectory {
  readonly apps = new Map<AppId, OwnApp>();
  readonly owners = new Map<PhoneNumberId, TenantId>();

  async findApp(app: AppId): Promise<OwnApp | undefined> {
    return this.apps.get(app);
  }

  async ownerOf(phoneNumberId: PhoneNumberId): Promise<TenantId | undefined> {
    return this.owners.get(phoneNumberId);
  }
}
