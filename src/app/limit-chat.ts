import type { ChatHead } from '#domain/conversation/head.ts';
import { isTold } from '#domain/limits/contact-usage.ts';
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
  deps.metrics.count('MessagesLimited', pending.toAnswer.length);
  const flagged: ChatHead = { ...head, flag: 'limited', asked: 0 };
  if (isTold(head.usage, nowMs)) {
    const known = { head: flagged, tenantId: tenant.id };
    return finishUnanswered(work.chat, known, pending.toAnswer, 'limited', deps);
  }
  deps.metrics.count('ContactsLimited');
  const told = { ...flagged, usage: { ...head.usage, toldAtMs: nowMs } };
  const draft = { ...draftOf(pending, 'limit', tenant.limitText), tenantId: tenant.id };
  return deliverDraft(work, { head: told, draft, messages, pending }, deps);
}
