import type { Bucket } from './bucket.ts';
import type { Timeline } from './timeline.ts';

/** Places for invocations that functions share: those that one has reserved, or what an account has left. */
export class Places {
  readonly limit: number;
  inUse = 0;
  mostInUse = 0;
  refusals = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  enter(): boolean {
    if (this.inUse >= this.limit) {
      this.refusals += 1;
      return false;
    }
    this.inUse += 1;
    this.mostInUse = Math.max(this.mostInUse, this.inUse);
    return true;
  }

  leave(): void {
    this.inUse -= 1;
  }
}

export interface LambdaPoolOptions {
  readonly timeline: Timeline;
  readonly places: Places;
  /** How fast Lambda starts new environments of a function. */
  readonly starts: Bucket;
  readonly coldSeconds: number;
}

/** A function's environments: an idle one is used again, another costs a cold start. */
export class LambdaPool {
  readonly #options: LambdaPoolOptions;
  #idle = 0;
  invocations = 0;
  busySeconds = 0;

  constructor(options: LambdaPoolOptions) {
    this.#options = options;
  }

  /**
   * Runs `work`, which calls `end` when it is over.
   * @returns false where Lambda throttles
   */
  invoke(work: (end: () => void) => void): boolean {
    const { timeline, places, starts, coldSeconds } = this.#options;
    if (!places.enter()) return false;
    const isWarm = this.#idle > 0;
    if (!isWarm && !starts.take(1, timeline.now)) {
      places.leave();
      return false;
    }
    if (isWarm) this.#idle -= 1;
    this.invocations += 1;
    const from = timeline.now;
    const end = () => {
      this.busySeconds += timeline.now - from;
      this.#idle += 1;
      places.leave();
    };
    timeline.after(isWarm ? 0 : coldSeconds, () => work(end));
    return true;
  }
}
