const PREFIX = 'whsec_';
/** Standard Webhooks: between 24 and 64 bytes, in base64. */
const LEAST_BYTES = 24;
const MOST_BYTES = 64;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Whether a text is a signing secret of Standard Webhooks: `whsec_` and base64 of 24 to 64 bytes. */
export function isWebhookSecret(text: string): boolean {
  const encoded = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : '';
  if (encoded.length % 4 !== 0 || !BASE64.test(encoded)) return false;
  const padding = encoded.endsWith('==') ? 2 : encoded.endsWith('=') ? 1 : 0;
  const bytes = (encoded.length / 4) * 3 - padding;
  return bytes >= LEAST_BYTES && bytes <= MOST_BYTES;
}

/** What of it is base64. */
export function webhookKeyOf(secret: string): string {
  return secret.slice(PREFIX.length);
}

/** A secret of these bytes, which somebody else encoded. */
export function webhookSecretOf(base64: string): string {
  return `${PREFIX}${base64}`;
}
