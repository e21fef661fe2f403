import { Heap } from './heap.ts';

/** The time that a model lives in: the real one, or one that a test or a simulation moves. */
export interface ModelClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs something once at a time, or as soon as possible where that has passed; returns how to cancel it. */
  schedule(atMs: number, run: () => void): () => void;
}

/** setTimeout takes no longer delay. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function realClock(): ModelClock {
  return { now: Date.now, schedule };
}

function schedule(atMs: number, run: () => void): () => void {
  let timer: NodeJS.Timeout;
  function wait(): void {
    const leftMs = atMs - Date.now();
    timer =
      leftMs > LONGEST_TIMER_MS
        ? setTimeout(wait, LONGEST_TIMER_MS)
        : setTimeout(run, Math.max(0, leftMs));
  }
  wait();
  return () => clearTimeout(timer);
}

interface Appointment {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** Time that stands still until it is advanced; what falls due runs in the order of its times. */
export class VirtualClock implements ModelClock {
  readonly #appointments = new Heap<Appointment>(
    (left, right) =>
      left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order),
  );
  #nowMs: number;
  #made = 0;

  constructor(startMs = 0) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  schedule(atMs: number, run: () => void): () => void {
    const appointment = { atMs, order: this.#made, run, cancelled: false };
    this.#made += 1;
    this.#appointments.push(appointment);
    return () => {
      appointment.cancelled = true;
    };
  }

  /** When the next thing falls due; undefined where nothing is scheduled. */
  get nextDueMs(): number | undefined {
    while (this.#appointments.top?.cancelled) this.#appointments.pop();
    return this.#appointments.top?.atMs;
  }

  /** Runs what falls due up to and at this time, each at its own time, also what these schedule. */
  advanceTo(atMs: number): void {
    for (let due = this.nextDueMs; due !== undefined && due <= atMs; due = this.nextDueMs) {
      const appointment = this.#appointments.pop();
      this.#nowMs = Math.max(this.#nowMs, due);
      appointment?.run();
    }
    this.#nowMs = Math.max(this.#nowMs, atMs);
  }

  advanceBy(durationMs: number): void {
    this.advanceTo(this.#nowMs + durationMs);
  }
}
