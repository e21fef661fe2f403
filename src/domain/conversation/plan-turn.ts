import { type ContactId, parseContactId } from '#domain/ids.ts';
import { objectAt, textAt } from '#domain/json.ts';
import type { InboundMessage } from '#domain/whatsapp/inbound-message.ts';
import { isAnswerable, isAnswerableReaction } from '#domain/whatsapp/message-text.ts';
import type { Recipient } from './head.ts';
import { type LostTime, mayBeAnswered } from './lost-time.ts';
import {
  compareInbound,
  type MessageKey,
  type StoredInbound,
  type StoredMessage,
  type StoredOutbound,
} from './message.ts';
import { applyRevisions } from './revisions.ts';

/** Everything in a chat that waits for us, sorted out. */
export interface Pending {
  /** To be answered together, in the order of Meta's timestamps. */
  readonly toAnswer: readonly StoredInbound[];
  /**
   * What would be answered, or said, and perhaps was before the tables were restored: a person looks. Empty
   * where none were.
   */
  readonly maybeAnswered: readonly StoredInbound[];
  /** To be kept without an answer. */
  readonly toRecord: readonly StoredInbound[];
  /** Where the contact goes on, if a system notice among them says so. */
  readonly move: Move | undefined;
  /** Bubbles that WhatsApp took and could not deliver. */
  readonly toFollowUp: readonly StoredOutbound[];
  /** What somebody of the business wants, and timers that are due, oldest first. */
  readonly toObey: readonly StoredInbound[];
  /** Our own other timers. */
  readonly timers: readonly StoredInbound[];
}

/** Everything that is worked off, whoever it is from. */
export function allOf(pending: Pending): readonly StoredInbound[] {
  const { toAnswer, maybeAnswered, toRecord, toObey } = pending;
  return [...toAnswer, ...maybeAnswered, ...toRecord, ...toObey];
}

/** With the timers that are due among what is to be carried out. */
export function withDueTimers(pending: Pending, nowMs: number): Pending {
  const isDue = ({ message }: StoredInbound) => message.sentAtMs <= nowMs;
  return {
    ...pending,
    toObey: [...pending.toObey, ...pending.timers.filter(isDue)].sort(compareInbound),
    timers: pending.timers.filter((each) => !isDue(each)),
  };
}

/** What is to be answered beside words, and what no longer. */
export interface PlanSettings extends LostTime {
  /** Also a reaction, such as a thumb. @default false */
  readonly answersReactions?: boolean;
}

/** Meta's notice that a contact has a new number or id. */
export interface Move {
  readonly to: ContactId;
  readonly recipient: Recipient;
  readonly atMs: number;
}

/**
 * What is unanswered in a chat. Parked messages count again once the chat is rung, except those that a
 * bug parked: they would take the new ones down with them, and wait for a ring that names them. `only`
 * leaves out every other message: what is wrong with several together is looked for one by one. A message
 * that its customer changed meanwhile is answered as it reads now; one that was deleted is not answered.
 */
export function planTurn(
  messages: readonly StoredMessage[],
  rung: ReadonlySet<MessageKey>,
  only?: MessageKey,
  { answersReactions = false, restoredUntilMs }: PlanSettings = {},
): Pending {
  const { messages: revised, applied } = applyRevisions(messages);
  const looked = only === undefined ? revised : revised.filter(({ key }) => key === only);
  const isToAnswer = ({ key, message, revision }: StoredInbound) =>
    revision !== 'deleted' &&
    !applied.has(key) &&
    (isAnswerable(message) || (answersReactions && isAnswerableReaction(message)));
  const waiting = looked
    .filter((each): each is StoredInbound => each.direction === 'in' && waits(each, rung))
    .sort(compareInbound);
  const commands = waiting.filter(isCommand);
  const said = waiting.filter((each) => !isCommand(each));
  const isOld = (each: StoredInbound) => mayBeAnswered(each, { restoredUntilMs });
  const answerable = said.filter(isToAnswer);
  const move = said.map((each) => readMove(each.message)).findLast(Boolean);
  return {
    toAnswer: answerable.filter((each) => !isOld(each)),
    maybeAnswered: waiting.filter(
      (each) => isOld(each) && (answerable.includes(each) || isSay(each)),
    ),
    toRecord: said.filter((each) => !isToAnswer(each)),
    // Who has the chat can be changed a second time; what is said cannot be taken back.
    toObey: commands.filter((each) => !isTimer(each) && !(isSay(each) && isOld(each))),
    timers: commands.filter(isTimer),
    move,
    toFollowUp: looked.filter(
      (each): each is StoredOutbound => each.direction === 'out' && each.followUp !== undefined,
    ),
  };
}

function isCommand({ message }: StoredInbound): boolean {
  return message.command !== undefined;
}

function isSay({ message }: StoredInbound): boolean {
  return message.command?.kind === 'say';
}

function isTimer({ message }: StoredInbound): boolean {
  return message.command?.kind === 'idle';
}

/** Not finished yet: unfinished, or parked and now tried again. */
function waits(stored: StoredInbound, rung: ReadonlySet<MessageKey>): boolean {
  switch (stored.progress.kind) {
    case 'unfinished':
      return true;
    case 'parked':
      return stored.progress.parking.reason !== 'bug' || rung.has(stored.key);
    case 'finished':
      return false;
  }
}

/** Types of `system` that say so; the last is how older payloads spell it. */
const MOVES = ['user_changed_number', 'user_changed_user_id', 'customer_changed_number'];

function readMove(message: InboundMessage): Move | undefined {
  const system = message.type === 'system' ? objectAt(message.raw, 'system') : undefined;
  const isOfAGroup = message.raw['group_id'] !== undefined;
  if (!system || isOfAGroup || !MOVES.includes(textAt(system, 'type') ?? '')) return undefined;
  const userId = parseContactId(system['user_id']);
  const waId = parseContactId(system['wa_id']) ?? parseContactId(system['new_wa_id']);
  // Who is known by a user id stays who they are under another number.
  const to = userId ?? (message.userId === message.chat.contact ? undefined : waId);
  if (!to || to === message.chat.contact) return undefined;
  return { to, recipient: { userId, waId }, atMs: message.sentAtMs };
}

/** The newest known address; a message without a phone number does not forget the one before it. */
export function recipientOf(messages: readonly StoredInbound[]): Recipient {
  return {
    waId: messages.map(({ message }) => message.waId).findLast(Boolean),
    userId: messages.map(({ message }) => message.userId).findLast(Boolean),
  };
}
