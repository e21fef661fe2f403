import type { VirtualClock } from '#local/clock.ts';
import type { People } from '../people.ts';
import type { Schedule } from '../plan/schedule.ts';
import { START_MS } from '../settings.ts';

export type ViolationKind = 'lost' | 'duplicated' | 'out of order' | 'leaked' | 'other';

export interface Violation {
  readonly kind: ViolationKind;
  readonly text: string;
  /** Time of the run in milliseconds. */
  readonly atMs: number;
}

export interface NotebookOptions {
  readonly schedule: Schedule;
  readonly people: People;
  readonly clock: VirtualClock;
  readonly trace: ((line: () => string) => void) | undefined;
}

/** What every part of the oracle knows, and where each writes what should not have happened. */
export class Notebook {
  readonly schedule: Schedule;
  readonly people: People;
  readonly violations: Violation[] = [];
  /** The largest difference between two environments' clocks. */
  readonly skewMs: number;
  readonly #clock: VirtualClock;
  readonly #trace: NotebookOptions['trace'];

  constructor({ schedule, people, clock, trace }: NotebookOptions) {
    this.schedule = schedule;
    this.people = people;
    this.#clock = clock;
    this.#trace = trace;
    const skews = schedule.faults.map((fault) => (fault.kind === 'skew' ? fault.byMs : 0));
    this.skewMs = Math.max(0, ...skews) - Math.min(0, ...skews);
  }

  now(): number {
    return this.#clock.now();
  }

  note(kind: ViolationKind, text: string): void {
    this.violations.push({ kind, text, atMs: this.now() - START_MS });
    this.#trace?.(() => `  VIOLATION ${kind}: ${text}`);
  }
}
