import { personTextOf, requestPerson } from '#domain/conversation/person-request.ts';
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
export function isPersonWanted({ head, pending }: ChatState, { handOver }: Tenant): boolean {
  if (head.state !== 'assistant') return false;
  return pending.toAnswer.some(({ message }) => asksForPerson(message, handOver));
}

/** The customer asks for a person: no model is paid, and what else they wrote is the person's. */
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
  const first = { ...pending, toAnswer: pending.toAnswer.slice(0, MOST_IN_A_TURN) };
  const { contact } = work.chat;
  const says = personTextOf(tenant, { contact, language: head.language }, nowMs);
  const draft = {
    ...draftOf(first, 'notice', says),
    tenantId: tenant.id,
  };
  return deliverDraft(work, { head, draft, messages, pending }, deps);
}
