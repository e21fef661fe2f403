import { windowClosesAtMs } from '#domain/conversation/age.ts';
import { hasOptedOut } from '#domain/conversation/consent.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import type { StoredMessage } from '#domain/conversation/message.ts';
import { type Draft, openTurn } from '#domain/conversation/turn.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { ChatWork } from './answer-chat.ts';
import { type ChatOutcome, FENCED } from './chat-outcome.ts';
import { type ComposeReplyDeps, composeReply } from './compose-reply.ts';
import { deliverTurn } from './deliver-turn.ts';
import type { DeliverTurnDeps, Delivery, Mark } from './delivery-step.ts';
import { handOver } from './hand-over.ts';
import { type ChatState, findFormerChat, type MoveChatDeps } from './move-chat.ts';
import { park } from './park-chat.ts';

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
  const former = await findFormerChat(state, work.chat, deps);
  if (former.kind === 'busy') return former.outcome;
  if (former.kind === 'joined') return readAgain();
  if (former.head.state === 'human') {
    // A person had the contact's other chat, and keeps it under the id that it is now linked to.
    const known = { head: former.head, tenantId: tenant.id };
    return handOver(work.chat, known, pending.toAnswer, deps);
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
    former: former.messages,
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
      return handOver(work.chat, known, waiting.toAnswer, deps);
    }
    case 'draft':
      break;
  }
  const draft = { ...composed.draft, tenantId: tenant.id };
  const delivered = await openAndDeliver({ work, head: composed.head, draft, messages }, deps);
  return delivered.kind === 'unsendable'
    ? park(work, pending, delivered.parking, deps, draft.answers)
    : delivered;
}

/** Stores a draft as the open turn of its chat, and brings it to its end. */
export async function openAndDeliver(
  {
    work,
    head,
    draft,
    messages,
  }: {
    readonly work: ChatWork;
    readonly head: ChatHead;
    readonly draft: Draft;
    readonly messages: readonly StoredMessage[];
  },
  deps: DeliverTurnDeps,
): Promise<Delivery> {
  const saved = await deps.store.saveHead(work.chat, openTurn(head, draft, deps.clock.now()));
  if (saved === 'stale') {
    deps.metrics.count('TurnsFenced');
    deps.log.warn('turn_fenced', { at: 'draft' });
    return FENCED;
  }
  const mark: Mark = 'ours';
  const turn = {
    ...work,
    tenantId: draft.tenantId,
    windowClosesAtMs: windowClosesAtMs(messages),
  };
  return deliverTurn(turn, saved, mark, deps);
}
