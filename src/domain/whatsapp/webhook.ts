import { type PhoneNumberId, parsePhoneNumberId } from '#domain/ids.ts';
import { isObject, type JsonObject, listAt, objectAt, textAt, valueAt } from '#domain/json.ts';
import { type InboundMessage, readInboundMessage } from './inbound-message.ts';

/** Something in a webhook that is not a customer's message, with where it stood. */
export interface WebhookEvent {
  readonly kind: 'status' | 'event' | 'malformed';
  /** Meta's field word (`messages`, `account_update`, …), `unknown` where it cannot be read. */
  readonly field: string;
  /** WhatsApp Business Account (or portfolio) id of the entry. */
  readonly accountId: string | undefined;
  readonly phoneNumberId: PhoneNumberId | undefined;
  /** The piece as Meta sent it. */
  readonly payload: unknown;
}

export interface WebhookContent {
  readonly messages: readonly InboundMessage[];
  readonly events: readonly WebhookEvent[];
}

/** Lists of a `messages` value that are taken element by element; whatever else it holds is one event. */
const ELEMENT_LISTS = ['messages', 'statuses'];
const CONTEXT_KEYS = ['messaging_product', 'metadata', 'contacts'];

/**
 * Takes a verified webhook body apart: several entries, changes, numbers and up to 1,000 updates. A
 * malformed piece becomes an event of kind `malformed` and never costs its neighbours.
 */
export function readWebhook(body: JsonObject): WebhookContent {
  const messages: InboundMessage[] = [];
  const events: WebhookEvent[] = [];
  const entries = valueAt(body, 'entry');
  if (!Array.isArray(entries)) {
    return { messages, events: [malformed({ field: 'unknown' }, body)] };
  }
  for (const entry of entries) {
    if (!isObject(entry) || !Array.isArray(valueAt(entry, 'changes'))) {
      events.push(malformed({ field: 'unknown' }, entry));
      continue;
    }
    for (const change of listAt(entry, 'changes')) {
      const content = readChange(textAt(entry, 'id'), change);
      messages.push(...content.messages);
      events.push(...content.events);
    }
  }
  return { messages, events: withoutFlood(events, body) };
}

/** Meta sends at most 1,000 updates at once (Cloud API, webhooks overview). */
const MOST_MALFORMED = 1_000;

/** More malformed pieces than Meta sends updates are one malformed body, not a queue full of pieces. */
function withoutFlood(events: readonly WebhookEvent[], body: JsonObject): readonly WebhookEvent[] {
  const isFlood = events.filter(({ kind }) => kind === 'malformed').length > MOST_MALFORMED;
  if (!isFlood) return events;
  const healthy = events.filter(({ kind }) => kind !== 'malformed');
  return [...healthy, malformed({ field: 'unknown' }, body)];
}

function readChange(accountId: string | undefined, change: unknown): WebhookContent {
  const field = isObject(change) ? textAt(change, 'field') : undefined;
  const value = isObject(change) ? objectAt(change, 'value') : undefined;
  if (!field || !value) {
    return { messages: [], events: [malformed({ field: field ?? 'unknown', accountId }, change)] };
  }
  const metadata = objectAt(value, 'metadata');
  const phoneNumberId = parsePhoneNumberId(metadata?.['phone_number_id']);
  const place = { field, accountId, phoneNumberId };
  if (field !== 'messages') {
    return { messages: [], events: [{ kind: 'event', ...place, payload: value }] };
  }
  return readMessagesValue(place, value);
}

interface Place {
  readonly field: string;
  readonly accountId?: string | undefined;
  readonly phoneNumberId?: PhoneNumberId | undefined;
}

function readMessagesValue(place: Place, value: JsonObject): WebhookContent {
  const messages: InboundMessage[] = [];
  const events: WebhookEvent[] = [];
  for (const element of listAt(value, 'messages')) {
    const message = place.phoneNumberId && readInboundMessage(place.phoneNumberId, element);
    if (message) messages.push(message);
    else events.push(malformed(place, element));
  }
  for (const element of listAt(value, 'statuses')) {
    const known = isObject(element) && textAt(element, 'id') && textAt(element, 'status');
    events.push(known ? event('status', place, element) : malformed(place, element));
  }
  for (const list of ELEMENT_LISTS) {
    const odd = valueAt(value, list);
    if (odd !== undefined && !Array.isArray(odd)) events.push(malformed(place, { [list]: odd }));
  }
  const rest = Object.entries(value).filter(
    ([key]) => !ELEMENT_LISTS.includes(key) && !CONTEXT_KEYS.includes(key),
  );
  if (rest.length > 0) events.push(event('event', place, Object.fromEntries(rest)));
  return { messages, events };
}

function malformed(place: Place, payload: unknown): WebhookEvent {
  return event('malformed', place, payload);
}

function event(kind: WebhookEvent['kind'], place: Place, payload: unknown): WebhookEvent {
  const { field, accountId, phoneNumberId } = place;
  return { kind, field, accountId, phoneNumberId, payload };
}
