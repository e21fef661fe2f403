import { signatureOf } from '../../src/adapters/whatsapp/webhook-signature.ts';

/** With which the bodies here are signed; of no app. */
export const APP_SECRET = 'a-secret-of-no-app';
export const PHONE_NUMBER_ID = '100000000000001';

/** A webhook as Meta would send it. */
export interface SignedWebhook {
  readonly body: Buffer;
  readonly signature: string;
}

export interface SizedWebhook extends SignedWebhook {
  readonly name: string;
  readonly messages: number;
  readonly statuses: number;
}

/** The text that makes a webhook of one message 1 KB; in batches messages are shorter. */
const LONG_TEXT = 534;
const SHORT_TEXT = 350;

/**
 * Three messages to a status, whatever the size: so the cost can be held against the size.
 * @param first the number of the first customer; another one brings other chats and messages
 */
export function sizedWebhooks(first = 0): readonly SizedWebhook[] {
  return [
    sized('1 KB', { messages: 1, statuses: 0, letters: LONG_TEXT }, first),
    sized('4 KB', { messages: 6, statuses: 2, letters: SHORT_TEXT }, first),
    sized('50 KB', { messages: 86, statuses: 29, letters: SHORT_TEXT }, first),
  ];
}

interface Size {
  readonly messages: number;
  readonly statuses: number;
  readonly letters: number;
}

function sized(name: string, { messages, statuses, letters }: Size, first: number): SizedWebhook {
  const value = {
    ...numberValue(PHONE_NUMBER_ID),
    messages: Array.from({ length: messages }, (_, nth) => aMessage(first + nth, letters)),
    ...(statuses > 0 && {
      statuses: Array.from({ length: statuses }, (_, nth) => aStatus(first + nth)),
    }),
  };
  return { name, messages, statuses, ...signed(webhookOf([value])) };
}

/** What Meta says of a number and its customers beside the updates. */
export function numberValue(phoneNumberId: string) {
  return {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '15550000001', phone_number_id: phoneNumberId },
    contacts: [{ profile: { name: 'Mira' }, wa_id: phoneOf(0), user_id: userOf(0) }],
  };
}

/** The body of a webhook, an entry for each value. */
export function webhookOf(values: readonly object[]): string {
  const entry = values.map((value) => ({
    id: '102290129340398',
    changes: [{ field: 'messages', value }],
  }));
  return JSON.stringify({ object: 'whatsapp_business_account', entry });
}

/** Written now: an old one would only be counted. */
export function aMessage(customer: number, letters: number = SHORT_TEXT) {
  const words = 'Do you keep a loaf of the dark one for me until the evening, please? ';
  return {
    from: phoneOf(customer),
    from_user_id: userOf(customer),
    id: `wamid.HBgLMzQ2MDAwMDAwMDAVAgASGBQzQTdCODUwM.${customer}`,
    timestamp: String(Math.floor(Date.now() / 1_000)),
    type: 'text',
    text: { body: words.repeat(Math.ceil(letters / words.length)).slice(0, letters) },
  };
}

export function aStatus(customer: number) {
  return {
    id: `wamid.HBgLMzQ2MDAwMDAwMDAVAgARGBI5QTdCODUwM.${customer}`,
    status: 'delivered',
    timestamp: String(Math.floor(Date.now() / 1_000)),
    recipient_id: phoneOf(customer),
    recipient_user_id: userOf(customer),
    pricing: {
      billable: true,
      pricing_model: 'PMP',
      category: 'service',
      type: 'free_customer_service',
    },
  };
}

function phoneOf(customer: number): string {
  return `3460${String(customer).padStart(7, '0')}`;
}

function userOf(customer: number): string {
  return `ES.9021${customer}`;
}

export function signed(body: string): SignedWebhook {
  return { body: Buffer.from(body), signature: signatureOf(body, APP_SECRET) };
}
