import type { AppId, TenantId } from '#domain/ids.ts';
import type { JsonObject } from '#domain/json.ts';

/** Whose secret: the platform's own, a tenant's, or that of the Meta app which a tenant brought. */
export type SecretOwner =
  | { readonly kind: 'platform' }
  | { readonly kind: 'tenant'; readonly id: TenantId }
  | { readonly kind: 'app'; readonly id: AppId };

export interface StoredSecret {
  readonly fields: JsonObject;
  readonly changedAtMs: number;
}

/** The operator's hold on the secrets. Errors never hold a value. */
export interface SecretVault {
  /** Under which name it lies, for messages. */
  nameOf(owner: SecretOwner): string;
  /** As it is now; undefined where there is no value, `unreadable` for one that is no JSON object. */
  read(owner: SecretOwner): Promise<StoredSecret | 'unreadable' | undefined>;
  /** Replaces the whole value; a secret other than the platform's is made, or taken back from its deletion. */
  write(owner: SecretOwner, fields: JsonObject): Promise<void>;
  /** For a month the vault can give it back. @returns false where there was none */
  remove(owner: SecretOwner): Promise<boolean>;
}
