import { isObject, type JsonObject, listAt, textAt } from '#domain/json.ts';
import type { ModelClock } from '#local/clock.ts';
import type { Business } from './business.ts';
import { advance, type Chat, type ChatMessage, nameOf } from './chat.ts';
import type { Chats } from './chats.ts';
import {
  moveIn,
  opensWindow,
  phoneDigits,
  profileNameIn,
  sightingIn,
  valuesIn,
} from './inbound-element.ts';
import { type InboundFile, withFile } from './inbound-file.ts';
import { MEDIA_TYPES } from './media-rules.ts';
import type { MediaStore } from './media-store.ts';
import type { Numbers } from './numbers.ts';
import { invalid } from './parameter-checks.ts';
import type { RandomBytes } from './random-bytes.ts';
import { makeWamid } from './wamid.ts';
import { contactBlock } from './webhook-body.ts';
import type { DeliveryAttempt } from './webhook-delivery.ts';
import type { WorldEvent } from './world-event.ts';

/** A message that a customer is to send: words, or an element of Meta's `messages[]`. */
export interface InboundRequest {
  /** Phone number id of the business. */
  readonly to: string;
  /** The customer's phone; may be missing where the element names its sender. */
  readonly from?: string | undefined;
  /** The customer's profile name. */
  readonly name?: string | undefined;
  readonly text?: string | undefined;
  readonly message?: JsonObject | undefined;
  /** Of a message that is one. */
  readonly file?: InboundFile | undefined;
}

/** No phone could send this; the message says what is missing. */
export class InboundError extends Error {
  override readonly name = 'InboundError';
}

export interface InboxDeps {
  readonly clock: ModelClock;
  readonly randomBytes: RandomBytes;
  readonly numbers: Numbers;
  readonly chats: Chats;
  readonly media: MediaStore;
  readonly emit: (event: Omit<WorldEvent, 'at'>) => void;
  readonly sendWebhook: (
    chat: Chat,
    value: Record<string, unknown>,
    report: (attempt: DeliveryAttempt) => void,
  ) => void;
}

/** What customers write: into the chat, and on its way to the business. */
export class Inbox {
  readonly #deps: InboxDeps;
  readonly #byWamid = new Map<string, { readonly chat: Chat; readonly message: ChatMessage }>();

  constructor(deps: InboxDeps) {
    this.#deps = deps;
  }

  /** @throws InboundError */
  receive(request: InboundRequest): string {
    const business = this.#deps.numbers.find(request.to);
    if (!business) throw new InboundError(`No business has the phone number id ${request.to}`);
    const draft = draftElement(request);
    const chat = this.#chatOf(business, draft, request.name);
    const element = this.#complete(this.#withFile(draft, request, business), chat);
    const { message } = this.#keep(chat, element);
    const value = {
      // Meta sends no contacts with a system message.
      ...(element.type === 'system' ? {} : { contacts: [contactBlock(chat.user)] }),
      messages: [element],
    };
    this.#deps.sendWebhook(chat, value, ({ status }) => {
      if (status !== 200) return;
      advance(message, 'delivered', this.#deps.clock.now());
      const detail = 'The system took the message over';
      this.#deps.emit({ kind: 'accepted', chat: nameOf(chat), detail });
    });
    return element.id;
  }

  observe(body: Buffer, isOf: (business: Business) => boolean): void {
    for (const { phoneNumberId, value } of valuesIn(parse(body))) {
      const business = this.#deps.numbers.find(phoneNumberId);
      if (!business || !isOf(business)) continue;
      for (const element of listAt(value, 'messages').filter(isObject)) {
        this.#observeElement(business, element, profileNameIn(value, element));
      }
    }
  }

  /** Marks this message and the earlier ones of its chat as read. @throws GraphError 131009 */
  markRead(business: Business, wamid: string, notBeforeMs: number): Chat {
    const known = this.#byWamid.get(wamid);
    if (!known || known.chat.business !== business || known.message.atMs < notBeforeMs) {
      throw invalid('message_id is not a message that this number received in the last 30 days.');
    }
    for (const message of known.chat.messages) {
      if (message.direction === 'in' && message.atMs <= known.message.atMs) {
        advance(message, 'read', this.#deps.clock.now());
      }
    }
    return known.chat;
  }

  #observeElement(business: Business, element: JsonObject, name: string | undefined): void {
    const id = textAt(element, 'id');
    const { phone, userId } = sightingIn(element, name);
    const group = textAt(element, 'group_id');
    if (id === undefined || (phone ?? userId ?? group) === undefined) return;
    const chat = this.#chatOf(business, element, name);
    const { message } = this.#keep(chat, {
      ...element,
      id,
      type: textAt(element, 'type') ?? 'unknown',
    });
    advance(message, 'delivered', this.#deps.clock.now());
  }

  /** Puts the element into its chat, unless it is there already. */
  #keep(chat: Chat, element: Element): { readonly message: ChatMessage } {
    const known = this.#byWamid.get(element.id);
    if (known?.chat === chat) return known;
    const atMs = this.#deps.clock.now();
    const message: ChatMessage = {
      wamid: element.id,
      direction: 'in',
      atMs,
      type: element.type,
      payload: element,
      state: 'sent',
      history: [{ state: 'sent', atMs }],
    };
    chat.messages.push(message);
    this.#byWamid.set(element.id, { chat, message });
    if (opensWindow(element.type)) chat.lastInboundAtMs = atMs;
    this.#deps.emit({
      kind: 'message',
      chat: nameOf(chat),
      detail: `Customer wrote: ${element.type}`,
    });
    return { message };
  }

  #chatOf(business: Business, element: JsonObject, name: string | undefined): Chat {
    const { chats } = this.#deps;
    const group = textAt(element, 'group_id');
    if (group !== undefined) return chats.openGroup(business, group);
    const move = moveIn(element);
    if (!move) return chats.open(business, sightingIn(element, name));
    const known = move.previous.map((alias) => chats.find(business, alias)).find(Boolean);
    const chat = known ?? chats.open(business, sightingIn(element, name));
    chats.move(chat, move.next);
    return chat;
  }

  #withFile(draft: JsonObject, { file }: InboundRequest, business: Business): JsonObject {
    const type = textAt(draft, 'type') ?? 'unknown';
    if (!file) return draft;
    if (!MEDIA_TYPES.includes(type))
      throw new InboundError(`A message of type ${type} has no file`);
    const { phoneNumberId } = business;
    return withFile(draft, type, file, { media: this.#deps.media, phoneNumberId });
  }

  #complete(draft: JsonObject, chat: Chat): Element {
    const { clock, randomBytes } = this.#deps;
    const { phone, userId, isGroup } = chat.user;
    return {
      ...(isGroup || phone === undefined ? {} : { from: phone }),
      ...(isGroup ? {} : { from_user_id: userId }),
      timestamp: String(Math.floor(clock.now() / 1_000)),
      ...draft,
      id: textAt(draft, 'id') ?? makeWamid('in', phone ?? userId, randomBytes),
      type: textAt(draft, 'type') ?? 'unknown',
    };
  }
}

type Element = JsonObject & { readonly id: string; readonly type: string };

function draftElement({ from, text, message }: InboundRequest): JsonObject {
  const phone = from === undefined ? undefined : phoneDigits(from);
  if (from !== undefined && phone === undefined) {
    throw new InboundError('from must be a phone number in digits, with country code');
  }
  if ((text === undefined) === (message === undefined)) {
    throw new InboundError('Give either text or message');
  }
  const content = message ?? { type: 'text', text: { body: text } };
  const sender = sightingIn(content, undefined);
  if (phone === undefined && sender.phone === undefined && sender.userId === undefined) {
    throw new InboundError('Give from, or a message with from or from_user_id');
  }
  return phone === undefined ? content : { from: phone, ...content };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
