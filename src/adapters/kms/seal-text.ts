import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { SealBrokenError, type SealContext, type SealedText } from '#app/ports/envelope.ts';

/** A data key as KMS gives it: for use now, and for keeping. */
export interface DataKey {
  readonly plaintext: Uint8Array;
  readonly wrapped: Uint8Array;
}

/** What KMS is told of a text; it gives the data key back only to who tells the same. */
export function encryptionContextOf({ tenant, purpose }: SealContext): Record<string, string> {
  return { tenant, purpose };
}

const CIPHER = 'aes-256-gcm';
/** Bytes that GCM is made for. */
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts with AES-256-GCM; the context is authenticated with the text. */
export function sealText(text: string, context: SealContext, key: DataKey): SealedText {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key.plaintext, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(authenticated(context));
  const encrypted = [cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()];
  return { wrappedKey: key.wrapped, iv, ciphertext: Buffer.concat(encrypted) };
}

/** @throws SealBrokenError where text, context or key are not those that it was sealed with */
export function openText(
  { iv, ciphertext }: SealedText,
  context: SealContext,
  plaintextKey: Uint8Array,
): string {
  try {
    const decipher = createDecipheriv(CIPHER, plaintextKey, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(authenticated(context));
    decipher.setAuthTag(ciphertext.subarray(-TAG_BYTES));
    const decrypted = [decipher.update(ciphertext.subarray(0, -TAG_BYTES)), decipher.final()];
    return Buffer.concat(decrypted).toString('utf8');
  } catch (cause) {
    throw new SealBrokenError('It was changed since it was sealed', { cause });
  }
}

/** One order of the members, as the bytes must be the same at both ends. */
function authenticated({ tenant, purpose }: SealContext): Buffer {
  return Buffer.from(JSON.stringify([purpose, tenant]));
}
