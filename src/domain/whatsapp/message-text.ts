import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from '#domain/json.ts';
import type { InboundMessage } from './inbound-message.ts';

/** How each answerable type reads as text; a type that is not here is recorded and not answered. */
const READERS: Readonly<Record<string, (raw: JsonObject) => string>> = {
  text: (raw) => textAt(objectAt(raw, 'text') ?? {}, 'body') ?? '',
  button: (raw) => textAt(objectAt(raw, 'button') ?? {}, 'text') ?? '',
  interactive: readInteractive,
  image: (raw) => readMedia(raw, 'image', 'an image'),
  video: (raw) => readMedia(raw, 'video', 'a video'),
  audio: readAudio,
  document: (raw) => readMedia(raw, 'document', 'a document'),
  sticker: () => '[The customer sent a sticker]',
  location: readLocation,
  contacts: readContacts,
  order: readOrder,
};

/**
 * Whether the assistant owes a reply. Reactions, notices, edits, unsupported and unknown types are
 * kept for what they are; groups are recorded, since a reply to one member would be out of place.
 */
export function isAnswerable(message: InboundMessage): boolean {
  if (message.raw['group_id'] !== undefined) return false;
  return Object.hasOwn(READERS, message.type) && readText(message) !== '';
}

/** The message in words, for the model; empty for a type that has none. */
export function readText(message: InboundMessage): string {
  if (!Object.hasOwn(READERS, message.type)) return '';
  return READERS[message.type]?.(message.raw) ?? '';
}

function readInteractive(raw: JsonObject): string {
  const interactive = objectAt(raw, 'interactive') ?? {};
  const reply = objectAt(interactive, 'button_reply') ?? objectAt(interactive, 'list_reply');
  if (reply) return textAt(reply, 'title') ?? textAt(reply, 'id') ?? '';
  const form = objectAt(interactive, 'nfm_reply');
  return form
    ? `[The customer filled in a form] ${textAt(form, 'response_json') ?? ''}`.trim()
    : '';
}

/** What the customer wrote under a picture or file. */
export function captionOf({ type, raw }: InboundMessage): string | undefined {
  return textAt(objectAt(raw, type) ?? {}, 'caption');
}

function readMedia(raw: JsonObject, key: string, what: string): string {
  const media = objectAt(raw, key) ?? {};
  const caption = textAt(media, 'caption');
  const name = textAt(media, 'filename');
  const named = name ? `${what} named "${name}"` : what;
  return caption
    ? `[The customer sent ${named} with this caption] ${caption}`
    : `[The customer sent ${named}]`;
}

function readAudio(raw: JsonObject): string {
  const voice = objectAt(raw, 'audio')?.['voice'] === true;
  return voice ? '[The customer sent a voice note]' : '[The customer sent an audio file]';
}

function readLocation(raw: JsonObject): string {
  const place = objectAt(raw, 'location') ?? {};
  const words = [textAt(place, 'name'), textAt(place, 'address')].filter(Boolean).join(', ');
  const latitude = numberAt(place, 'latitude');
  const longitude = numberAt(place, 'longitude');
  const where =
    latitude === undefined || longitude === undefined ? '' : ` ${latitude}, ${longitude}`;
  return `[The customer sent a location]${where}${words ? ` (${words})` : ''}`;
}

function readContacts(raw: JsonObject): string {
  const names = listAt(raw, 'contacts')
    .filter(isObject)
    .map((card) => textAt(objectAt(card, 'name') ?? {}, 'formatted_name'))
    .filter(Boolean);
  return `[The customer sent contact cards] ${names.join(', ')}`.trim();
}

function readOrder(raw: JsonObject): string {
  const order = objectAt(raw, 'order') ?? {};
  const items = listAt(order, 'product_items')
    .filter(isObject)
    .map((item) => {
      const price = [numberAt(item, 'item_price'), textAt(item, 'currency')]
        .filter(Boolean)
        .join(' ');
      const product = textAt(item, 'product_retailer_id') ?? 'unknown product';
      return `${numberAt(item, 'quantity') ?? 1} × ${product}${price ? ` at ${price}` : ''}`;
    });
  const note = textAt(order, 'text');
  return `[The customer placed an order] ${items.join('; ')}${note ? ` (${note})` : ''}`.trim();
}
