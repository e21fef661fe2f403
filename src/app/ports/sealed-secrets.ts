import type { TenantId } from '#domain/ids.ts';
import type { SealedText } from './envelope.ts';

export interface SealedSecret extends SealedText {
  readonly changedAtMs: number;
}

/** Where tenants' sealed secrets lie; knows no key. */
export interface SealedSecrets {
  /** Under which name a tenant's lies, for messages. */
  nameOf(id: TenantId): string;
  /** As it is now; undefined where there is none, or it was removed, `unreadable` for one of another shape. */
  read(id: TenantId): Promise<SealedSecret | 'unreadable' | undefined>;
  /** Replaces it as a whole, also one that was removed. */
  write(id: TenantId, secret: SealedSecret): Promise<void>;
  /** It is read no more, and gone after a month. @returns false where there was none */
  remove(id: TenantId, nowMs: number): Promise<boolean>;
}
