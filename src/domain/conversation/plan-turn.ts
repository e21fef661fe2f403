import { type ContactId, parseContactId } from '#domain/ids.ts';
import { objectAt } from '#domain/json.ts';
import type { InboundMessage } from '#domain/whatsapp/inbound-message.ts';
import { isAnswerable } from '#domain/whatsapp/message-text.ts';
import type { Recipient } from './head.ts';
import {
  compareInbound,
  type MessageKey,
  type StoredInbound,
  type StoredMessage,
} from './message.ts';

/** Everything in a chat that waits for us, sorted out. */
export interface Pending {
  /** To be answered together, in the order of Meta's timestamps. */
  readonly toAnswer: readonly StoredInbound[];
  /** To be kept without an answer. */
  readonly toRecord: readonly StoredInbound[];
  /** The contact's new id, where a system notice among them says so. */
  readonly movesTo: ContactId | undefined;
}

/**
 * What is unanswered in a chat. Parked messages count again once the chat is rung, except those that a
 * bug parked: they would take the new ones down with them, and wait for a ring that names them.
 */
export function planTurn(
  messages: readonly StoredMessage[],
  rung: ReadonlySet<MessageKey>,
): Pending {
  const waiting = messages
    .filter((each): each is StoredInbound => each.direction === 'in' && waits(each, rung))
    .sort(compareInbound);
  const movesTo = waiting.map((each) => newContactOf(each.message)).findLast(Boolean);
  return {
    toAnswer: waiting.filter((each) => isAnswerable(each.message)),
    toRecord: waiting.filter((each) => !isAnswerable(each.message)),
    movesTo,
  };
}

/** Not finished yet: unfinished, or parked and now tried again. */
function waits(stored: StoredInbound, rung: ReadonlySet<MessageKey>): boolean {
  switch (stored.progress.kind) {
    case 'unfinished':
      return true;
    case 'parked':
      return stored.progress.reason !== 'bug' || rung.has(stored.key);
    case 'finished':
      return false;
  }
}

/** The id under which this contact goes on, if the message is Meta's notice of a change. */
function newContactOf(message: InboundMessage): ContactId | undefined {
  if (message.type !== 'system') return undefined;
  const system = objectAt(message.raw, 'system');
  if (!system) return undefined;
  const next =
    parseContactId(system['user_id']) ??
    parseContactId(system['wa_id']) ??
    parseContactId(system['new_wa_id']);
  return next === message.chat.contact ? undefined : next;
}

/** The newest known address; a message without a phone number does not forget the one before it. */
export function recipientOf(messages: readonly StoredInbound[]): Recipient {
  return {
    waId: messages.map(({ message }) => message.waId).findLast(Boolean),
    userId: messages.map(({ message }) => message.userId).findLast(Boolean),
  };
}
