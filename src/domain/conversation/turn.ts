import { parseTurnId, type TenantId, type TurnId } from '#domain/ids.ts';
import type { Bubble } from './bubble.ts';
import { bubbleInWords } from './choices-in-words.ts';
import type { ChatHead, OpenTurn, PartDelivery, Recipient, TurnPart } from './head.ts';
import { answeredBy } from './kept-messages.ts';
import { isUnsure } from './lost-time.ts';
import { keyTimeMs, type MessageKey, type Outcome } from './message.ts';
import { pairWaitMs, payForMessages } from './pair-budget.ts';
import { bubblesOf } from './reply-parts.ts';

const EVIDENCE_WAIT_MS = 60_000;
const LONGEST_EVIDENCE_WAIT_MS = 15 * 60_000;

/**
 * How long an ambiguous part waits for a status webhook to prove that it was sent; twice as long after
 * each resend, since every further one risks another copy at the customer's.
 */
export function evidenceWaitMs(resends: number): number {
  return Math.min(EVIDENCE_WAIT_MS * 2 ** resends, LONGEST_EVIDENCE_WAIT_MS);
}

/** The keys of what a turn answers lie in the head meanwhile, and an item of the table has 400 KB. */
export const MOST_IN_A_TURN = 200;

export interface Draft {
  readonly kind: OpenTurn['kind'];
  readonly bubbles: readonly Bubble[];
  readonly waitingSinceMs: number;
  readonly answers: readonly MessageKey[];
  readonly recipient: Recipient;
  readonly tenantId: TenantId;
  readonly lastMessageAtMs: number;
  readonly repeats?: OpenTurn['repeats'];
  readonly forgets?: OpenTurn['forgets'];
}

/**
 * The head with the draft in it, all of its parts paid for; the first one is already marked as being
 * sent, in the same write, unless the customer has had so many messages that it has to wait.
 */
export function openTurn(head: ChatHead, draft: Draft, nowMs: number): ChatHead {
  const parts = draft.bubbles.map(
    (bubble): TurnPart => ({ ...bubble, delivery: { kind: 'waiting', resends: undefined } }),
  );
  const opened: ChatHead = {
    ...head,
    tenantId: draft.tenantId,
    lastMessageAtMs: Math.max(head.lastMessageAtMs, draft.lastMessageAtMs),
    asked: draft.kind === 'repeat' ? head.asked : 0,
    pairPaidUpToMs: payForMessages(head.pairPaidUpToMs, parts.length, nowMs),
    ...apologyOf(head, draft, nowMs),
    openTurn: {
      id: newTurnId(nowMs, head.version),
      kind: draft.kind,
      waitingSinceMs: draft.waitingSinceMs,
      answers: draft.answers,
      recipient: draft.recipient,
      parts,
      pairRefusals: 0,
      repeats: draft.repeats,
      forgets: draft.forgets ?? [],
    },
  };
  return pairWaitMs(opened.pairPaidUpToMs, nowMs) > 0 ? opened : markSending(opened, 0, nowMs);
}

function apologyOf(
  { flag, apologisedAtMs }: ChatHead,
  { kind }: Draft,
  nowMs: number,
): Pick<ChatHead, 'flag' | 'apologisedAtMs'> {
  switch (kind) {
    case 'fallback':
      return { flag: 'fallback-sent', apologisedAtMs: nowMs };
    case 'reply':
      return { flag, apologisedAtMs: undefined };
    case 'limit':
    case 'repeat':
    case 'notice':
      return { flag, apologisedAtMs };
    // What was promised has come.
    case 'person':
      return { flag, apologisedAtMs: undefined };
  }
}

function newTurnId(nowMs: number, version: number): TurnId {
  const id = parseTurnId(`${nowMs}.${version}`);
  if (!id) throw new RangeError('The clock gave a time that is not a whole number of milliseconds');
  return id;
}

/** What the open turn needs next. */
export type NextStep =
  | { readonly kind: 'send'; readonly part: number; readonly resends: number | undefined }
  | {
      readonly kind: 'settle';
      readonly part: number;
      readonly sinceMs: number;
      readonly resends: number;
    }
  | { readonly kind: 'close' };

/** The first part that is not settled decides: parts go out in order, one after the other's answer. */
export function nextStep(turn: OpenTurn): NextStep {
  for (const [index, part] of turn.parts.entries()) {
    switch (part.delivery.kind) {
      case 'waiting':
        return { kind: 'send', part: index, resends: part.delivery.resends };
      case 'sending':
        return {
          kind: 'settle',
          part: index,
          sinceMs: part.delivery.sinceMs,
          resends: part.delivery.resends,
        };
      case 'refused':
        return { kind: 'close' };
      case 'sent':
        break;
    }
  }
  return { kind: 'close' };
}

/** Whether certainly nothing of it is out: what it answers can be answered otherwise. */
export function isUntouched({ parts }: OpenTurn): boolean {
  return parts.every(
    ({ delivery }) => delivery.kind === 'waiting' && delivery.resends === undefined,
  );
}

export function markSending(head: ChatHead, part: number, nowMs: number): ChatHead {
  return withDelivery(head, part, { kind: 'sending', sinceMs: nowMs, resends: 0 });
}

/** No evidence came: it is sent once more, and paid for once more. */
export function markResending(
  head: ChatHead,
  part: number,
  resends: number,
  nowMs: number,
): ChatHead {
  const pairPaidUpToMs = payForMessages(head.pairPaidUpToMs, 1, nowMs);
  return withDelivery({ ...head, pairPaidUpToMs }, part, {
    kind: 'sending',
    sinceMs: nowMs,
    resends: resends + 1,
  });
}

/**
 * This try was certainly refused: the next one need not wait for evidence of it. What an earlier,
 * ambiguous try may have sent is not forgotten.
 */
export function markWaiting(head: ChatHead, part: number): ChatHead {
  const before = head.openTurn?.parts[part]?.delivery;
  const resends = before?.kind === 'sending' && before.resends > 0 ? before.resends - 1 : undefined;
  return withDelivery(head, part, { kind: 'waiting', resends });
}

export function markRefused(head: ChatHead, part: number, code: string): ChatHead {
  return withDelivery({ ...head, flag: 'undeliverable' }, part, { kind: 'refused', code });
}

/**
 * WhatsApp does not take what the part has beside its words: it is sent as a text that says the choices, or
 * several where they make it too long; they are paid for.
 * @returns undefined where it has nothing else
 */
export function markPlain(head: ChatHead, part: number, nowMs: number): ChatHead | undefined {
  const turn = head.openTurn;
  const rich = turn?.parts[part];
  if (!turn || rich?.delivery.kind !== 'sending' || (!rich.choices && !rich.quotes))
    return undefined;
  const delivery: PartDelivery = { ...rich.delivery, sinceMs: nowMs };
  const [first, ...others] = bubblesOf(bubbleInWords(rich));
  const waiting: PartDelivery = { kind: 'waiting', resends: undefined };
  const plain: readonly TurnPart[] = [
    { text: first?.text ?? rich.text, delivery },
    ...others.map(({ text }) => ({ text, delivery: waiting })),
  ];
  const parts = [...turn.parts.slice(0, part), ...plain, ...turn.parts.slice(part + 1)];
  const pairPaidUpToMs = payForMessages(head.pairPaidUpToMs, others.length, nowMs);
  return { ...head, pairPaidUpToMs, openTurn: { ...turn, parts } };
}

/** Refused since this customer gets too many messages: each further refusal means a longer wait. */
export function countPairRefusal(head: ChatHead): ChatHead {
  const turn = head.openTurn;
  return turn ? { ...head, openTurn: { ...turn, pairRefusals: turn.pairRefusals + 1 } } : head;
}

/** The part was accepted; the next one, if any, is marked as being sent in the same write. */
export function markSent(head: ChatHead, part: number, wamid: string, nowMs: number): ChatHead {
  const before = head.openTurn?.parts[part]?.delivery;
  const copies = before && 'resends' in before ? (before.resends ?? 0) + 1 : 1;
  const sent = withDelivery(head, part, { kind: 'sent', wamid, copies });
  const hasNext = sent.openTurn?.parts[part + 1] !== undefined;
  return hasNext ? markSending(sent, part + 1, nowMs) : sent;
}

/**
 * What certainly nobody heard was not said: the next apology, or word of a limit, is not held back for it.
 * What was left to a person is answered by what was certainly heard.
 */
export function closeTurn(head: ChatHead): ChatHead {
  const { openTurn: turn } = head;
  const closed = { ...head, openTurn: undefined };
  if (!turn) return closed;
  const isHeard = outcomeOf(turn) !== 'undeliverable';
  switch (turn.kind) {
    case 'fallback':
      return isHeard ? closed : { ...closed, apologisedAtMs: undefined };
    case 'limit':
      return isHeard ? closed : { ...closed, usage: { ...head.usage, toldAtMs: undefined } };
    case 'person':
      return outcomeOf(turn) === 'answered'
        ? { ...closed, handOver: afterWord(head, turn) }
        : closed;
    case 'notice':
    case 'reply':
    case 'repeat':
      return closed;
  }
}

/** The command that the turn answers tells when its word was said, and its wait when we heard of it. */
function afterWord(
  { handOver }: ChatHead,
  { answers: [command], waitingSinceMs }: OpenTurn,
): ChatHead['handOver'] {
  if (!handOver || command === undefined) return handOver;
  return answeredBy(handOver, { atMs: keyTimeMs(command), acceptedAtMs: waitingSinceMs });
}

export function outcomeOf(turn: OpenTurn): Outcome {
  if (isUnsure({ openTurn: turn })) return 'maybe-answered';
  const anySent = turn.parts.some((part) => part.delivery.kind === 'sent');
  if (!anySent) return 'undeliverable';
  switch (turn.kind) {
    case 'fallback':
      return 'apologised';
    case 'limit':
      return 'limited';
    case 'notice':
    case 'reply':
    case 'repeat':
    case 'person':
      return 'answered';
  }
}

function withDelivery(head: ChatHead, index: number, delivery: PartDelivery): ChatHead {
  const turn = head.openTurn;
  if (!turn) throw new RangeError('No turn is open in this chat');
  const parts = turn.parts.map((part, at) => (at === index ? { ...part, delivery } : part));
  return { ...head, openTurn: { ...turn, parts } };
}
