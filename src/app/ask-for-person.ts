import type { StoredInbound } from '#domain/conversation/message.ts';
import { personTextOf, requestPerson } from '#domain/conversation/person-request.ts';
import { type Pending, recipientOf } from '#domain/conversation/plan-turn.ts';
import { MOST_IN_A_TURN } from '#domain/conversation/turn.ts';
import { asksForPerson } from '#domain/tenant/person-words.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { ChatWork } from './answer-chat.ts';
import type { ChatOutcome } from './chat-outcome.ts';
import { draftOf } from './compose-reply.ts';
import type { DeliverTurnDeps } from './delivery-step.ts';
import { armTimer } from './keep-for-person.ts';
import type { ChatState } from './move-chat.ts';
import { deliverDraft } from './open-turn.ts';

/** Whether one of the messages asks for a person, and nobody is asked for yet. */
export function isPersonWanted({ head, pending }: ChatState, tenant: Tenant): boolean {
  return head.state === 'assistant' && askingIn(pending, tenant).length > 0;
}

function askingIn({ toAnswer }: Pending, { handOver }: Tenant): readonly StoredInbound[] {
  return toAnswer.filter(({ message }) => asksForPerson(message, handOver));
}

/**
 * The customer asks for a person: that is answered without a model. What else they wrote goes on waiting, for
 * whoever has the chat then: it is left to the person, who may never come.
 */
export async function askForPerson(
  work: ChatWork,
  tenant: Tenant,
  { head: found, messages, pending }: ChatState,
  deps: DeliverTurnDeps,
): Promise<ChatOutcome> {
  const nowMs = deps.clock.now();
  const head = requestPerson(found, 'customer', nowMs);
  const unarmed = await armTimer(work.chat, { tenant, head, timers: pending.timers }, deps);
  if (unarmed) return unarmed;
  const asking = { ...pending, toAnswer: askingIn(pending, tenant).slice(0, MOST_IN_A_TURN) };
  const { contact } = work.chat;
  const says = personTextOf(tenant, { contact, language: head.language }, nowMs);
  const draft = {
    ...draftOf(asking, 'notice', says),
    recipient: recipientOf(pending.toAnswer),
    tenantId: tenant.id,
  };
  return deliverDraft(work, { head, draft, messages, pending }, deps);
}
