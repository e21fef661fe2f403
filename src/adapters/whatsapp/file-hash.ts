import { createHash } from 'node:crypto';

/** Whether bytes have every hash that was stated; what is no SHA-256 in base64 or digits states nothing. */
export function hasHashes(bytes: Uint8Array, stated: readonly (string | undefined)[]): boolean {
  const hashes = stated.map(readHash).filter((each) => each !== undefined);
  if (hashes.length === 0) return true;
  const digest = createHash('sha256').update(bytes).digest();
  return hashes.every((each) => each.equals(digest));
}

/** Webhooks have it in base64, the Graph API in hexadecimal digits. */
function readHash(text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined;
  const bytes = /^[0-9a-f]{64}$/i.test(text)
    ? Buffer.from(text, 'hex')
    : Buffer.from(text, 'base64');
  return bytes.length === 32 ? bytes : undefined;
}
