import { createHmac } from 'node:crypto';
import type { Business } from './business.ts';
import type { WhatsAppUser } from './contact-book.ts';

/** The `contacts[]` element that goes with a customer's message or status. */
export function contactBlock(user: WhatsAppUser): Record<string, unknown> {
  return {
    profile: { name: user.name },
    ...(user.phone === undefined ? {} : { wa_id: user.phone }),
    user_id: user.userId,
  };
}

/** Envelope around what happened at one number. */
export function messagesWebhook(business: Business, value: Record<string, unknown>): object {
  return {
    object: 'whatsapp_business_account',
    entry: [
      {
        id: business.accountId,
        changes: [
          {
            value: {
              messaging_product: 'whatsapp',
              metadata: {
                display_phone_number: business.displayPhoneNumber,
                phone_number_id: business.phoneNumberId,
              },
              ...value,
            },
            field: 'messages',
          },
        ],
      },
    ],
  };
}

const NON_ASCII = /[^\u0020-\u007e]/g;

/** The bytes that Meta signs and sends: compact JSON with all non-ASCII as `\uXXXX`. */
export function encodeAsMeta(body: object): Buffer {
  const escaped = JSON.stringify(body).replace(
    NON_ASCII,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return Buffer.from(escaped, 'ascii');
}

/** `X-Hub-Signature-256` over exactly these bytes. */
export function signAsMeta(body: Buffer, appSecret: string): string {
  return `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;
}
