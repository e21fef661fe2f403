import type { ModelClock } from '../clock.ts';
import type { ReceivedMessage } from './message.ts';
import type { Queue } from './queue.ts';

export interface LongPoll {
  readonly limit: number;
  readonly visibilitySeconds: number;
  readonly waitMs: number;
}

interface Waiter extends LongPoll {
  readonly answer: (messages: ReceivedMessage[]) => void;
}

/**
 * Who waits for a queue's messages: long polls, first come first served, and listeners. Only while
 * somebody does is the clock asked to wake the queue up when a hidden message comes into sight.
 */
export class Receivers {
  readonly #queue: Queue;
  readonly #clock: ModelClock;
  readonly #waiters = new Set<Waiter>();
  readonly #listeners = new Set<() => void>();
  #alarm: { readonly atMs: number; readonly cancel: () => void } | undefined;

  constructor(queue: Queue, clock: ModelClock) {
    this.#queue = queue;
    this.#clock = clock;
  }

  /** What the queue has, or the first that it gets before the time is over, or nothing. */
  async poll(poll: LongPoll): Promise<ReceivedMessage[]> {
    const now = this.#queue.receive(poll.limit, poll.visibilitySeconds);
    if (now.length > 0 || poll.waitMs <= 0) return now;
    const { promise, resolve } = Promise.withResolvers<ReceivedMessage[]>();
    const cancelEnd = this.#clock.schedule(this.#clock.now() + poll.waitMs, () => {
      this.#waiters.delete(waiter);
      resolve([]);
    });
    const waiter: Waiter = {
      ...poll,
      answer: (messages) => {
        this.#waiters.delete(waiter);
        cancelEnd();
        resolve(messages);
      },
    };
    this.#waiters.add(waiter);
    this.watch();
    return promise;
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.watch();
    return () => this.#listeners.delete(listener);
  }

  /** Something may have come into sight. */
  wake(): void {
    for (const waiter of this.#waiters) {
      if (!this.#queue.shelf.ready) break;
      const messages = this.#queue.receive(waiter.limit, waiter.visibilitySeconds);
      if (messages.length > 0) waiter.answer(messages);
    }
    for (const listener of this.#listeners) if (this.#queue.shelf.ready) listener();
    this.watch();
  }

  close(): void {
    this.#listeners.clear();
    for (const waiter of this.#waiters) waiter.answer([]);
    this.#alarm?.cancel();
  }

  /** Sees to it that the queue is looked at when its next hidden message comes into sight. */
  watch(): void {
    const wanted = this.#waiters.size + this.#listeners.size > 0;
    const atMs = wanted ? this.#queue.shelf.nextDueMs : undefined;
    if (atMs !== undefined && this.#alarm && this.#alarm.atMs <= atMs) return; // Early is harmless.
    this.#alarm?.cancel();
    this.#alarm = undefined;
    if (atMs === undefined) return;
    const cancel = this.#clock.schedule(atMs, () => {
      this.#alarm = undefined;
      this.#queue.settle();
      this.wake();
    });
    this.#alarm = { atMs, cancel };
  }
}
