import { windowClosesAtMs } from '#domain/conversation/age.ts';
import { hasOptedOut } from '#domain/conversation/consent.ts';
import type { Recipient } from '#domain/conversation/head.ts';
import { isDraftedBefore } from '#domain/conversation/lost-time.ts';
import type {
  FollowUp,
  StoredInbound,
  StoredMessage,
  StoredOutbound,
} from '#domain/conversation/message.ts';
import { recipientOf } from '#domain/conversation/plan-turn.ts';
import { bubblesOf } from '#domain/conversation/reply-parts.ts';
import { isOwn } from '#domain/conversation/tenancy.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { ChatWork } from './answer-chat.ts';
import { type ChatOutcome, FENCED, SETTLED } from './chat-outcome.ts';
import type { ChatState } from './move-chat.ts';
import { openAndDeliver } from './open-turn.ts';
import type { RunTurnDeps } from './run-turn.ts';

/** A text that failed so often will not get through; a person looks at the chat. */
const MOST_SENDS = 3;

/**
 * The first of the bubbles that WhatsApp took and then could not deliver: it is sent again where that
 * can help, as a turn of its own that answers nothing; else the chat is flagged for a person.
 */
export async function followUpBubbles(
  work: ChatWork,
  tenant: Tenant,
  { head, messages, pending }: ChatState,
  deps: RunTurnDeps,
): Promise<ChatOutcome> {
  const [bubble] = pending.toFollowUp;
  if (!bubble?.followUp) return SETTLED;
  const recipient = recipientFor(bubble.followUp, messages);
  const isInTime = deps.clock.now() < windowClosesAtMs(messages);
  // Whoever has moved on is not written to at the old address.
  const isPersons = bubble.author === 'person';
  // Where a person has the chat only what that person said is said again.
  const isOurs =
    (isPersons || (head.state !== 'human' && !hasOptedOut(head, tenant.optOut))) &&
    head.movedTo === undefined;
  // Of two copies that may be out, one may have come through.
  const isCertain = bubble.copies === 1;
  // What another tenant said from this number is not said again in our name.
  const isSaidByUs = isOwn(head, bubble);
  const canRepeat =
    isSaidByUs &&
    // Perhaps it was said again already, before the tables were restored.
    !isDraftedBefore(bubble.turnId, deps) &&
    recipient &&
    isInTime &&
    bubble.text &&
    bubble.template === undefined &&
    bubble.sends < MOST_SENDS &&
    isOurs &&
    isCertain;
  if (!canRepeat) return giveUp(work, head, bubble, deps);
  deps.metrics.count('BubblesRepeated');
  deps.log.warn('bubble_repeated', {
    turnId: bubble.turnId,
    part: bubble.part,
    sends: bubble.sends,
  });
  const draft = {
    kind: 'repeat' as const,
    bubbles: bubblesOf(bubble.text),
    waitingSinceMs: deps.clock.now(),
    answers: [],
    recipient,
    tenantId: tenant.id,
    lastMessageAtMs: head.lastMessageAtMs,
    repeats: { key: bubble.key, sends: bubble.sends, author: bubble.author },
  };
  const delivered = await openAndDeliver({ work, head, draft, messages }, deps);
  // Nothing of the customer's waits in this turn: it stays open until the operator's fix, and is found.
  return delivered.kind === 'unsendable'
    ? { kind: 'deferred', delayMs: 60_000, cause: delivered.parking.code }
    : delivered;
}

async function giveUp(
  work: ChatWork,
  head: ChatState['head'],
  bubble: StoredOutbound,
  { store, metrics, log }: RunTurnDeps,
): Promise<ChatOutcome> {
  metrics.count('BubblesGivenUp');
  log.warn('bubble_given_up', { turnId: bubble.turnId, part: bubble.part, sends: bubble.sends });
  if (head.flag !== 'undeliverable' && isOwn(head, bubble)) {
    const saved = await store.saveHead(work.chat, { ...head, flag: 'undeliverable' });
    if (saved === 'stale') return FENCED;
  }
  await store.settleFollowUp(work.chat, bubble.key);
  return SETTLED;
}

/** @returns undefined where no send can help */
function recipientFor(
  followUp: FollowUp,
  messages: readonly StoredMessage[],
): Recipient | undefined {
  const known = recipientOf(
    messages.filter((each): each is StoredInbound => each.direction === 'in'),
  );
  switch (followUp) {
    case 'person':
      return undefined;
    case 'send-again':
    case 'send-later':
      return known.waId || known.userId ? known : undefined;
    case 'other-address':
      // The phone number is what a send prefers, so the user id is what is left.
      return known.waId && known.userId ? { waId: undefined, userId: known.userId } : undefined;
  }
}
