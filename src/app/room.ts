import type { Pauses } from './ports/clock.ts';

/** A place in a room that somebody holds. */
export interface Place {
  /** No more than so much of it is needed from now on. */
  shrink(size: number): void;
  leave(): void;
}

interface Waiting {
  readonly size: number;
  readonly enter: () => void;
}

/**
 * A bound on what all chats of a process hold at once, such as bytes in its memory. Who comes first enters
 * first, so that what is small does not keep out what is large; what is larger than the room has it alone.
 */
export class Room {
  readonly #size: number;
  readonly #pauses: Pauses;
  #taken = 0;
  #waiting: readonly Waiting[] = [];

  constructor(size: number, pauses: Pauses) {
    this.#size = size;
    this.#pauses = pauses;
  }

  /** @returns undefined where there was none for so long */
  async enter(wanted: number, longestWaitMs: number): Promise<Place | undefined> {
    const size = Math.min(wanted, this.#size);
    if (this.#waiting.length === 0 && this.#fits(size)) return this.#take(size);
    const over = new AbortController();
    const { promise, resolve } = Promise.withResolvers<Place>();
    const waiting: Waiting = {
      size,
      enter: () => {
        over.abort();
        resolve(this.#take(size));
      },
    };
    this.#waiting = [...this.#waiting, waiting];
    const timeUp = this.#pauses.pause(longestWaitMs, over.signal);
    await Promise.race([promise, timeUp]);
    if (over.signal.aborted) return promise;
    this.#waiting = this.#waiting.filter((each) => each !== waiting);
    this.#letIn();
    return undefined;
  }

  #fits(size: number): boolean {
    return this.#taken + size <= this.#size;
  }

  #take(size: number): Place {
    let held = size;
    this.#taken += held;
    const shrink = (to: number) => {
      const freed = Math.max(0, held - to);
      held -= freed;
      this.#taken -= freed;
      this.#letIn();
    };
    return { shrink, leave: () => shrink(0) };
  }

  #letIn(): void {
    const [first, ...others] = this.#waiting;
    if (!first || !this.#fits(first.size)) return;
    this.#waiting = others;
    first.enter();
    this.#letIn();
  }
}
