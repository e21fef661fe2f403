import type { AppId, PhoneNumberId, TenantId } from '#domain/ids.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { OwnApp } from './app-directory.ts';

/** A WhatsApp number of a business. */
export interface BusinessNumber {
  readonly phoneNumberId: PhoneNumberId;
  /** WhatsApp Business Account that it is of; undefined where nobody has asked Meta. */
  readonly accountId: string | undefined;
}

/** A tenant as the operator keeps it. */
export interface RegisteredTenant {
  readonly id: TenantId;
  /** `misconfigured`: no version up to this one can read it. */
  readonly tenant: Tenant | 'misconfigured';
  readonly numbers: readonly BusinessNumber[];
  /** Changes with every change, so that nobody overwrites what they have not seen. */
  readonly revision: number;
}

export interface TenantEntry {
  readonly tenant: Tenant;
  readonly numbers: readonly BusinessNumber[];
}

/**
 * The operator's book of tenants. A number is the tenant's that has claimed it, whatever the entries
 * say: of two that claim it at the same time one is told that it is taken.
 */
export interface TenantRegister {
  /** As it is now. */
  find(id: TenantId): Promise<RegisteredTenant | undefined>;
  /** All, by their ids. */
  list(): Promise<readonly RegisteredTenant[]>;
  create(entry: TenantEntry): Promise<'created' | 'exists'>;
  /** `changed`: somebody else was faster, or it is gone; nothing is written. */
  replace(entry: TenantEntry, seenRevision: number): Promise<'replaced' | 'changed'>;
  delete(id: TenantId, seenRevision: number): Promise<'deleted' | 'changed'>;
  /** From now on messages to this number are the tenant's; repeating it does no harm. */
  claim(phoneNumberId: PhoneNumberId, id: TenantId): Promise<'claimed' | 'taken'>;
  /** The number is nobody's then, unless it is another's. */
  release(phoneNumberId: PhoneNumberId, id: TenantId): Promise<void>;
  /** Whose the number is now. `misconfigured`: the route cannot be read. */
  ownerOf(phoneNumberId: PhoneNumberId): Promise<TenantId | 'misconfigured' | undefined>;
  /** From now on the app speaks for the tenant, and for these accounts; repeating it does no harm. */
  claimApp(app: AppId, own: OwnApp): Promise<'claimed' | 'taken'>;
  /** The app is nobody's then, unless it is another's. */
  releaseApp(app: AppId, id: TenantId): Promise<void>;
  /** Whose the app is now. `misconfigured`: its record cannot be read. */
  findApp(app: AppId): Promise<OwnApp | 'misconfigured' | undefined>;
}
