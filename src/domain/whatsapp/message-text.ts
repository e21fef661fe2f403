import { isObject, type JsonObject, listAt, objectAt, textAt } from '#domain/json.ts';
import type { InboundMessage } from './inbound-message.ts';
import { contactsText, formText, locationText, orderText } from './structured-text.ts';

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
  location: locationText,
  contacts: contactsText,
  order: orderText,
  edit: readEdit,
  unsupported: readUnsupported,
};

/**
 * Whether the assistant owes a reply. Reactions, notices and unknown types are kept for what they are;
 * groups are recorded, since a reply to one member would be out of place.
 */
export function isAnswerable(message: InboundMessage): boolean {
  if (message.raw['group_id'] !== undefined) return false;
  return Object.hasOwn(READERS, message.type) && readText(message) !== '';
}

/** A reaction that is there; without an emoji it was taken back. */
export function isAnswerableReaction({ type, raw }: InboundMessage): boolean {
  if (type !== 'reaction' || raw['group_id'] !== undefined) return false;
  return textAt(objectAt(raw, 'reaction') ?? {}, 'emoji') !== undefined;
}

/** The message in words; empty for a type that has none. */
export function readText(message: Pick<InboundMessage, 'type' | 'raw'>): string {
  if (!Object.hasOwn(READERS, message.type)) return '';
  return READERS[message.type]?.(message.raw) ?? '';
}

function readInteractive(raw: JsonObject): string {
  const interactive = objectAt(raw, 'interactive') ?? {};
  const reply = objectAt(interactive, 'button_reply') ?? objectAt(interactive, 'list_reply');
  if (reply) return textAt(reply, 'title') ?? textAt(reply, 'id') ?? '';
  const form = objectAt(interactive, 'nfm_reply');
  return form ? formText(form) : '';
}

/** What the customer wrote under a picture or file. */
export function captionOf({ type, raw }: Pick<InboundMessage, 'type' | 'raw'>): string | undefined {
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

function readEdit(raw: JsonObject): string {
  const text = editedText(raw);
  return text === undefined
    ? ''
    : `[The customer changed an earlier message, which now reads] ${text}`;
}

/** The new words of an edited text, or the new caption of an edited picture. */
function editedText(raw: JsonObject): string | undefined {
  const message = objectAt(objectAt(raw, 'edit') ?? {}, 'message');
  const type = message && textAt(message, 'type');
  if (!message || !type) return undefined;
  const content = objectAt(message, type) ?? {};
  return textAt(content, type === 'text' ? 'body' : 'caption');
}

/** Things of which Meta only says that they are there; of these nobody expects a word. */
const SILENT = ['reaction', 'edit', 'pin', 'keep_in_chat', 'poll_update', 'errors'];

/** Meta's words are in no language of the customer's, so only the kind is named. */
function readUnsupported(raw: JsonObject): string {
  const type = textAt(objectAt(raw, 'unsupported') ?? {}, 'type');
  const hasError = listAt(raw, 'errors').some(isObject);
  if ((type && SILENT.includes(type)) || (!type && !hasError)) return '';
  const kind = type && /^[a-z_]{1,40}$/.test(type) ? ` (${type.replaceAll('_', ' ')})` : '';
  return `[The customer sent something that WhatsApp does not pass on to businesses${kind}. ${CANNOT_SEE}]`;
}

/** Said to the model of whatever it is not shown. */
export const CANNOT_SEE =
  'You cannot see or hear it: say so honestly in the language of the conversation, ask for it in words if it may matter, and do not guess what it is';
