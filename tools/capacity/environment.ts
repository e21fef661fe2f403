import type { Timeline } from './timeline.ts';

/** The processor of an execution environment: what its invocation has to compute, one after the other. */
export class Environment {
  readonly #timeline: Timeline;
  #freeAt = 0;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  compute(seconds: number, then: () => void): void {
    this.#freeAt = Math.max(this.#timeline.now, this.#freeAt) + seconds;
    this.#timeline.after(this.#freeAt - this.#timeline.now, then);
  }
}

/** Works all of a batch side by side; `end` is called when the last one has ended. */
export function sideBySide<Entry>(
  batch: readonly Entry[],
  work: (entry: Entry, ended: () => void) => void,
  end: () => void,
): void {
  let left = batch.length;
  const ended = () => {
    left -= 1;
    if (left === 0) end();
  };
  for (const entry of batch) work(entry, ended);
}
