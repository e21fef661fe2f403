import { type ChatHead, newHead } from '#domain/conversation/head.ts';
import {
  inboundKey,
  type StoredInbound,
  type StoredMessage,
} from '#domain/conversation/message.ts';
import type { Pending } from '#domain/conversation/plan-turn.ts';
import type { Chat, ContactId } from '#domain/ids.ts';
import { type ChatOutcome, FENCED, SETTLED } from './chat-outcome.ts';
import type { ConversationStore } from './ports/conversation-store.ts';
import type { Log } from './ports/log.ts';
import type { Metrics } from './ports/metrics.ts';
import type { ChatBell } from './ports/queues.ts';

export interface MoveChatDeps {
  readonly store: ConversationStore;
  readonly bell: ChatBell;
  readonly log: Log;
  readonly metrics: Metrics;
}

const FORMER_MESSAGES = 20;

/** A chat as it was read at the start of a turn. */
export interface ChatState {
  readonly head: ChatHead;
  readonly messages: readonly StoredMessage[];
  readonly pending: Pending;
}

/** Earlier messages of the contact under another id, if any. */
export type FormerChat =
  | {
      readonly kind: 'known';
      readonly contact: ContactId | undefined;
      readonly messages: readonly StoredMessage[] | undefined;
    }
  | { readonly kind: 'busy'; readonly outcome: ChatOutcome };

/**
 * Links the two ids of a contact: the first message that carries both a user id and a phone number
 * makes the phone number's chat an alias of the user id's, so that messages with only the phone number
 * find their way, and what was said there before is remembered.
 */
export async function findFormerChat(
  { head, messages: own, pending }: ChatState,
  chat: Chat,
  { store, log }: MoveChatDeps,
): Promise<FormerChat> {
  const phone = head.version === 0 ? phoneOf(chat, pending.toAnswer) : undefined;
  const contact = head.formerly ?? phone;
  const hasEnough = own.length >= FORMER_MESSAGES && !phone;
  if (!contact || hasEnough) return { kind: 'known', contact, messages: undefined };
  const former = { ...chat, contact };
  const messages = store.readRecent(former, { limit: FORMER_MESSAGES, keys: [] });
  if (!phone) return { kind: 'known', contact, messages: await messages };
  const [formerHead, formerMessages] = await Promise.all([store.readHead(former), messages]);
  if (formerHead.openTurn) {
    return {
      kind: 'busy',
      outcome: { kind: 'deferred', delayMs: 5_000, cause: 'former-chat-busy' },
    };
  }
  if (formerHead.movedTo !== chat.contact) {
    const moved = await store.saveHead(former, { ...formerHead, movedTo: chat.contact });
    if (moved === 'stale') return { kind: 'busy', outcome: FENCED };
    log.info('chat_moved', { because: 'linked' });
  }
  return { kind: 'known', contact, messages: formerMessages };
}

function phoneOf(chat: Chat, toAnswer: readonly StoredInbound[]): ContactId | undefined {
  const phone = toAnswer.map(({ message }) => message.waId).findLast(Boolean);
  return phone === chat.contact ? undefined : phone;
}

/**
 * Meta's notice that the contact has a new number or id: the record goes on under the new one. The new
 * head comes first, then the pointer to it, so that a crash in between is repeated harmlessly.
 */
export async function moveChat(
  head: ChatHead,
  chat: Chat,
  to: ContactId,
  pending: Pending,
  deps: MoveChatDeps,
): Promise<ChatOutcome> {
  const { store, log } = deps;
  const next = { ...chat, contact: to };
  const nextHead = await store.readHead(next);
  if (nextHead.formerly !== chat.contact || nextHead.movedTo) {
    const { tenantId, state, flag, lastMessageAtMs } = head;
    const start =
      nextHead.version === 0 ? { ...newHead(), tenantId, state, flag, lastMessageAtMs } : nextHead;
    const saved = await store.saveHead(next, {
      ...start,
      formerly: chat.contact,
      movedTo: undefined,
    });
    if (saved === 'stale') return FENCED;
  }
  const moved = await store.saveHead(chat, { ...head, movedTo: to });
  if (moved === 'stale') return FENCED;
  log.info('chat_moved', { because: 'notice' });
  return forwardChat(chat, to, pending, deps);
}

/** Puts what waits in a moved chat into the inbox of its successor and rings there. */
export async function forwardChat(
  chat: Chat,
  to: ContactId,
  pending: Pending,
  { store, bell, metrics }: MoveChatDeps,
): Promise<ChatOutcome> {
  const next = { ...chat, contact: to };
  await finishAll(chat, pending.toRecord, 'recorded', store);
  metrics.count('MessagesRecorded', pending.toRecord.length);
  const arrivals = pending.toAnswer.map(({ message, acceptedAtMs, position, correlationId }) => ({
    message: { ...message, chat: next },
    acceptedAtMs,
    position,
    correlationId,
  }));
  if (arrivals.length === 0) return SETTLED;
  const results = await store.accept(arrivals);
  const unrung = await bell.ring(
    arrivals.map(({ message, correlationId }) => ({
      chat: next,
      messageKey: inboundKey(message),
      number: 0,
      correlationId,
    })),
  );
  if (results.includes('refused') || unrung.length > 0) {
    return { kind: 'deferred', delayMs: 2_000, cause: 'forward-not-taken' };
  }
  await finishAll(chat, pending.toAnswer, 'moved', store);
  return SETTLED;
}

async function finishAll(
  chat: Chat,
  messages: readonly StoredInbound[],
  outcome: 'recorded' | 'moved',
  store: ConversationStore,
): Promise<void> {
  if (messages.length === 0) return;
  const keys = messages.map(({ key }) => key);
  await store.finish(chat, keys, { outcome, turnId: undefined });
}
