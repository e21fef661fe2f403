import { APP_SECRET, asWhatsAppBusiness, DEMO_BUSINESSES } from '../../../local/demo.ts';
import type { WhatsAppUser } from '../../../local/whatsapp/contact-book.ts';
import {
  contactBlock,
  encodeAsMeta,
  messagesWebhook,
  signAsMeta,
} from '../../../local/whatsapp/webhook-body.ts';
import { gatewayEvent } from './gateway-event.ts';

export const BAKERY = firstBusiness();

function firstBusiness() {
  const [first] = DEMO_BUSINESSES.map(asWhatsAppBusiness);
  if (!first) throw new Error('Give local/demo.ts a business: webhooks are written to the first');
  return first;
}

/** Somebody who writes to the bakery; everybody has a number of their own. */
export function customer(number: number): WhatsAppUser {
  return {
    name: `Customer ${number}`,
    phone: `34600${String(number).padStart(6, '0')}`,
    userId: `ES.${String(number).padStart(15, '0')}`,
    isGroup: false,
  };
}

/** A question that is answered at once: nobody waits whether its writer goes on. */
const QUESTION = 'Do you still have two loaves of the dark rye bread for me this evening?';

let written = 0;

/** The webhook of one text message, which nobody has written before. */
export function textWebhook(from: WhatsAppUser, text = QUESTION): object {
  written += 1;
  const message = {
    from: from.phone,
    from_user_id: from.userId,
    id: `wamid.bench.${process.pid}.${Date.now()}.${written}`,
    timestamp: String(Math.floor(Date.now() / 1_000)),
    type: 'text',
    text: { body: text },
  };
  return messagesWebhook(BAKERY, { contacts: [contactBlock(from)], messages: [message] });
}

/** As long as a webhook of one message is at Meta with its longest names and ids. */
const USUAL_BYTES = 1_024;

/** A text webhook of exactly 1 KB. */
export function usualWebhook(from: WhatsAppUser): object {
  const missing = USUAL_BYTES - encodeAsMeta(textWebhook(from)).length;
  return textWebhook(from, `${QUESTION}${' Thank you very much!'.repeat(50).slice(0, missing)}`);
}

/** The webhook of the delivery states of so many bubbles that this customer has received. */
export function statusWebhook(to: WhatsAppUser, count: number): object {
  const chat = `${BAKERY.phoneNumberId}#${to.userId}`;
  const statuses = Array.from({ length: count }, (_, nth) => ({
    id: `wamid.bench.out.${process.pid}.${nth}`,
    status: 'delivered',
    timestamp: String(Math.floor(Date.now() / 1_000)),
    recipient_id: to.phone,
    recipient_user_id: to.userId,
    biz_opaque_callback_data: `concierge/1 ${chat} ${Date.now()}.${nth} 0`,
    pricing: { billable: true, pricing_model: 'PMP', type: 'regular', category: 'service' },
  }));
  return messagesWebhook(BAKERY, { contacts: [contactBlock(to)], statuses });
}

/** What API Gateway gives ingest for these bytes, signed as Meta signs. @returns JSON */
function signedEvent(bytes: Buffer): string {
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'facebookexternalua',
    'x-hub-signature-256': signAsMeta(bytes, APP_SECRET),
  };
  return gatewayEvent({ method: 'POST', path: '/webhook', headers, body: bytes });
}

/** As `signedEvent`, of what Meta would make of this. */
export function webhookEvent(body: object): string {
  return signedEvent(encodeAsMeta(body));
}
