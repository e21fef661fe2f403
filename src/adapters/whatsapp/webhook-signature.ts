import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Meta writes lower-case hex; anything else was not written by Meta. */
const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

/**
 * Whether one of the app secrets signed exactly these bytes (`X-Hub-Signature-256`). Hash the bytes as
 * they came: Meta escapes non-ASCII before signing, and a re-serialised body has another signature.
 */
export function isSignedBy(
  rawBody: Buffer,
  header: string | undefined,
  appSecrets: readonly string[],
): boolean {
  const claimed = SIGNATURE.exec(header ?? '')?.[1];
  if (claimed === undefined) return false;
  const given = Buffer.from(claimed, 'hex');
  return appSecrets.some((secret) =>
    timingSafeEqual(createHmac('sha256', secret).update(rawBody).digest(), given),
  );
}

/** The header with which Meta would send this body. */
export function signatureOf(body: string, appSecret: string): string {
  return `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;
}

/** Whether Meta's `hub.verify_token` is one of ours; the time it takes tells nothing about them. */
export function isVerifyToken(given: string | undefined, verifyTokens: readonly string[]): boolean {
  if (!given) return false;
  const digest = sha256(given);
  return verifyTokens.some((token) => timingSafeEqual(sha256(token), digest));
}

/** Digests have one length, which `timingSafeEqual` demands and which hides that of the token. */
function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
