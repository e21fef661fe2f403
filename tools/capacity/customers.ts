import { Bucket } from './bucket.ts';
import { ASSUMED } from './limits.ts';
import type { Chat, World } from './world.ts';

interface Conversation {
  readonly chat: Chat;
  left: number;
}

/** Customers who write, whether they are answered or not: conversations of so many messages each. */
export class Customers {
  readonly #world: World;
  readonly #turns: number;
  readonly #write: (chat: Chat) => void;
  readonly #open: Conversation[] = [];
  messagesASecond = 0;

  constructor(world: World, turns: number, write: (chat: Chat) => void) {
    this.#world = world;
    this.#turns = turns;
    this.#write = write;
  }

  /** Messages come by chance, so many a second. */
  start(messagesASecond: number): void {
    this.messagesASecond = messagesASecond;
    this.#next();
  }

  /** Somebody writes now: a new customer, or one of those who are in the middle of a conversation. */
  writeOne(): void {
    const { book, timeline } = this.#world;
    const conversation = this.#pick();
    const { chat } = conversation;
    book.count('written');
    // Counted towards its number's limit, which no message of a customer's is refused by.
    chat.business.messages.owe(1, timeline.now);
    this.#write(chat);
  }

  #next(): void {
    const { timeline, chance } = this.#world;
    if (this.messagesASecond <= 0) return;
    timeline.after(chance.exponential('arrival', 1 / this.messagesASecond), () => {
      this.writeOne();
      this.#next();
    });
  }

  #pick(): Conversation {
    const { chance } = this.#world;
    const isNew = chance.next('conversation') < 1 / this.#turns;
    // As many are in the middle of one as there would be after a while.
    const usual = this.messagesASecond * ASSUMED.gapSeconds * (1 - 1 / this.#turns);
    if (isNew || this.#open.length < usual / 2) return this.#begin();
    const index = chance.below('whose', this.#open.length);
    const found = this.#open[index];
    if (!found) return this.#begin();
    found.left -= 1;
    const last = this.#open.at(-1);
    if (found.left === 0 && last) {
      this.#open[index] = last;
      this.#open.pop();
    }
    return found;
  }

  #begin(): Conversation {
    const conversation = { chat: this.#newChat(), left: this.#turns - 1 };
    if (conversation.left > 0) this.#open.push(conversation);
    return conversation;
  }

  /** Somebody writes for the first time, to whom the model answers after so long. */
  writeFirst(modelSeconds: number): void {
    this.#world.book.count('written');
    this.#write(this.#newChat(modelSeconds));
  }

  #newChat(modelSeconds?: number): Chat {
    const { chance, limits, deployment } = this.#world;
    const business = limits.businesses[chance.below('business', limits.businesses.length)];
    const shard = limits.shards[chance.below('shard', limits.shards.length)];
    if (!business || !shard) throw new RangeError('A deployment has a number and a shard at least');
    return {
      business,
      shard,
      pair: new Bucket({ perSecond: 1 / deployment.pairSeconds, burst: deployment.pairBurst }),
      inbox: [],
      attempts: 0,
      hasDraft: false,
      isPersons: false,
      modelSeconds,
      rings: 0,
      isLocked: false,
      isReady: false,
      readyAt: 0,
    };
  }
}
