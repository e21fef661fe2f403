import { isDeepStrictEqual } from 'node:util';
import type { OutgoingMessage, SendResult } from '#app/ports/message-sender.ts';
import type { Bubble } from '#domain/conversation/bubble.ts';
import type { TurnPart } from '#domain/conversation/head.ts';
import { type Chat, chatKey } from '#domain/ids.ts';
import type { Environment } from '../cloud/environment.ts';
import type { GraphResult } from '../peers/simulated-sender.ts';
import { BUSINESSES, chatsOf, contactsOf, tokensIn } from '../people.ts';
import type { Notebook } from './notebook.ts';
import type { OrderBook } from './order-book.ts';
import type { TurnBook } from './turn-book.ts';

function bubbleOf({ text, choices, quotes, template }: TurnPart): Required<Bubble> {
  return { text, choices, quotes, template };
}

/** Every call that sends a bubble: who may make it, to whom, with whose words. */
export class SendBook {
  /** Turns that WhatsApp refused for good. */
  readonly givenUp: Set<string>;
  /** Businesses whose number or token needed the operator, by index. */
  readonly broken: Set<number>;
  readonly #notebook: Notebook;
  readonly #turns: TurnBook;
  readonly #orders: OrderBook;
  /** Messages to which an environment has begun to send the answer. */
  readonly #answering = new Map<string, Chat>();
  readonly #attempts: WeakMap<OutgoingMessage, number>;

  /** @param before of tables that were restored */
  constructor(notebook: Notebook, turns: TurnBook, orders: OrderBook, before?: SendBook) {
    this.givenUp = before?.givenUp ?? new Set();
    this.broken = before?.broken ?? new Set();
    this.#attempts = before ? before.#attempts : new WeakMap();
    this.#orders = orders;
    this.#notebook = notebook;
    this.#turns = turns;
  }

  attemptOf(message: OutgoingMessage): number {
    return this.#attempts.get(message) ?? 0;
  }

  /** A worker sends only what it has itself marked as being sent, a moment ago. */
  called(environment: Environment, message: OutgoingMessage): void {
    const { chat, turnId, part } = message.reference;
    if (this.#turns.isOfLostTime({ chat, turnId })) {
      this.#notebook.note('duplicated', `turn ${turnId} of before the restore was sent on`);
    }
    const head = this.#turns.own(environment, chat);
    const marked = head?.openTurn?.id === turnId ? head.openTurn.parts[part] : undefined;
    if (marked?.delivery.kind !== 'sending') {
      this.#notebook.note('duplicated', `part ${part} of ${turnId} was sent without a mark`);
      return;
    }
    if (!isDeepStrictEqual(bubbleOf({ ...marked, ...message }), bubbleOf(marked))) {
      this.#notebook.note('other', `part ${part} of ${turnId} is not what its draft is`);
    }
    for (const key of head?.openTurn?.answers ?? []) {
      this.#answering.set(`${environment.id} ${key.slice(key.indexOf('#') + 1)}`, chat);
    }
    this.#attempts.set(message, marked.delivery.resends);
    this.#orders.checkWords(chat, message.text, 'a bubble');
    this.#checkWhose(chat, message);
  }

  /** An indicator that comes after the reply would stay. */
  typed({ id }: Environment, wamid: string): void {
    const chat = this.#answering.get(`${id} ${wamid}`);
    const customer = chat && this.#notebook.people.ofChat(chat);
    if (!customer) return;
    // Who was at work under another id of theirs learns by the fence that it was in vain.
    const heads = chatsOf(customer).filter((each) => this.#turns.head(each));
    if (heads.length > 1) return;
    this.#notebook.note('other', 'typing was shown to who has the answer');
  }

  read(message: OutgoingMessage, result: GraphResult, read: SendResult): void {
    const { chat, turnId } = message.reference;
    const customer = this.#notebook.people.ofChat(chat);
    if (result.kind === 'no-secret' && result.needs === 'operator' && customer) {
      this.broken.add(customer.business);
    }
    if (result.kind !== 'answered') return;
    const { means } = result.answer;
    const made = read.kind === 'refused' ? read.failure.class : read.kind;
    if (made !== means) {
      this.#notebook.note('other', `an answer that means ${means} was read as ${made}`);
    }
    if (means === 'give-up-here') this.givenUp.add(`${chatKey(chat)} ${turnId}`);
    if (means === 'fix-needed' && customer) this.broken.add(customer.business);
  }

  refusedFile(phoneNumberId: string): void {
    const business = BUSINESSES.find((each) => each.phoneNumberId === phoneNumberId);
    if (business) this.broken.add(business.index);
  }

  #checkWhose(chat: Chat, { recipient, text, tenantId }: OutgoingMessage): void {
    const customer = this.#notebook.people.ofChat(chat);
    if (!customer) {
      this.#notebook.note('leaked', `a bubble went to the unknown chat ${chatKey(chat)}`);
      return;
    }
    const contacts = contactsOf(customer);
    const addresses = [recipient.waId, recipient.userId].filter((each) => each !== undefined);
    if (addresses.length === 0 || !addresses.every((each) => contacts.includes(each))) {
      this.#notebook.note('leaked', `${chatKey(chat)} was answered at the address of another`);
    }
    if (tokensIn(text).some((token) => token.customer !== customer.index)) {
      this.#notebook.note('leaked', `${chatKey(chat)} was told the words of another customer`);
    }
    if (tenantId !== BUSINESSES[customer.business].tenantId) {
      this.#notebook.note('leaked', `${chatKey(chat)} was answered by another business`);
    }
  }
}
