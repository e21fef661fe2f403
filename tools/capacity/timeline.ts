import { Heap } from '#local/heap.ts';

interface Appointment {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Time of a model, in seconds from its beginning: it goes from one event to the next. */
export class Timeline {
  now = 0;
  readonly #appointments = new Heap<Appointment>(
    (one, other) => one.at < other.at || (one.at === other.at && one.order < other.order),
  );
  #made = 0;

  after(seconds: number, run: () => void): void {
    this.#made += 1;
    this.#appointments.push({ at: this.now + seconds, order: this.#made, run });
  }

  /** Runs all that falls due until then, also what that makes fall due. */
  runUntil(end: number): void {
    for (let top = this.#appointments.top; top && top.at <= end; top = this.#appointments.top) {
      this.#appointments.pop();
      this.now = top.at;
      top.run();
    }
    this.now = end;
  }
}
