import type { TenantId } from '#domain/ids.ts';

/** What a text is bound to: it cannot be opened as another tenant's, nor for another purpose. */
export interface SealContext {
  readonly tenant: TenantId;
  readonly purpose: 'tenant-secret';
}

/** A text that is encrypted under a data key of its own. */
export interface SealedText {
  /** The data key, encrypted by a key that never leaves its service. */
  readonly wrappedKey: Uint8Array;
  /** Random; never used twice, as the data key is not. */
  readonly iv: Uint8Array;
  /** With the authentication tag at its end. */
  readonly ciphertext: Uint8Array;
}

/** Raised for what this key and this context do not open; never holds a text. */
export class SealBrokenError extends Error {
  override readonly name = 'SealBrokenError';
}

/** Encrypts texts that lie where others may read or move them. */
export interface Envelope {
  seal(text: string, context: SealContext): Promise<SealedText>;
  /** @throws SealBrokenError where it was sealed for something else, by another key, or was changed since */
  open(sealed: SealedText, context: SealContext): Promise<string>;
}
