import { type Deployment, sliceOf } from './deployment.ts';
import type { Scenario } from './hold.ts';
import { Service } from './service.ts';

export type OutageKind = 'model' | 'processor';

/** What an outage leaves behind, and how long it is there. */
export interface Outage {
  readonly kind: OutageKind;
  readonly messagesASecond: number;
  readonly seconds: number;
  /** Unanswered when it ends. */
  readonly backlog: number;
  /** From its end until no more wait than before it; undefined where that does not come within hours. */
  readonly drainSeconds: number | undefined;
  /** Of what was written during it and the drain: answered by the fallback text, or kept for a person after it. */
  readonly lateShare: number;
  readonly mostInFlight: number;
  /** How often too many were in flight to receive any. */
  readonly stalls: number;
  /** Unanswered messages by seconds since its beginning. */
  readonly series: readonly (readonly [seconds: number, waiting: number])[];
}

export interface OutageOptions {
  readonly kind: OutageKind;
  readonly messagesASecond: number;
  readonly seconds: number;
  /** Played as one part of so many. */
  readonly parts: number;
}

/** By then the event source has grown to what it needs. */
const CALM_SECONDS = 300;
const STEP_SECONDS = 10;
const LONGEST_SECONDS = 4 * 3_600;

/** Switches a part off for a while, and on again, and counts who waits. */
export function runOutage(
  deployment: Deployment,
  scenario: Scenario,
  { kind, messagesASecond, seconds, parts }: OutageOptions,
): Outage {
  const service = new Service({ ...scenario, deployment: sliceOf(deployment, parts) });
  const { timeline, book, switches } = service.world;
  book.isOpen = true;
  service.customers.start(messagesASecond / parts);
  const waiting = () => book.written - book.answered - book.late - book.kept;
  timeline.runUntil(CALM_SECONDS);
  const calm = waiting();
  const before = { written: book.written, late: book.late + book.kept };
  const series: [number, number][] = [[0, calm * parts]];
  const step = () => {
    timeline.runUntil(timeline.now + STEP_SECONDS);
    series.push([timeline.now - CALM_SECONDS, waiting() * parts]);
  };
  switchOff(kind, true);
  while (timeline.now < CALM_SECONDS + seconds) step();
  const backlog = waiting() * parts;
  switchOff(kind, false);
  const isOver = () => waiting() <= Math.max(calm * 1.5, calm + 10);
  while (!isOver() && timeline.now < CALM_SECONDS + seconds + LONGEST_SECONDS) step();
  const drainSeconds = timeline.now - CALM_SECONDS - seconds;
  return {
    kind,
    messagesASecond,
    seconds,
    backlog,
    drainSeconds: isOver() ? drainSeconds : undefined,
    lateShare: (book.late + book.kept - before.late) / (book.written - before.written),
    mostInFlight: service.queue.mostInFlight * parts,
    stalls: service.queue.stalls,
    series,
  };

  function switchOff(which: OutageKind, isOff: boolean): void {
    if (which === 'model') {
      switches.isModelDown = isOff;
      return;
    }
    switches.isProcessorStopped = isOff;
    if (isOff) return;
    service.poller.rest();
    service.poller.poke();
  }
}
