import type { VirtualClock } from '#local/clock.ts';
import type { People } from '../people.ts';
import type { Fault } from '../plan/fault.ts';
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

/** A frozen one included. */
const LONGEST_INVOCATION_MS = 300_000;

/** What every part of the oracle knows, and where each writes what should not have happened. */
export class Notebook {
  readonly schedule: Schedule;
  readonly people: People;
  readonly violations: Violation[] = [];
  /** Since when each business is suspended, unknown or misconfigured, by its index. */
  readonly closedSinceMs = new Map<number, number>();
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

  /** Whoever works for a business that is closed for so long must have seen it. */
  checkOpen(business: number | undefined, what: string): void {
    const sinceMs = this.closedSinceMs.get(business ?? -1) ?? Number.POSITIVE_INFINITY;
    if (this.now() - sinceMs > LONGEST_INVOCATION_MS) {
      this.note('other', `${what} for a business that is closed`);
    }
  }

  /** However slow the outside peers are, a function ends in time; its own tables and queues may stop it. */
  timedOut(name: string): void {
    const isOutside = (each: Fault) =>
      each.kind === 'deploy' ||
      each.kind === 'restore' ||
      each.kind === 'purge' ||
      (each.kind === 'call' &&
        /^(model|graph)/.test(each.call) &&
        !each.fault.startsWith('freeze')) ||
      (each.kind === 'outage' && /^(model|graph)/.test(each.calls));
    if (this.schedule.faults.every(isOutside)) this.note('other', `${name} ran out of time`);
  }

  note(kind: ViolationKind, text: string): void {
    this.violations.push({ kind, text, atMs: this.now() - START_MS });
    this.#trace?.(() => `  VIOLATION ${kind}: ${text}`);
  }
}
