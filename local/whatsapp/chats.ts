import type { Business } from './business.ts';
import { absorb, type Chat } from './chat.ts';
import { ContactBook, type Meeting, type Sighting, type WhatsAppUser } from './contact-book.ts';
import { PairLimit, type SendLimits } from './send-limits.ts';

/** Every chat of every number, found by phone or by user id. */
export class Chats {
  readonly #limits: SendLimits;
  readonly #book = new ContactBook();
  readonly #chats = new Map<string, Map<WhatsAppUser, Chat>>();

  constructor(limits: SendLimits) {
    this.#limits = limits;
  }

  find(business: Business, alias: string): Chat | undefined {
    const user = this.#book.find(business.portfolioId, alias);
    return user && this.#ofNumber(business).get(user);
  }

  /** The chat with somebody, created on first sight; two records of one person become one chat. */
  open(business: Business, sighting: Sighting): Chat {
    return this.#settle(business, this.#book.meet(business.portfolioId, sighting));
  }

  /** The customer of this chat has a new phone or user id. */
  move(chat: Chat, next: Sighting): void {
    const { business, user } = chat;
    this.#settle(business, this.#book.link(business.portfolioId, user, next));
  }

  openGroup(business: Business, groupId: string): Chat {
    return this.#chatWith(business, this.#book.meetGroup(business.portfolioId, groupId));
  }

  list(business: Business): readonly Chat[] {
    return [...this.#ofNumber(business).values()];
  }

  #settle(business: Business, { user, absorbed }: Meeting): Chat {
    for (const other of absorbed) this.#merge(other, user);
    return this.#chatWith(business, user);
  }

  #chatWith(business: Business, user: WhatsAppUser): Chat {
    const chats = this.#ofNumber(business);
    const known = chats.get(user);
    if (known) return known;
    const chat: Chat = {
      business,
      user,
      messages: [],
      pairLimit: new PairLimit(this.#limits),
      lastInboundAtMs: undefined,
      typingUntilMs: 0,
    };
    chats.set(user, chat);
    return chat;
  }

  #merge(from: WhatsAppUser, to: WhatsAppUser): void {
    for (const chats of this.#chats.values()) {
      const other = chats.get(from);
      if (!other) continue;
      chats.delete(from);
      const known = chats.get(to);
      if (known) absorb(known, other);
      else {
        other.user = to;
        chats.set(to, other);
      }
    }
  }

  #ofNumber(business: Business): Map<WhatsAppUser, Chat> {
    const known = this.#chats.get(business.phoneNumberId);
    if (known) return known;
    const created = new Map<WhatsAppUser, Chat>();
    this.#chats.set(business.phoneNumberId, created);
    return created;
  }
}
