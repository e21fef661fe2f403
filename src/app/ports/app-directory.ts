import type { AppId, PhoneNumberId, TenantId } from '#domain/ids.ts';

/** A Meta app that a business brought with it. */
export interface OwnApp {
  readonly tenantId: TenantId;
  /** WhatsApp Business Accounts of its tenant, as far as they are known. */
  readonly accountIds: readonly string[];
}

/** Whose apps and numbers are; what the operator changes is noticed within a minute. */
export interface AppDirectory {
  /** @returns undefined for an app that no tenant has */
  findApp(app: AppId): Promise<OwnApp | undefined>;
  /** @returns undefined for a number that no tenant has */
  ownerOf(phoneNumberId: PhoneNumberId): Promise<TenantId | undefined>;
}
