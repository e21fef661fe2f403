import type { ChatHead, OpenTurn } from './head.ts';
import type { MessageKey, StoredMessage } from './message.ts';
import { closeTurn } from './turn.ts';

/** Whoever reads the head reads them too, and where much was said since, one by one. */
const MOST_ANSWERS = 10;

/**
 * Whether a turn of this kind may lie in the head when it is at its end: the messages that it answers tell
 * that, and closing it would change nothing but take it out (docs/adr/039).
 */
function mayOutlast({ kind, answers, forgets }: OpenTurn): boolean {
  const isShort = answers.length > 0 && answers.length <= MOST_ANSWERS;
  return kind === 'reply' && isShort && forgets.length === 0;
}

/**
 * Whether the write that closes the turn is left to whoever writes the head next. A head that tells of a stop
 * is kept for years, and so keeps no words.
 */
export function isLeftToNext({ replies }: ChatHead, turn: OpenTurn): boolean {
  const isSent = turn.parts.every(({ delivery }) => delivery.kind === 'sent');
  return mayOutlast(turn) && isSent && replies?.kind !== 'stopped';
}

/** Messages as they were read after the head, with those that the open turn answers. */
export interface ReadAfterHead {
  readonly messages: readonly StoredMessage[];
  /** Keys of messages that wait and cannot be read. */
  readonly unreadable?: readonly MessageKey[];
  readonly newer?: readonly MessageKey[];
}

/** Keys that have to be among them. */
export function answersToLookAt({ openTurn }: ChatHead): readonly MessageKey[] {
  return openTurn && mayOutlast(openTurn) ? openTurn.answers : [];
}

/**
 * The head as it is in effect: without a reply that is at its end. A turn finishes its messages last, so that
 * this of each says that all of it is sent and recorded. A message that is gone was kept for its time, and
 * nobody waits for its answer.
 */
export function withoutEndedTurn(head: ChatHead, read: ReadAfterHead): ChatHead {
  const { openTurn } = head;
  if (!openTurn || !mayOutlast(openTurn)) return head;
  const { messages, unreadable = [], newer = [] } = read;
  const open = new Set([...unreadable, ...newer]);
  const known = new Map(messages.map((each) => [each.key, each]));
  const isEnded = openTurn.answers.every((key) => {
    const stored = known.get(key);
    return stored ? isFinishedBy(openTurn, stored) : !open.has(key);
  });
  return isEnded ? closeTurn(head) : head;
}

function isFinishedBy({ id }: OpenTurn, stored: StoredMessage): boolean {
  if (stored.direction === 'out') return false;
  return stored.progress.kind === 'finished' && stored.progress.turnId === id;
}
