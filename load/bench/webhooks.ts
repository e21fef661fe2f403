import { APP_SECRET } from '../../local/demo.ts';
import { contactBlock, encodeAsMeta, signAsMeta } from '../../local/whatsapp/webhook-body.ts';
import { BAKERY, customer } from './stand-ins/webhooks.ts';

/** A webhook's bytes as they arrive. */
export interface SignedWebhook {
  readonly body: Buffer;
  readonly signature: string;
}

export interface SizedWebhook extends SignedWebhook {
  readonly name: string;
  readonly messages: number;
  readonly statuses: number;
  /** What the bytes say. */
  readonly content: object;
}

/** The text that makes a webhook of one message 1 KB; in batches messages are shorter. */
const LONG_TEXT = 508;
const SHORT_TEXT = 335;

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
  const content = webhookOf([
    {
      ...numberValue(BAKERY.phoneNumberId),
      messages: Array.from({ length: messages }, (_, nth) => aMessage(first + nth, letters)),
      ...(statuses > 0 && {
        statuses: Array.from({ length: statuses }, (_, nth) => aStatus(first + nth)),
      }),
    },
  ]);
  return { name, messages, statuses, content, ...signed(encodeAsMeta(content)) };
}

/** What Meta says of a number and its customers beside the updates. */
export function numberValue(phoneNumberId: string) {
  return {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '15550000001', phone_number_id: phoneNumberId },
    contacts: [contactBlock(customer(0))],
  };
}

/** An entry for each value. */
export function webhookOf(values: readonly object[]): object {
  const entry = values.map((value) => ({
    id: BAKERY.accountId,
    changes: [{ field: 'messages', value }],
  }));
  return { object: 'whatsapp_business_account', entry };
}

/** Written now: an old one would only be counted. */
export function aMessage(writer: number, letters: number = SHORT_TEXT) {
  const words = 'Do you keep a loaf of the dark one for me until the evening, please? ';
  const { phone, userId } = customer(writer);
  return {
    from: phone,
    from_user_id: userId,
    id: `wamid.HBgLMzQ2MDAwMDAwMDAVAgASGBQzQTdCODUwM.${writer}`,
    timestamp: String(Math.floor(Date.now() / 1_000)),
    type: 'text',
    text: { body: words.repeat(Math.ceil(letters / words.length)).slice(0, letters) },
  };
}

export function aStatus(reader: number) {
  const { phone, userId } = customer(reader);
  return {
    id: `wamid.HBgLMzQ2MDAwMDAwMDAVAgARGBI5QTdCODUwM.${reader}`,
    status: 'delivered',
    timestamp: String(Math.floor(Date.now() / 1_000)),
    recipient_id: phone,
    recipient_user_id: userId,
    pricing: {
      billable: true,
      pricing_model: 'PMP',
      category: 'service',
      type: 'free_customer_service',
    },
  };
}

export function signed(body: Buffer): SignedWebhook {
  return { body, signature: signAsMeta(body, APP_SECRET) };
}
