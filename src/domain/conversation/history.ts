import type { TurnId } from '#domain/ids.ts';
import { readText } from '#domain/whatsapp/message-text.ts';
import { echoedWamid } from './command.ts';
import { MAYBE_SENT } from './lost-time.ts';
import { compareInbound, type StoredMessage, type StoredOutbound } from './message.ts';

/** Something that was said, by whom. */
export interface Said {
  readonly stored: StoredMessage;
  readonly role: 'customer' | 'assistant' | 'person';
  readonly text: string;
  /** The turn that it is part of, else the next one after it; undefined where none has come yet. */
  readonly turn: TurnId | undefined;
}

/**
 * What was said in a chat, oldest first. A turn's messages come before its replies, turn after turn, since
 * Meta's clock and ours differ, and the times alone could put an answer before its question. What a person
 * has answered belongs to no turn, and has its place by its time; what was left to a person and is not
 * answered yet is not for the model.
 */
export function historyOf(stored: readonly StoredMessage[]): readonly Said[] {
  const changes = changesOn(stored);
  const inOrder = stored.filter(isPart).sort(byPlace);
  const lastWord = inOrder.findLastIndex(isOfPerson);
  const said = inOrder.filter((each, index) => index < lastWord || !isLeft(each));
  return said.flatMap((each, index) =>
    saidIn(each, changes).map((words) => ({ ...words, stored: each, turn: turnAt(said, index) })),
  );
}

function isPart(stored: StoredMessage): boolean {
  if (stored.direction === 'out') return isSaid(stored);
  if (stored.progress.kind !== 'finished') return false;
  const { command } = stored.message;
  if (command) return command.kind === 'echo' && command.changes === undefined;
  const { turnId, outcome } = stored.progress;
  return turnId !== undefined || outcome === 'handed-over' || outcome === 'maybe-answered';
}

/** What was perhaps said counts: to answer the same with other words would say it twice. */
function isSaid({ refusedCode }: StoredOutbound): boolean {
  return refusedCode === undefined || refusedCode === MAYBE_SENT;
}

function isOfPerson(stored: StoredMessage): boolean {
  return stored.direction === 'out'
    ? stored.author !== undefined
    : stored.message.command !== undefined;
}

/** To a person, and belongs to no turn. */
function isLeft(stored: StoredMessage): boolean {
  return stored.direction === 'in' && !stored.message.command && turnOf(stored) === undefined;
}

function turnAt(inOrder: readonly StoredMessage[], index: number): TurnId | undefined {
  return inOrder.slice(index).map(turnOf).find(Boolean);
}

function saidIn(stored: StoredMessage, changes: Changes): readonly Pick<Said, 'role' | 'text'>[] {
  if (stored.direction === 'out') {
    return [{ role: stored.author ?? 'assistant', text: stored.text }];
  }
  const { message } = stored;
  if (message.command?.kind !== 'echo') return [{ role: 'customer', text: readText(message) }];
  const wamid = echoedWamid(message) ?? '';
  // One of a bubble that we sent is there already.
  if (changes.ours.has(wamid)) return [];
  return [{ role: 'person', text: changes.edited.get(wamid) ?? message.command.text }];
}

interface Changes {
  /** Ids of bubbles that we sent. */
  readonly ours: ReadonlySet<string>;
  /** What an echo says by now, by its id; empty for one that was taken back. */
  readonly edited: ReadonlyMap<string, string>;
}

function changesOn(stored: readonly StoredMessage[]): Changes {
  const ours = new Set<string>();
  const edited = new Map<string, string>();
  for (const each of stored) {
    if (each.direction === 'out') ours.add(each.wamid ?? '');
    else {
      const { command } = each.message;
      if (command?.kind === 'echo' && command.changes) edited.set(command.changes, command.text);
    }
  }
  return { ours, edited };
}

function byPlace(one: StoredMessage, other: StoredMessage): number {
  return (
    placeMs(one) - placeMs(other) || directionOf(one) - directionOf(other) || withinTurn(one, other)
  );
}

/** What came in is before what went out. By number: the first comparison of a locale loads all of Unicode's order. */
function directionOf({ direction }: StoredMessage): number {
  return direction === 'in' ? 0 : 1;
}

function withinTurn(one: StoredMessage, other: StoredMessage): number {
  if (one.direction === 'in' && other.direction === 'in') return compareInbound(one, other);
  return one.key < other.key ? -1 : 1;
}

function placeMs(stored: StoredMessage): number {
  const turn = turnOf(stored);
  return turn === undefined && stored.direction === 'in'
    ? stored.message.sentAtMs
    : Number(turn?.split('.')[0] ?? 0);
}

/** The turn that a message is part of; undefined for what is no part of one. */
export function turnOf(stored: StoredMessage): TurnId | undefined {
  if (stored.direction === 'out') return isSaid(stored) ? stored.turnId : undefined;
  return stored.progress.kind === 'finished' ? stored.progress.turnId : undefined;
}
