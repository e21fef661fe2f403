import type { ChatHead } from '#domain/conversation/head.ts';
import type { StoredInbound } from '#domain/conversation/message.ts';
import { MOST_IN_A_TURN } from '#domain/conversation/turn.ts';
import type { Chat } from '#domain/ids.ts';
import { isTold } from '#domain/limits/contact-usage.ts';
import { textFor } from '#domain/tenant/speech.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { ChatWork } from './answer-chat.ts';
import type { ChatOutcome } from './chat-outcome.ts';
import { draftOf } from './compose-reply.ts';
import type { DeliverTurnDeps } from './delivery-step.ts';
import { finishUnanswered } from './hand-over.ts';
import type { ChatState } from './move-chat.ts';
import { deliverDraft } from './open-turn.ts';

/**
 * A limit or a budget has no room for these messages: they are kept, the chat is flagged for a person,
 * and the customer is told once.
 */
export async function limitChat(
  work: ChatWork,
  tenant: Tenant,
  { head, messages, pending }: ChatState,
  deps: DeliverTurnDeps,
): Promise<ChatOutcome> {
  const nowMs = deps.clock.now();
  const flagged: ChatHead = { ...head, flag: 'limited', asked: 0 };
  if (isTold(head.usage, nowMs)) {
    deps.metrics.count('MessagesLimited', pending.toAnswer.length);
    const known = { head: flagged, tenantId: tenant.id };
    return finishUnanswered(work.chat, known, pending.toAnswer, 'limited', deps);
  }
  deps.metrics.count('ContactsLimited');
  const told = { ...flagged, usage: { ...head.usage, toldAtMs: nowMs } };
  // Those that one turn can name; the rest is finished after it.
  const first = { ...pending, toAnswer: pending.toAnswer.slice(0, MOST_IN_A_TURN) };
  deps.metrics.count('MessagesLimited', first.toAnswer.length);
  const says = textFor(tenant, 'limit', work.chat, head);
  const draft = { ...draftOf(first, 'limit', says), tenantId: tenant.id };
  return deliverDraft(work, { head: told, draft, messages, pending }, deps);
}

/**
 * Finishes what is beyond the limits, after the answer to the rest, whose turn has flagged the chat. Not
 * before: what is finished would lie above what still waits, and hide it from whoever reads the chat next.
 */
export async function setAside(
  chat: Chat,
  beyond: readonly StoredInbound[],
  { store, log, metrics }: DeliverTurnDeps,
): Promise<void> {
  if (beyond.length === 0) return;
  const keys = beyond.map(({ key }) => key);
  await store.finish(chat, keys, { outcome: 'limited', turnId: undefined });
  metrics.count('MessagesFinished', keys.length);
  metrics.count('MessagesLimited', keys.length);
  log.info('messages_unanswered', { messages: keys.length, outcome: 'limited' });
}
