import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { parseContactId, parsePhoneNumberId } from '#domain/ids.ts';
import { isObject, type JsonObject, numberAt, textAt } from '#domain/json.ts';
import type { LogLine } from './lambda/invocation.ts';
import type { Feed, FeedEntry } from './simulator-api/feed.ts';
import type { WhatsAppWorld } from './whatsapp/world.ts';
import type { ChatName, WorldEvent } from './whatsapp/world-event.ts';

type Telling = (line: JsonObject) => Pick<FeedEntry, 'kind' | 'detail'>;

/** Log events that are worth a line on the page, in words for somebody who does not know the code. */
const TELLINGS: Readonly<Record<string, Telling>> = {
  chat_rung: () => ({ kind: 'queue', detail: 'The bell rang; a worker answers it' }),
  turn_started: (line) => ({
    kind: 'turn',
    detail: `Turn started: ${numberAt(line, 'messages')} to answer`,
  }),
  turn_closed: (line) => ({
    kind: 'turn',
    detail: `Turn closed: ${textAt(line, 'outcome')}, ${numberAt(line, 'messages')} covered`,
  }),
  turn_deferred: (line) => ({
    kind: 'queue',
    detail: `Deferred by ${numberAt(line, 'delayMs')} ms: ${textAt(line, 'cause')}`,
  }),
  burst_awaited: (line) => ({
    kind: 'queue',
    detail: `Perhaps the customer writes on: looking again in ${numberAt(line, 'delayMs')} ms`,
  }),
  answer_late: () => ({ kind: 'turn', detail: 'Waited beyond the deadline: the fallback is sent' }),
  messages_unanswered: ({ outcome }) => ({
    kind: 'turn',
    detail: outcome === 'limited' ? 'Beyond the limits: kept, not answered' : 'Left to a person',
  }),
  bubble_repeated: () => ({ kind: 'send', detail: 'WhatsApp could not deliver it: sent again' }),
  bubble_given_up: () => ({
    kind: 'send',
    detail: 'WhatsApp could not deliver it: flagged for a person',
  }),
  turn_fenced: () => ({ kind: 'turn', detail: 'Another worker was faster; this one stopped' }),
  chat_moved: () => ({ kind: 'turn', detail: 'Linked the ids of this contact' }),
  messages_parked: (line) => ({ kind: 'turn', detail: `Parked: ${textAt(line, 'reason')}` }),
  messages_recorded: () => ({ kind: 'turn', detail: 'Recorded; it needs no answer' }),
  ambiguous_part_resent: () => ({ kind: 'turn', detail: 'No proof of the send came: sent again' }),
  ambiguous_part_proven: () => ({
    kind: 'turn',
    detail: 'A status proved the send; not sent again',
  }),
  send_ambiguous: () => ({ kind: 'send', detail: 'Perhaps sent: waiting for proof' }),
  send_refused: (line) => ({ kind: 'send', detail: `Send refused: ${textAt(line, 'code')}` }),
  model_failed: (line) => ({ kind: 'model', detail: `Model failed: ${textAt(line, 'code')}` }),
  message_rung_again: () => ({ kind: 'queue', detail: 'The sweeper rang the bell again' }),
  command_accepted: (line) => ({
    kind: 'queue',
    detail: `Somebody of the business: ${textAt(line, 'kind')}`,
  }),
  notice_delivered: (line) => ({
    kind: 'send',
    detail: `Told the business's server: ${textAt(line, 'notice')}`,
  }),
  notice_refused: (line) => ({
    kind: 'send',
    detail: `The business's server did not take ${textAt(line, 'notice')}: ${textAt(line, 'code')}`,
  }),
  notice_parked: (line) => ({
    kind: 'send',
    detail: `Gave up telling the business's server: ${textAt(line, 'reason')}`,
  }),
  notice_announced: (line) => ({
    kind: 'send',
    detail: `Announced to the topic: ${textAt(line, 'notice')}`,
  }),
  chat_failed: () => ({ kind: 'turn', detail: 'Something failed; the chat is tried again' }),
};

/** Tells the page what the functions write to their logs, where it concerns a chat. */
export class Narrator {
  readonly #feed: Feed;
  readonly #world: WhatsAppWorld;
  readonly #chats = new Map<string, ChatName>();

  constructor(feed: Feed, world: WhatsAppWorld) {
    this.#feed = feed;
    this.#world = world;
  }

  hear({ stream, text }: LogLine): void {
    const line = stream === 'platform' ? undefined : parse(text);
    const event = line && textAt(line, 'message');
    if (!line || !event || !Object.hasOwn(TELLINGS, event)) return;
    const told = TELLINGS[event]?.(line);
    const chat = this.#chatOf(textAt(line, 'chat'));
    if (told) this.#feed.push({ at: Date.now(), chat, ...told });
  }

  /** The model was asked, or has answered, for the chat behind a safety identifier. */
  model(what: 'asked' | 'answered', safetyIdentifier: string | undefined): void {
    const detail = what === 'asked' ? 'Asked the model' : 'The model answered';
    this.#feed.push({
      at: Date.now(),
      kind: 'model',
      chat: this.#chatOf(safetyIdentifier),
      detail,
    });
  }

  /** Something happens in a chat: by which pseudonyms the logs will speak of it. */
  meet({ chat }: WorldEvent): void {
    if (!chat) return;
    const phoneNumberId = parsePhoneNumberId(chat.phoneNumberId);
    for (const id of this.#world.idsOf(chat)) {
      const contact = parseContactId(id);
      if (phoneNumberId && contact) {
        this.#chats.set(pseudonyms.ofChat({ phoneNumberId, contact }), chat);
      }
    }
  }

  /** Logs hold pseudonyms only. */
  #chatOf(pseudonym: string | undefined): ChatName | undefined {
    return pseudonym === undefined ? undefined : this.#chats.get(pseudonym);
  }
}

function parse(text: string): JsonObject | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return isObject(line) ? line : undefined;
  } catch {
    return undefined;
  }
}
