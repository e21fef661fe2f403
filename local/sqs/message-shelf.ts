import { Heap } from '../heap.ts';
import type { DeliveryOrder } from './delivery-order.ts';
import { LinkedList } from './linked-list.ts';
import type { StoredMessage } from './message.ts';

export interface QueueCounts {
  readonly available: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/**
 * The messages of one queue by id, by age, in the order of delivery and by the time at which they
 * come into sight again; every step costs O(log n) at most. Nothing here waits: what time does is
 * caught up with by `settle`.
 */
export class MessageShelf {
  readonly #order: DeliveryOrder;
  readonly #byId = new Map<string, StoredMessage>();
  readonly #byAge = new LinkedList<StoredMessage>();
  /** An entry whose message has other plans by now is stale. */
  readonly #due = new Heap<{ readonly atMs: number; readonly message: StoredMessage }>(
    (left, right) => left.atMs < right.atMs,
  );
  #inFlight = 0;
  #delayed = 0;

  constructor(order: DeliveryOrder) {
    this.#order = order;
  }

  /** Whether there is something to take. */
  get ready(): boolean {
    return this.#order.ready;
  }

  get counts(): QueueCounts {
    const inFlight = this.#inFlight;
    const delayed = this.#delayed;
    return { available: this.#byId.size - inFlight - delayed, inFlight, delayed };
  }

  /** When the next hidden message comes into sight; undefined where none is hidden. */
  get nextDueMs(): number | undefined {
    for (let due = this.#due.top; due && isStale(due.message, due.atMs); due = this.#due.top) {
      this.#due.pop();
    }
    return this.#due.top?.atMs;
  }

  find(messageId: string): StoredMessage | undefined {
    return this.#byId.get(messageId);
  }

  /** Oldest first. What is visited may be removed meanwhile. */
  all(): Iterable<StoredMessage> {
    return this.#byAge;
  }

  /** Shows what has been hidden long enough, and gives what is too old, which is on the shelf no more. */
  settle(nowMs: number, oldestMs: number): readonly StoredMessage[] {
    for (let atMs = this.nextDueMs; atMs !== undefined && atMs <= nowMs; atMs = this.nextDueMs) {
      const due = this.#due.pop();
      if (due) this.show(due.message);
    }
    const expired: StoredMessage[] = [];
    for (let oldest = this.#byAge.first; oldest && oldest.value.sentAtMs <= oldestMs; ) {
      expired.push(oldest.value);
      this.remove(oldest.value);
      oldest = this.#byAge.first;
    }
    return expired;
  }

  add(message: StoredMessage): void {
    this.#byId.set(message.messageId, message);
    let younger = this.#byAge.last;
    while (younger && younger.value.sentAtMs > message.sentAtMs) younger = younger.previous;
    message.agePlace = this.#byAge.insertAfter(younger, message);
    this.#count(message, 1);
    if (message.state !== 'available') this.hide(message, message.visibleAtMs);
    this.#order.enter(message);
  }

  /** At most so many messages that may be delivered together; they are in flight now. */
  take(limit: number): readonly StoredMessage[] {
    const taken = this.#order.take(limit);
    this.#inFlight += taken.length;
    return taken;
  }

  /** Hides a message that is in flight or delayed until then. */
  hide(message: StoredMessage, untilMs: number): void {
    message.visibleAtMs = untilMs;
    this.#due.push({ atMs: untilMs, message });
  }

  /** Makes a message available that is in flight or delayed. */
  show(message: StoredMessage): void {
    this.#count(message, -1);
    this.#order.surface(message);
  }

  remove(message: StoredMessage): void {
    this.#count(message, -1);
    this.#order.leave(message);
    this.#byId.delete(message.messageId);
    if (message.agePlace) this.#byAge.remove(message.agePlace);
    message.deleted = true;
  }

  #count(message: StoredMessage, change: 1 | -1): void {
    if (message.state === 'in-flight') this.#inFlight += change;
    if (message.state === 'delayed') this.#delayed += change;
  }
}

function isStale(message: StoredMessage, atMs: number): boolean {
  return message.deleted || message.state === 'available' || message.visibleAtMs !== atMs;
}
