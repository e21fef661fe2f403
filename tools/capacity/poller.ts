import type { LambdaPool } from './lambda-pool.ts';
import type { Timeline } from './timeline.ts';

export interface PollerOptions<Entry> {
  readonly timeline: Timeline;
  readonly pool: LambdaPool;
  readonly batchSize: number;
  /** How many batches are under way at most. */
  readonly maxConcurrency: number;
  /** With how many it begins, and how many more a second while all are busy. */
  readonly ramp: { readonly from: number; readonly perSecond: number };
  /** How long it gathers a batch that is not full. */
  readonly windowSeconds: number;
  /** How many there are to receive. */
  waiting(): number;
  receive(most: number): readonly Entry[];
  work(batch: readonly Entry[], end: () => void): void;
}

/** A throttled batch is tried again after so long; a stalled receive as well. */
const AGAIN_SECONDS = 0.5;

/** An event source mapping: takes batches out of a queue and invokes the function with each. */
export class Poller<Entry> {
  readonly #options: PollerOptions<Entry>;
  busy = 0;
  batches = 0;
  entries = 0;
  /** Of places in batches, taken or not, how many seconds were taken. */
  entrySeconds = 0;
  #allowed: number;
  #grewAt = 0;
  #isFull = false;
  #isWaiting = false;
  #hasWaited = false;

  constructor(options: PollerOptions<Entry>) {
    this.#options = options;
    this.#allowed = Math.min(options.ramp.from, options.maxConcurrency);
  }

  /** It begins anew with few, as when it is enabled again. */
  rest(): void {
    const { ramp, maxConcurrency } = this.#options;
    this.#allowed = Math.min(ramp.from, maxConcurrency);
    this.#grewAt = this.#options.timeline.now;
  }

  /** There may be something, or a place for it. */
  poke(): void {
    const { waiting, receive, batchSize, windowSeconds } = this.#options;
    this.#grow();
    while (waiting() > 0 && this.#hasRoom) {
      if (windowSeconds > 0 && waiting() < batchSize && !this.#hasWaited) {
        this.#wait(windowSeconds, true);
        return;
      }
      const batch = receive(batchSize);
      if (batch.length === 0) {
        this.#wait(AGAIN_SECONDS);
        return;
      }
      this.#dispatch(batch);
    }
    this.#hasWaited = false;
    this.#isFull = waiting() > 0 && !this.#hasRoom;
    if (this.#isFull && this.#allowed < this.#options.maxConcurrency) this.#wait(AGAIN_SECONDS);
  }

  get #hasRoom(): boolean {
    return this.busy < Math.floor(this.#allowed);
  }

  /** By how long all that it had was busy, and there was more to do. */
  #grow(): void {
    const { maxConcurrency, ramp, timeline } = this.#options;
    if (this.#isFull) {
      const more = (timeline.now - this.#grewAt) * ramp.perSecond;
      this.#allowed = Math.min(maxConcurrency, this.#allowed + more);
    }
    this.#grewAt = timeline.now;
  }

  #dispatch(batch: readonly Entry[]): void {
    const { pool, work, timeline } = this.#options;
    this.busy += 1;
    const from = timeline.now;
    const isTaken = pool.invoke((end) =>
      work(batch, () => {
        end();
        this.busy -= 1;
        this.batches += 1;
        this.entries += batch.length;
        this.entrySeconds += batch.length * (timeline.now - from);
        this.poke();
      }),
    );
    if (isTaken) return;
    timeline.after(AGAIN_SECONDS, () => {
      this.busy -= 1;
      this.#dispatch(batch);
    });
  }

  #wait(seconds: number, gathers = false): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#options.timeline.after(seconds, () => {
      this.#isWaiting = false;
      this.#hasWaited = gathers;
      this.poke();
    });
  }
}
