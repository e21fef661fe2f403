import type { Arrival, ArrivalResult } from '#app/ports/conversation-store.ts';
import type { Job } from '#app/ports/jobs.ts';
import type { Command } from '#domain/conversation/command.ts';
import type { ChatHead, OpenTurn } from '#domain/conversation/head.ts';
import { inboundKey, keyTimeMs, type MessageKey } from '#domain/conversation/message.ts';
import { type Chat, chatKey } from '#domain/ids.ts';
import { wordsOfPerson } from '../people.ts';
import { START_MS } from '../settings.ts';
import type { BubbleBook } from './bubble-book.ts';
import type { GraveBook } from './grave-book.ts';
import type { Notebook } from './notebook.ts';

/**
 * What comes so long after its own time lies behind what was said since, where the look before a send does not
 * reach; it is carried out next.
 */
const LATE_MS = 60_000;

/** What somebody of the business wants, as it lies in a chat. */
interface Order {
  readonly chat: Chat;
  readonly key: MessageKey;
  readonly command: Command;
  readonly storedAtMs: number;
  /** In whichever chat of its contact it came in: on its way to another it grows no older. */
  readonly cameInAtMs: number;
  isFinished: boolean;
}

/** What people of the business want and say, and what they are told. */
export class OrderBook {
  readonly #orders = new Map<string, Order>();
  /** By the words: the turns that said them. */
  readonly #said = new Map<string, { readonly chat: Chat; readonly turn: OpenTurn }[]>();
  /** When a person's words stood in a customer's chat, in time of the run. */
  readonly #spokenAtMs = new Map<number, number[]>();
  readonly #told = new Set<string>();
  readonly #notebook: Notebook;
  readonly #bubbles: BubbleBook;
  readonly #graves: GraveBook;

  constructor(notebook: Notebook, bubbles: BubbleBook, graves: GraveBook) {
    this.#notebook = notebook;
    this.#bubbles = bubbles;
    this.#graves = graves;
  }

  accepted(arrivals: readonly Arrival[], results: readonly ArrivalResult[]): void {
    for (const [index, { message }] of arrivals.entries()) {
      const { command, chat } = message;
      if (!command || command.kind === 'idle' || results[index] !== 'accepted') continue;
      const key = inboundKey(message);
      const storedAtMs = this.#notebook.now();
      const before = [...this.#orders.values()].find((order) => order.key === key);
      const cameInAtMs = before?.cameInAtMs ?? storedAtMs;
      const order = { chat, key, command, storedAtMs, cameInAtMs, isFinished: false };
      this.#orders.set(nameOf(chat, key), order);
      if (command.kind === 'echo') this.#spoke(chat);
    }
  }

  finished(chat: Chat, keys: readonly MessageKey[]): void {
    for (const key of keys) {
      const order = this.#orders.get(nameOf(chat, key));
      if (order) order.isFinished = true;
    }
  }

  /** Whether somebody of the business speaks up, who must be heard before the assistant says anything. */
  isAwaited(chat: Chat, head: ChatHead | undefined, beforeMs = Number.POSITIVE_INFINITY): boolean {
    const releasedAtMs = head?.handOver?.releasedAtMs ?? 0;
    return [...this.#orders.values()].some(
      (order) =>
        !isOvertaken(order, releasedAtMs) &&
        chatKey(order.chat) === chatKey(chat) &&
        !order.isFinished &&
        order.storedAtMs < beforeMs &&
        order.cameInAtMs - keyTimeMs(order.key) < LATE_MS &&
        order.command.kind !== 'release' &&
        !this.#graves.covers(chat, order.key),
    );
  }

  /** A person's words become a turn: those that were asked for, once, in their order. */
  drafted(chat: Chat, turn: OpenTurn, readAtMs: number): void {
    const [key = ''] = turn.answers;
    const order = this.#orders.get(nameOf(chat, key));
    const text = turn.parts.map((part) => part.text).join('');
    const { command } = order ?? {};
    if (command?.kind !== 'say' || command.content.kind !== 'text') {
      this.#notebook.note('other', `turn ${turn.id} says what nobody of the business said`);
      return;
    }
    if (command.content.text !== text) {
      this.#notebook.note('other', `turn ${turn.id} has other words than the person`);
    }
    this.#said.set(text, [...(this.#said.get(text) ?? []), { chat, turn }]);
    this.#spoke(chat);
    for (const other of this.#orders.values()) {
      const isEarlier = other.key < key && other.storedAtMs < readAtMs && !other.isFinished;
      if (chatKey(other.chat) !== chatKey(chat) || !isEarlier) continue;
      if (other.command.kind === 'say' && !this.#graves.covers(chat, other.key)) {
        this.#notebook.note('out of order', 'a person is overtaken by their own later words');
      }
    }
  }

  jobs(missing: number, jobs: readonly Job[]): void {
    if (missing > 0) return;
    for (const job of jobs) {
      if (job.kind !== 'notice') continue;
      const { chat, kind, messageKeys } = job.notice;
      if (kind === 'message.kept') for (const key of messageKeys) this.#told.add(nameOf(chat, key));
    }
  }

  /** What is left to a person who has the chat must be told of before nobody watches over it. */
  left(chat: Chat, keys: readonly MessageKey[]): void {
    for (const key of keys) {
      if (!this.#told.has(nameOf(chat, key))) {
        this.#notebook.note('lost', 'a message was kept for a person who does not hear of it');
      }
    }
  }

  /** Whether a person has written to the customer since. */
  wasSpokenTo(customer: number, sinceMs: number): boolean {
    const spoken = this.#spokenAtMs.get(customer) ?? [];
    return spoken.some((atMs) => atMs >= sinceMs);
  }

  /** What a person said reached the customer once. */
  judge(isRepaired: boolean): void {
    for (const { chat, key, command } of this.#orders.values()) {
      if (command.kind !== 'say' || command.content.kind !== 'text') continue;
      const said = this.#said.get(command.content.text) ?? [];
      const visible = said.filter(({ chat: where, turn }) =>
        this.#bubbles.isVisible({ chat: where, turnId: turn.id, part: 0 }),
      );
      if (visible.length > 1) this.#notebook.note('duplicated', 'a person was heard twice');
      const isErased = this.#isErased(chat, key);
      if (said.length === 0 && isRepaired && !isErased && this.#isLast(command)) {
        this.#notebook.note('lost', 'what a person said was never on its way');
      }
    }
  }

  /** Of an order that moved with its contact the last copy counts, and each of them is finished. */
  #isLast(command: Command): boolean {
    return [...this.#orders.values()].every(
      (order) => order.command !== command || order.isFinished,
    );
  }

  #isErased(chat: Chat, key: MessageKey): boolean {
    const { schedule, people } = this.#notebook;
    const customer = people.ofChat(chat)?.index;
    const wasErased = schedule.operations.some(
      (each) => each.kind === 'erase' && each.customer === customer,
    );
    return wasErased || this.#graves.covers(chat, key);
  }

  #spoke(chat: Chat): void {
    const customer = this.#notebook.people.ofChat(chat)?.index;
    if (customer === undefined) return;
    const atMs = this.#notebook.now() - START_MS;
    this.#spokenAtMs.set(customer, [...(this.#spokenAtMs.get(customer) ?? []), atMs]);
  }

  /** Nobody is shown, or told, what was said to another customer. */
  checkWords(chat: Chat, text: string, what: string): void {
    const customer = this.#notebook.people.ofChat(chat)?.index;
    if (wordsOfPerson(text).some((index) => index !== customer)) {
      this.#notebook.note('leaked', `${what} has words of a person to another customer`);
    }
  }
}

/** What was typed on the phone before the chat was given back. */
function isOvertaken({ command, key }: Order, releasedAtMs: number): boolean {
  return command.kind === 'echo' && keyTimeMs(key) + 1_000 <= releasedAtMs;
}

function nameOf(chat: Chat, key: MessageKey): string {
  return `${chatKey(chat)} ${key}`;
}
