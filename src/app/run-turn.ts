import { hasOptedOut } from '#domain/conversation/consent.ts';
import { isSilent } from '#domain/conversation/silence.ts';
import { NO_MEMORY } from '#domain/memory/memory.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { ChatWork } from './answer-chat.ts';
import { type ChatOutcome, FENCED } from './chat-outcome.ts';
import { type ComposeReplyDeps, composeReply } from './compose-reply.ts';
import type { DeliverTurnDeps } from './delivery-step.ts';
import { handOver } from './hand-over.ts';
import { armTimer, keepForPerson } from './keep-for-person.ts';
import { limitChat } from './limit-chat.ts';
import { type ChatState, findFormerChat, type MoveChatDeps } from './move-chat.ts';
import { deliverDraft } from './open-turn.ts';
import { readEarlier } from './read-earlier.ts';

export interface RunTurnDeps extends ComposeReplyDeps, DeliverTurnDeps, MoveChatDeps {}

/**
 * A turn from the first word to the last: asks the model, stores the draft, which fails if another worker
 * was faster, and delivers it. `readAgain` starts over where more has joined the chat meanwhile.
 */
export async function runTurn(
  work: ChatWork,
  tenant: Tenant,
  state: ChatState,
  deps: RunTurnDeps,
  readAgain: () => Promise<ChatOutcome>,
): Promise<ChatOutcome> {
  const { messages, pending } = state;
  const former = await findFormerChat(state, { chat: work.chat, tenantId: tenant.id }, deps);
  if (former.kind === 'busy') return former.outcome;
  if (former.kind === 'joined') return readAgain();
  if (isSilent(former.head, tenant, deps.clock.now())) {
    // A person had the contact's other chat, and keeps it under the id that it is now linked to.
    const kept = { tenant, head: former.head, timers: pending.timers };
    return keepForPerson(work, kept, pending.toAnswer, deps);
  }
  if (hasOptedOut(former.head, tenant.optOut)) {
    // Told under the other id, and known under this one from now on.
    const saved = await deps.store.saveHead(work.chat, former.head);
    return saved === 'stale' ? FENCED : readAgain();
  }
  deps.log.debug('turn_started', { messages: pending.toAnswer.length });
  const question = {
    work,
    tenant,
    head: former.head,
    memory: state.memory ?? NO_MEMORY,
    former: former.messages,
    earlier: await readEarlier(work, tenant, { ...state, head: former.head }, deps),
    messages,
    pending,
  };
  const composed = await composeReply(question, deps);
  switch (composed.kind) {
    case 'deferred':
      return composed;
    case 'overtaken':
      return readAgain();
    case 'hand-over': {
      const { head, pending: waiting } = composed;
      const known = { head: { ...head, asked: 0 }, tenantId: tenant.id };
      if (head.state !== 'assistant') {
        const kept = { tenant, head: known.head, timers: pending.timers };
        return keepForPerson(work, kept, waiting.toAnswer, deps);
      }
      return handOver(work.chat, known, waiting.toAnswer, deps);
    }
    case 'limited':
      return limitChat(work, tenant, composed, deps);
    case 'draft': {
      const { head } = composed;
      const draft = { ...composed.draft, tenantId: tenant.id };
      const timed = { tenant, head, timers: pending.timers };
      const unarmed = head.handOver?.untold && (await armTimer(work.chat, timed, deps));
      if (unarmed) return unarmed;
      return deliverDraft(work, { head, draft, messages, pending }, deps);
    }
  }
}
