import { windowClosesAtMs } from '#domain/conversation/age.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import type { StoredMessage } from '#domain/conversation/message.ts';
import { type Draft, openTurn } from '#domain/conversation/turn.ts';
import type { Chat } from '#domain/ids.ts';
import { countCost } from '#domain/limits/contact-usage.ts';
import { priceOfBubble } from '#domain/money/bubble-cost.ts';
import { type MicroUsd, sumOf } from '#domain/money/micro-usd.ts';
import type { ChatWork } from './answer-chat.ts';
import { type ChatOutcome, FENCED } from './chat-outcome.ts';
import { deliverTurn } from './deliver-turn.ts';
import type { DeliverTurnDeps, Delivery, Mark } from './delivery-step.ts';
import type { ChatState } from './move-chat.ts';
import { park } from './park-chat.ts';

/** A draft of what waits, to its end; what cannot be sent is parked with what else waits. */
export async function deliverDraft(
  work: ChatWork,
  { pending, ...turn }: ChatState & { readonly draft: Draft },
  deps: DeliverTurnDeps,
): Promise<ChatOutcome> {
  const delivered = await openAndDeliver({ ...turn, work }, deps);
  return delivered.kind === 'unsendable'
    ? park(work, pending, delivered.parking, deps, turn.draft.answers)
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
  const nowMs = deps.clock.now();
  // A person's words are no use of the assistant: what Meta asks for them is the tenant's alone.
  const usage =
    draft.kind === 'person'
      ? head.usage
      : countCost(head.usage, priceOfBubbles(work.chat, draft), nowMs);
  const saved = await deps.store.saveHead(work.chat, openTurn({ ...head, usage }, draft, nowMs));
  if (saved === 'stale') {
    deps.metrics.count('TurnsFenced');
    deps.log.warn('turn_fenced', { at: 'draft' });
    return FENCED;
  }
  // Once for each chat and day: a turn is stored once.
  if (daysOf(draft.lastMessageAtMs) > daysOf(head.lastMessageAtMs))
    deps.metrics.count('ChatsActive');
  const mark: Mark = 'ours';
  const turn = {
    ...work,
    tenantId: draft.tenantId,
    windowClosesAtMs: windowClosesAtMs(messages),
  };
  return deliverTurn(turn, saved, mark, deps);
}

/** As if none were free: what Meta asks in the end is counted for the tenant, and not for the contact. */
function priceOfBubbles({ contact }: Chat, { bubbles }: Draft): MicroUsd {
  return sumOf(bubbles.map(() => priceOfBubble(contact)));
}

/** Not as a date, since a sender's time may be beyond all of them. */
function daysOf(ms: number): number {
  return Math.floor(ms / 86_400_000);
}
