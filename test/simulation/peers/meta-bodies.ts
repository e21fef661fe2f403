import { BUSINESSES, type Business, POISON, tokenOf } from '../people.ts';
import type { Customer, PlannedMessage } from '../plan/schedule.ts';
import { START_MS } from '../settings.ts';

/** Something that happened at one number, as an element of one of Meta's lists. */
export interface Update {
  readonly business: 0 | 1;
  readonly list: 'messages' | 'statuses' | 'message_echoes';
  readonly element: Readonly<Record<string, unknown>>;
}

export function wamidOf({ id, customer }: PlannedMessage): string {
  return `wamid.${Buffer.from(`in${id} 3460011${customer}`).toString('base64')}`;
}

/** Unix seconds, as Meta writes them. */
export function timestampOf(atMs: number): string {
  return String(Math.floor((START_MS + atMs) / 1000));
}

export function messageUpdate(message: PlannedMessage, customer: Customer): Update {
  const from = message.ids === 'user' ? {} : { from: customer.phones[message.phone] };
  const user = message.ids === 'phone' ? {} : { from_user_id: customer.userId };
  return {
    business: customer.business,
    list: 'messages',
    element: {
      ...from,
      ...user,
      id: wamidOf(message),
      timestamp: timestampOf(message.writtenAtMs),
      ...contentOf(message, customer),
    },
  };
}

function contentOf(message: PlannedMessage, customer: Customer): Record<string, unknown> {
  const text = `${tokenOf(message, customer)} hello`;
  switch (message.type) {
    case 'text':
      return { type: 'text', text: { body: text } };
    case 'stop':
      return { type: 'text', text: { body: `${tokenOf(message, customer)} Stop!` } };
    case 'start':
      return { type: 'text', text: { body: `${tokenOf(message, customer)} START` } };
    case 'wants-person':
      return { type: 'text', text: { body: `${tokenOf(message, customer)} Human!` } };
    case 'poison':
      return { type: 'text', text: { body: `${text} ${POISON}` } };
    case 'image':
      return { type: 'image', image: { id: '1', caption: text } };
    case 'document':
      return { type: 'document', document: { id: '2', filename: text } };
    case 'voice': {
      // The token stands where it is seen whether or not the voice note can be heard.
      const context = { referred_product: { product_retailer_id: tokenOf(message, customer) } };
      return { type: 'audio', audio: { id: `voice-${message.id}`, voice: true }, context };
    }
    case 'location':
      return { type: 'location', location: { latitude: 1, longitude: 2, name: text } };
    case 'button':
      return { type: 'button', button: { text, payload: 'p' } };
    case 'reaction':
      return { type: 'reaction', reaction: { emoji: '👍', message_id: 'wamid.X' } };
    case 'unsupported':
      return { type: 'unsupported', unsupported: { type: 'pin' }, errors: [{ code: 131051 }] };
    case 'changed-number':
      return {
        type: 'system',
        system: {
          type: 'user_changed_number',
          wa_id: customer.phones[message.phone === 0 ? 1 : 0],
          body: text,
        },
      };
  }
}

/** A webhook body around updates of either business. */
export function webhookBody(updates: readonly Update[]): Buffer {
  const entry = BUSINESSES.map((business) => ({
    business,
    own: updates.filter((update) => update.business === business.index),
  }))
    .filter(({ own }) => own.length > 0)
    .map(({ business, own }) => ({
      id: business.accountId,
      changes: [
        change('messages', business, {
          ...elements(own, 'messages'),
          ...elements(own, 'statuses'),
        }),
        change('smb_message_echoes', business, elements(own, 'message_echoes')),
      ].flat(),
    }));
  return Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry }));
}

/** Nothing for a field of which nothing is told. */
function change(field: string, { phoneNumberId }: Business, lists: Record<string, unknown>) {
  if (Object.keys(lists).length === 0) return [];
  const metadata = { phone_number_id: phoneNumberId };
  return [{ field, value: { messaging_product: 'whatsapp', metadata, ...lists } }];
}

function elements(updates: readonly Update[], list: Update['list']): Record<string, unknown> {
  const found = updates.filter((update) => update.list === list).map(({ element }) => element);
  return found.length > 0 ? { [list]: found } : {};
}
