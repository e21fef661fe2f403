import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Told to KMS with a call, and bound to what is encrypted: who decrypts has to tell the same. */
export type EncryptionContext = Readonly<Record<string, string>>;

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The ARN of the key, readable as in AWS's own blobs, and what it encrypts. */
export function wrap(
  plaintext: Buffer,
  { arn, material }: { readonly arn: string; readonly material: Buffer },
  context: EncryptionContext,
): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, material, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(authenticated(arn, context));
  const encrypted = [cipher.update(plaintext), cipher.final()];
  const name = Buffer.from(arn);
  return Buffer.concat([Buffer.from([name.length]), name, iv, cipher.getAuthTag(), ...encrypted]);
}

/** Which key a blob names; undefined for what is no blob. */
export function keyNamedBy(blob: Buffer): string | undefined {
  const [length = 0] = blob;
  const arn = blob.subarray(1, 1 + length).toString('utf8');
  return arn.startsWith('arn:') && blob.length > 1 + length + IV_BYTES + TAG_BYTES
    ? arn
    : undefined;
}

/** @returns undefined where key, context or blob are not those of the wrapping */
export function unwrap(
  blob: Buffer,
  { arn, material }: { readonly arn: string; readonly material: Buffer },
  context: EncryptionContext,
): Buffer | undefined {
  const start = 1 + Buffer.byteLength(arn);
  const ivEnd = start + IV_BYTES;
  const tagEnd = ivEnd + TAG_BYTES;
  const iv = blob.subarray(start, ivEnd);
  const decipher = createDecipheriv(CIPHER, material, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(authenticated(arn, context));
  decipher.setAuthTag(blob.subarray(ivEnd, tagEnd));
  try {
    return Buffer.concat([decipher.update(blob.subarray(tagEnd)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** The order of a context's members does not matter. */
function authenticated(arn: string, context: EncryptionContext): Buffer {
  const members = Object.entries(context).sort(([one], [other]) => (one < other ? -1 : 1));
  return Buffer.from(JSON.stringify([arn, members]));
}
