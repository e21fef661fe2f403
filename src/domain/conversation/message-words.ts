import { type JsonObject, objectAt, textAt } from '#domain/json.ts';
import { mediumOf } from '#domain/media/medium.ts';
import { readingWords } from '#domain/media/reading-words.ts';
import { asMarkdown } from '#domain/whatsapp/formatting.ts';
import { captionOf, readText } from '#domain/whatsapp/message-text.ts';
import type { StoredInbound, StoredMessage } from './message.ts';

/** What a message of the same chat says, by Meta's id of it. */
export type Quoted = (
  wamid: string,
) => { readonly whose: 'ours' | 'theirs'; readonly text: string } | undefined;

const LONGEST_QUOTE = 400;
const LONGEST_NOTE = 300;

/** What the messages of a chat say, for those that quote them. */
export function quotesIn(messages: readonly StoredMessage[]): Quoted {
  const byWamid = new Map(
    messages.map((stored) => [
      stored.direction === 'in' ? stored.message.wamid : stored.wamid,
      stored,
    ]),
  );
  return (wamid) => {
    const stored = byWamid.get(wamid);
    if (!stored) return undefined;
    return stored.direction === 'in'
      ? { whose: 'theirs', text: wordsOf(stored) }
      : { whose: 'ours', text: asMarkdown(stored.text) };
  };
}

/**
 * A customer's message as the model gets it: what it says, and what it says about itself. Whatever comes of
 * a file, a form or a quotation is quoted, and set apart from the customer's own words by brackets.
 */
export function wordsForModel(stored: StoredInbound, quoted: Quoted): string {
  const words = wordsOf(stored);
  if (words === '') return '';
  return [...notesOn(stored, quoted), words].join('\n');
}

function wordsOf(stored: StoredInbound): string {
  if (stored.revision === 'deleted') return '[The customer deleted this message]';
  const { message, reading } = stored;
  if (message.type === 'reaction') return reactionWords(message.raw);
  if (message.type === 'interactive' || message.type === 'button') return tapWords(stored);
  const medium = mediumOf(message);
  if (!medium) return readText(message);
  const caption = captionOf(message);
  const said = readingWords(medium, reading, {
    isVoice: objectAt(message.raw, 'audio')?.['voice'] === true,
  });
  return caption ? `${said}\n[With this caption] ${caption}` : said;
}

/** The title is what the customer saw; the id is what the business made of it. */
function tapWords({ message }: StoredInbound): string {
  const { raw } = message;
  const interactive = objectAt(raw, 'interactive') ?? {};
  const reply = objectAt(interactive, 'button_reply') ?? objectAt(interactive, 'list_reply');
  const words = readText(message);
  const id = reply ? textAt(reply, 'id') : textAt(objectAt(raw, 'button') ?? {}, 'payload');
  const description = reply && textAt(reply, 'description');
  const details = [description, id && id !== words ? `id ${id}` : undefined].filter(Boolean);
  return words !== '' && details.length > 0
    ? `${words} [chosen; ${details.join('; ').slice(0, LONGEST_NOTE)}]`
    : words;
}

/** Without an emoji it was taken back. */
function reactionWords(raw: JsonObject): string {
  const emoji = textAt(objectAt(raw, 'reaction') ?? {}, 'emoji');
  return emoji ? `[The customer reacted with ${emoji.slice(0, 16)}]` : '';
}

function notesOn(
  { message: { type, raw }, revision }: StoredInbound,
  quoted: Quoted,
): readonly string[] {
  const context = objectAt(raw, 'context') ?? {};
  const reactedTo = type === 'reaction' ? objectAt(raw, 'reaction') : undefined;
  const wamid = reactedTo ? textAt(reactedTo, 'message_id') : textAt(context, 'id');
  const product = textAt(objectAt(context, 'referred_product') ?? {}, 'product_retailer_id');
  return [
    ...(wamid ? [quoteNote(quoted(wamid))] : []),
    ...(context['frequently_forwarded'] === true ? ['[Forwarded many times]'] : []),
    ...(context['forwarded'] === true ? ['[Forwarded, so perhaps not their own words]'] : []),
    ...(product ? [`[About the product ${product.slice(0, LONGEST_NOTE)}]`] : []),
    ...adNote(objectAt(raw, 'referral')),
    ...(revision === 'edited' ? ['[Edited by the customer since]'] : []),
  ];
}

function quoteNote(quote: ReturnType<Quoted>): string {
  if (!quote) return '[In reply to an earlier message that is not at hand]';
  const whose = quote.whose === 'ours' ? 'what you said' : 'their own message';
  const isCut = quote.text.length > LONGEST_QUOTE;
  const text = `${quote.text.slice(0, LONGEST_QUOTE)}${isCut ? '…' : ''}`;
  return `[In reply to ${whose}: ${quotation(text)}]`;
}

function adNote(referral: JsonObject | undefined): readonly string[] {
  if (!referral) return [];
  const parts = [textAt(referral, 'headline'), textAt(referral, 'body')].filter(Boolean);
  const what = textAt(referral, 'source_type') === 'post' ? 'a post' : 'an ad';
  const words = parts.length > 0 ? `: ${quotation(parts.join(' — ').slice(0, LONGEST_NOTE))}` : '';
  return [`[Came from ${what} of the business${words}]`];
}

/** In quotes that the text itself cannot end. */
function quotation(text: string): string {
  return `“${text.replaceAll('“', '"').replaceAll('”', '"')}”`;
}
