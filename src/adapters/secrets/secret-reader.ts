import type { SecretOwner } from '#app/ports/secret-vault.ts';

/** Reads secrets from their vault, each time anew: the cache stands before it. */
export interface SecretReader<Owner extends SecretOwner = SecretOwner> {
  /** Under which name it lies, for messages. */
  nameOf(owner: Owner): string;
  /** Its text. @throws SecretUnavailableError */
  read(owner: Owner): Promise<string>;
}

export type TenantOwner = Extract<SecretOwner, { kind: 'tenant' }>;
