import { createHmac } from 'node:crypto';

const APP_SECRET = 'local-app-secret';
export const VERIFY_TOKEN = 'local-verify-token';
export const BAKERY = '100000000000001';
export const CLINIC = '100000000000002';

export interface TextMessage {
  readonly id: string;
  readonly from: string;
  readonly text: string;
  /** Unix seconds, which Meta writes as text. */
  readonly timestamp?: number | string;
}

/** A webhook body with text messages to one number, as Meta writes it. */
export function textWebhook(phoneNumberId: string, messages: readonly TextMessage[]): string {
  return webhookBody(phoneNumberId, {
    contacts: messages.map(({ from }) => ({ profile: { name: 'Mira' }, wa_id: from })),
    messages: messages.map(({ id, from, text, timestamp = Math.floor(Date.now() / 1000) }) => ({
      from,
      id,
      timestamp: String(timestamp),
      type: 'text',
      text: { body: text },
    })),
  });
}

/** A body of the `messages` field for one number, with whatever is in its `value`. */
export function webhookBody(phoneNumberId: string, value: Record<string, unknown>): string {
  const metadata = { display_phone_number: '15550107788', phone_number_id: phoneNumberId };
  return JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: '700100200300401',
        changes: [
          { field: 'messages', value: { messaging_product: 'whatsapp', metadata, ...value } },
        ],
      },
    ],
  });
}

export function signatureOf(body: string | Buffer, secret = APP_SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** Posts a body as Meta would; the signature is right unless a test says otherwise. */
export function postWebhook(
  base: string,
  body: string | Buffer,
  headers: Record<string, string | undefined> = {},
  path = '/webhook',
): Promise<Response> {
  const all: Record<string, string | undefined> = {
    'content-type': 'application/json',
    'x-hub-signature-256': signatureOf(body),
    ...headers,
  };
  const sent = Object.entries(all).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return fetch(`${base}${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : new Uint8Array(body),
    headers: sent,
  });
}
