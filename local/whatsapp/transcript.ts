import { isObject, type JsonObject, listAt, objectAt, textAt } from '#domain/json.ts';
import { type Chat, type ChatMessage, type MessageState, windowClosesAtMs } from './chat.ts';
import type { Pricing } from './pricing.ts';

/** What the transcript view tells of one message. */
interface TranscriptMessage {
  readonly wamid: string;
  readonly direction: 'in' | 'out';
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly type: string;
  /** The words of the message, or in brackets what it is. */
  readonly text: string;
  /** Ticks: for the customer's own messages `read` means that the business read it. */
  readonly status: MessageState;
  readonly history: readonly { readonly status: MessageState; readonly at: number }[];
  readonly error_code: number | null;
  readonly pricing: Pricing | null;
  /** Id of the message that this one quotes or reacts to. */
  readonly quotes: string | null;
  readonly payload: JsonObject;
}

export interface Transcript {
  readonly phone_number_id: string;
  readonly contact: {
    readonly phone: string | null;
    readonly user_id: string;
    readonly name: string;
  };
  /** When the 24 hours end in which the business may write freely; null: the customer never wrote. */
  readonly window_closes_at: number | null;
  /** Until when the customer sees that the business types; in the past: it does not. */
  readonly typing_until: number;
  readonly messages: readonly TranscriptMessage[];
}

export function transcriptOf(chat: Chat): Transcript {
  return {
    phone_number_id: chat.business.phoneNumberId,
    contact: {
      phone: chat.user.phone ?? null,
      user_id: chat.user.userId,
      name: chat.user.name,
    },
    window_closes_at: windowClosesAtMs(chat) ?? null,
    typing_until: chat.typingUntilMs,
    messages: chat.messages.map(viewOf),
  };
}

function viewOf(message: ChatMessage): TranscriptMessage {
  const { payload } = message;
  const context = objectAt(payload, 'context') ?? {};
  const reaction = objectAt(payload, 'reaction') ?? {};
  return {
    wamid: message.wamid,
    direction: message.direction,
    at: message.atMs,
    type: message.type,
    text: wordsOf(message.type, payload),
    status: message.state,
    history: message.history.map(({ state, atMs }) => ({ status: state, at: atMs })),
    error_code: message.errorCode ?? null,
    pricing: message.pricing ?? null,
    quotes:
      textAt(reaction, 'message_id') ??
      textAt(context, 'message_id') ??
      textAt(context, 'id') ??
      null,
    payload,
  };
}

function wordsOf(type: string, payload: JsonObject): string {
  const content = objectAt(payload, type) ?? {};
  switch (type) {
    case 'text':
      return textAt(content, 'body') ?? '';
    case 'button':
      return textAt(content, 'text') ?? '[button]';
    case 'reaction':
      return textAt(content, 'emoji') ?? '[reaction removed]';
    case 'system':
      return textAt(content, 'body') ?? '[system]';
    case 'template':
      return `[template ${textAt(content, 'name') ?? ''}]`;
    case 'interactive':
      return interactiveWords(content);
    case 'contacts':
      return `[contacts] ${cardNames(payload)}`.trim();
    case 'location':
      return `[location] ${textAt(content, 'name') ?? ''}`.trim();
    default:
      return `[${type}] ${textAt(content, 'caption') ?? textAt(content, 'filename') ?? ''}`.trim();
  }
}

function interactiveWords(interactive: JsonObject): string {
  const reply = objectAt(interactive, 'button_reply') ?? objectAt(interactive, 'list_reply');
  const body = objectAt(interactive, 'body');
  return (
    (reply && textAt(reply, 'title')) ??
    (body && textAt(body, 'text')) ??
    `[${textAt(interactive, 'type') ?? 'interactive'}]`
  );
}

function cardNames(payload: JsonObject): string {
  return listAt(payload, 'contacts')
    .filter(isObject)
    .map((card) => textAt(objectAt(card, 'name') ?? {}, 'formatted_name') ?? '')
    .join(', ');
}
