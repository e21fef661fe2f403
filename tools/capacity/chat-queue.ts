import type { Timeline } from './timeline.ts';

/** A chat as the queue sees it: a message group. */
export interface Group {
  /** Rings that are there and not in flight. */
  rings: number;
  /** A group has one worker at a time. */
  isLocked: boolean;
  isReady: boolean;
  /** Since when it could have been received. */
  readyAt: number;
}

/** The rings of a group that somebody has. */
export interface Received<Chat extends Group> {
  readonly chat: Chat;
  readonly rings: number;
}

/**
 * A FIFO queue in high-throughput mode, as far as a doorbell needs it: groups side by side, each in order
 * and with one worker, and no receive at all beyond so many rings in flight.
 */
export class ChatQueue<Chat extends Group> {
  readonly #mostInFlight: number;
  readonly #onReady: () => void;
  readonly #timeline: Pick<Timeline, 'now'>;
  readonly #ready = new Line<Chat>();
  inFlight = 0;
  mostInFlight = 0;
  /** Receives that found rings and got none, since too many are in flight. */
  stalls = 0;

  constructor(mostInFlight: number, timeline: Pick<Timeline, 'now'>, onReady: () => void) {
    this.#mostInFlight = mostInFlight;
    this.#timeline = timeline;
    this.#onReady = onReady;
  }

  /** Chats with rings that can be received. */
  get waiting(): number {
    return this.#ready.length;
  }

  ring(chat: Chat, rings = 1): void {
    chat.rings += rings;
    this.#offer(chat);
  }

  receive(most: number): readonly Received<Chat>[] {
    if (this.inFlight >= this.#mostInFlight) {
      this.stalls += 1;
      return [];
    }
    const received: Received<Chat>[] = [];
    for (let room = most; room > 0 && this.#ready.length > 0; ) {
      const chat = this.#ready.shift();
      if (!chat) break;
      const rings = Math.min(chat.rings, room);
      room -= rings;
      chat.rings -= rings;
      chat.isReady = false;
      chat.isLocked = true;
      this.inFlight += rings;
      received.push({ chat, rings });
    }
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    return received;
  }

  /** Deletes rings: the next of the chat's are free. */
  done({ chat, rings }: Received<Chat>): void {
    this.inFlight -= rings;
    chat.isLocked = false;
    this.#offer(chat);
  }

  /** The time is over for which rings were hidden: they are there again. */
  reappear({ chat, rings }: Received<Chat>): void {
    this.inFlight -= rings;
    chat.isLocked = false;
    this.ring(chat, rings);
  }

  #offer(chat: Chat): void {
    if (chat.isLocked || chat.isReady || chat.rings === 0) return;
    chat.isReady = true;
    chat.readyAt = this.#timeline.now;
    this.#ready.push(chat);
    this.#onReady();
  }
}

/** First in, first out, without moving what stays. */
export class Line<Entry> {
  #entries: Entry[] = [];
  #from = 0;

  get length(): number {
    return this.#entries.length - this.#from;
  }

  push(entry: Entry): void {
    this.#entries.push(entry);
  }

  shift(): Entry | undefined {
    const entry = this.#entries[this.#from];
    if (entry === undefined) return undefined;
    this.#from += 1;
    if (this.#from > 1_000 && this.#from * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#from);
      this.#from = 0;
    }
    return entry;
  }
}
