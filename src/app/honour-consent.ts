import type { Choice } from '#domain/conversation/choice.ts';
import { planConsent } from '#domain/conversation/consent.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import type { StoredInbound } from '#domain/conversation/message.ts';
import { recipientOf } from '#domain/conversation/plan-turn.ts';
import { bubblesOf } from '#domain/conversation/reply-parts.ts';
import { isSilent } from '#domain/conversation/silence.ts';
import { closeTurn, MOST_IN_A_TURN } from '#domain/conversation/turn.ts';
import type { Chat } from '#domain/ids.ts';
import { countNotice } from '#domain/limits/contact-usage.ts';
import { textFor } from '#domain/tenant/speech.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { ChatWork } from './answer-chat.ts';
import { type ChatOutcome, FENCED, SETTLED } from './chat-outcome.ts';
import { finishUnanswered } from './hand-over.ts';
import { keepForPerson } from './keep-for-person.ts';
import type { ChatState } from './move-chat.ts';
import { openAndDeliver } from './open-turn.ts';
import { park } from './park-chat.ts';
import type { RunTurnDeps } from './run-turn.ts';

type Confirmation = { readonly choice: Choice; readonly messages: readonly StoredInbound[] };

/**
 * Who says STOP, or what the business has in its place, gets one confirmation and then nothing, until they
 * say START. What they write in between is kept. Where a person has the chat they see all of it, and the
 * assistant confirms nothing; where nothing can be sent, a STOP holds without its confirmation, and so
 * does whatever is said too often: each confirmation is a bubble that is billed.
 * @returns `go-on` where the messages are to be answered as ever
 */
export async function honourConsent(
  work: ChatWork,
  tenant: Tenant,
  state: ChatState & { readonly canSend: boolean },
  deps: RunTurnDeps,
): Promise<ChatOutcome | 'go-on'> {
  const { head, pending, canSend } = state;
  const isPersons = isSilent(head, tenant, deps.clock.now());
  const step = planConsent(head, pending.toAnswer, tenant.optOut);
  const known = { head, tenantId: tenant.id };
  switch (step.kind) {
    case 'none':
      return 'go-on';
    case 'keep':
      return isPersons
        ? 'go-on'
        : finishUnanswered(work.chat, known, step.messages, 'opted-out', deps);
    case 'confirm':
      break;
  }
  const chosen = { ...known, head: { ...head, replies: step.choice } };
  if (isPersons) {
    count(step.choice, deps);
    const kept = { tenant, head: chosen.head, timers: pending.timers };
    return keepForPerson(work, kept, step.messages, deps);
  }
  const usage = countNotice(head.usage, deps.clock.now());
  if (!usage) {
    count(step.choice, deps);
    const outcome = step.choice.kind === 'stopped' ? 'opted-out' : 'recorded';
    return finishUnanswered(work.chat, chosen, step.messages, outcome, deps);
  }
  if (canSend) {
    const counted = { ...chosen.head, usage };
    return confirm(work, tenant, { ...state, head: counted }, step, deps);
  }
  if (step.choice.kind === 'resumed') return 'go-on';
  count(step.choice, deps);
  return finishUnanswered(work.chat, chosen, step.messages, 'opted-out', deps);
}

/**
 * A draft of which nothing is out is forgotten, since its contact wants nothing any more: what it would have
 * answered waits again. The write fences whoever is about to send it.
 */
export async function dropTurn(
  chat: Chat,
  head: ChatHead,
  { store, log }: Pick<RunTurnDeps, 'store' | 'log'>,
): Promise<ChatOutcome> {
  const saved = await store.saveHead(chat, closeTurn(head));
  if (saved === 'stale') return FENCED;
  log.info('turn_dropped', { turnId: head.openTurn?.id });
  return SETTLED;
}

/** A turn like any other, but that its text is the business's and no model is asked. */
async function confirm(
  work: ChatWork,
  tenant: Tenant,
  { head, messages, pending }: ChatState,
  { choice, messages: all }: Confirmation,
  deps: RunTurnDeps,
): Promise<ChatOutcome> {
  // What is older than one turn can name is kept after it, without a word.
  const heard = all.slice(-MOST_IN_A_TURN);
  const kind = choice.kind === 'stopped' ? 'optOut' : 'optIn';
  const draft = {
    kind: 'notice' as const,
    bubbles: bubblesOf(textFor(tenant, kind, work.chat, head)),
    waitingSinceMs: Math.min(...heard.map(({ waitingSinceMs }) => waitingSinceMs)),
    answers: heard.map(({ key }) => key),
    recipient: recipientOf(heard),
    tenantId: tenant.id,
    lastMessageAtMs: lastOf(heard, head),
  };
  const delivered = await openAndDeliver({ work, head, draft, messages }, deps);
  const isFenced = delivered.kind === 'deferred' && delivered.cause === FENCED.cause;
  if (!isFenced) count(choice, deps);
  return delivered.kind === 'unsendable'
    ? park(work, pending, delivered.parking, deps, draft.answers)
    : delivered;
}

function lastOf(messages: readonly StoredInbound[], { lastMessageAtMs }: ChatHead): number {
  return Math.max(lastMessageAtMs, ...messages.map(({ message }) => message.sentAtMs));
}

function count({ kind }: Choice, { log, metrics }: RunTurnDeps): void {
  metrics.count(kind === 'stopped' ? 'ContactsOptedOut' : 'ContactsOptedIn');
  log.info('consent_changed', { kind });
}
