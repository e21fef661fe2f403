import type { StoredInbound, StoredMessage } from '#domain/conversation/message.ts';
import { type Chat, chatKey } from '#domain/ids.ts';
import { chatsOf } from '../people.ts';
import type { Customer, PlannedMessage } from '../plan/schedule.ts';
import { START_MS } from '../settings.ts';
import { isAnswerable } from './message-book.ts';
import type { Notebook } from './notebook.ts';
import type { Oracle } from './oracle.ts';
import type { Turn } from './turn-book.ts';

export interface VerdictOptions {
  readonly notebook: Notebook;
  readonly oracle: Oracle;
  readonly transcript: (chat: Chat) => readonly StoredMessage[];
  /** When the messages of the files of a chat were sent. */
  readonly filesOf: (chat: Chat) => readonly number[];
  /** Whether the operator had repaired everything, and redriven, by the end. */
  readonly isRepaired: boolean;
  readonly businessWas: (business: number, state: string) => boolean;
}

const OLD_MS = 12 * 60 * 60_000;

/** What became of every message that a 200 was given for, read from the table and the phones at the end. */
export function judgeMessages(options: VerdictOptions): void {
  const { notebook, oracle } = options;
  oracle.model.judgePaid();
  oracle.media.judgePaid();
  oracle.graves.judge(options.transcript, options.filesOf);
  oracle.orders.judge(options.isRepaired);
  for (const message of notebook.schedule.messages) {
    if (!oracle.messages.acknowledged.has(message.id)) continue;
    const customer = notebook.people.customer(message.customer);
    const records = chatsOf(customer).flatMap((chat) =>
      options
        .transcript(chat)
        .filter((each): each is StoredInbound => isRecordOf(oracle, each, message))
        .map((stored) => ({ chat, stored })),
    );
    const here = records.filter(({ stored }) => !isMoved(stored));
    const isErased = oracle.messages.erasedIds.has(message.id);
    if (here.length === 0 && !isErased) {
      notebook.note('lost', `message ${message.id} is in no chat`);
    }
    for (const { chat, stored } of here) {
      judgeOne(options, message, customer, chat, stored);
      oracle.media.judge(message, stored);
    }
    judgeAnswers(options, message, isErased ? chatsOf(customer) : records.map(({ chat }) => chat));
  }
}

function isRecordOf(oracle: Oracle, stored: StoredMessage, message: PlannedMessage): boolean {
  return stored.direction === 'in' && oracle.messages.planned(stored.key)?.id === message.id;
}

function isMoved({ progress }: StoredInbound): boolean {
  return progress.kind === 'finished' && progress.outcome === 'moved';
}

function judgeOne(
  options: VerdictOptions,
  message: PlannedMessage,
  customer: Customer,
  chat: Chat,
  { progress }: StoredInbound,
): void {
  const { notebook } = options;
  switch (progress.kind) {
    case 'unfinished':
      notebook.note('lost', `message ${message.id} is unfinished at the end`);
      return;
    case 'parked':
      if (message.type === 'poison' && progress.parking.reason === 'bug') return;
      if (!mayBePark(options, customer, progress.parking.reason)) {
        notebook.note(
          'lost',
          `message ${message.id} is parked as ${progress.parking.reason} without cause`,
        );
      }
      if (options.isRepaired) {
        notebook.note('lost', `message ${message.id} stays parked after the repair and redrive`);
      }
      return;
    case 'finished':
      if (!mayBe(options, message, customer, chat, progress)) {
        notebook.note('lost', `message ${message.id} is ${progress.outcome} without cause`);
      }
  }
}

function mayBePark(
  { businessWas, oracle }: VerdictOptions,
  { business }: Customer,
  reason: string,
): boolean {
  switch (reason) {
    case 'unknown-phone-number':
      return businessWas(business, 'unknown');
    case 'tenant-suspended':
      return businessWas(business, 'suspended');
    case 'configuration':
      return businessWas(business, 'misconfigured') || oracle.sends.broken.has(business);
    case 'token':
      return oracle.sends.broken.has(business);
    default:
      return false;
  }
}

function mayBe(
  { oracle, notebook, isRepaired }: VerdictOptions,
  message: PlannedMessage,
  customer: Customer,
  chat: Chat,
  progress: Extract<StoredInbound['progress'], { kind: 'finished' }>,
): boolean {
  const turn = oracle.turns.turns.get(`${chatKey(chat)} ${progress.turnId}`);
  const isOf = turn?.answers.includes(message.id) === true;
  switch (progress.outcome) {
    case 'answered':
      return isOf && ['reply', 'notice'].includes(turn.turn.kind) && isSeen(oracle, turn);
    case 'apologised':
      return isOf && turn.turn.kind === 'fallback' && isSeen(oracle, turn);
    case 'undeliverable':
      return isOf && mayBeUndeliverable(oracle, turn);
    case 'handed-over':
      return (
        // Of a business that stays closed a person keeps what they have.
        !isRepaired ||
        // A person has written to the customer since, and so has answered it.
        oracle.orders.wasSpokenTo(customer.index, message.writtenAtMs) ||
        isOld(oracle, message) ||
        wasTold(oracle, customer, 'fallback')
      );
    case 'limited':
      return turn
        ? isOf && isSeen(oracle, turn)
        : oracle.messages.isNarrow(chat) || wasTold(oracle, customer, 'limit');
    case 'opted-out':
      return hasStopped(notebook, customer);
    case 'recorded':
      // Back once more: heard, and not confirmed.
      return !isAnswerable(message) || message.type === 'start';
    case 'maybe-answered':
      return oracle.messages.isOfLostTime(message);
    case 'moved':
      return true;
  }
}

/** WhatsApp refused it for good, would have, or never showed that any of several tries came through. */
function mayBeUndeliverable(oracle: Oracle, { chat, turn }: Turn): boolean {
  if (oracle.sends.givenUp.has(`${chatKey(chat)} ${turn.id}`)) return true;
  const code = oracle.turns.refusals.get(`${chatKey(chat)} ${turn.id}`);
  return code === 'unproven' || code === 'window-closed';
}

/** The customer knows that a person will come back, or that a limit is reached. */
function wasTold(oracle: Oracle, customer: Customer, kind: 'fallback' | 'limit'): boolean {
  const chats = chatsOf(customer).map(chatKey);
  return [...oracle.turns.turns.values()].some(
    ({ chat, turn }) => turn.kind === kind && chats.includes(chatKey(chat)),
  );
}

/** Each part of it went out, or those before one that was refused for good. */
function isSeen(oracle: Oracle, { chat, turn }: Turn): boolean {
  const isCutShort = oracle.turns.refusals.has(`${chatKey(chat)} ${turn.id}`);
  return turn.parts.every(
    (_, part) =>
      oracle.bubbles.wasSent({ chat, turnId: turn.id, part }) || (isCutShort && part > 0),
  );
}

function hasStopped({ schedule }: Notebook, { index }: Customer): boolean {
  return schedule.messages.some(({ customer, type }) => customer === index && type === 'stop');
}

function isOld(oracle: Oracle, { id, writtenAtMs }: PlannedMessage): boolean {
  return [...oracle.messages.chats.values()].some((chat) => {
    const kept = chat.get(id);
    return (kept?.settledAtMs ?? 0) - START_MS - writtenAtMs > OLD_MS;
  });
}

/** No two turns may have told the customer something in answer to the same message. */
function judgeAnswers(
  { oracle, notebook }: VerdictOptions,
  { id }: PlannedMessage,
  chats: readonly Chat[],
): void {
  const keys = chats.map(chatKey);
  const seen = [...oracle.turns.turns.values()].filter(
    ({ chat, turn, answers }) =>
      keys.includes(chatKey(chat)) &&
      answers.includes(id) &&
      oracle.bubbles.isVisible({ chat, turnId: turn.id, part: 0 }),
  );
  if (seen.length > 1)
    notebook.note('duplicated', `message ${id} was answered ${seen.length} times`);
}
