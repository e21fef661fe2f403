import { type Counts, countsOf, type Look } from '../judge/reconcile.ts';
import type { Place } from '../scenarios/scenario.ts';
import type { Numbers } from '../senders/orders.ts';

/** A stack that webhooks are sent to. */
export interface LoadTarget {
  /** For people, and in the report's name. */
  readonly name: string;
  readonly place: Place;
  /** Where the API answers, without a slash at the end. */
  readonly url: string;
  readonly appSecret: string;
  readonly numbers: Numbers;
  /** Undefined where nobody can be asked what became of the messages. */
  readonly witness: Witness | undefined;
  close(): Promise<void>;
}

/** Tells what became of what was sent. */
export interface Witness {
  /** Counts begin somewhen before the first look. */
  look(): Promise<Look>;
  /** How often it makes sense to look, and how long what was taken may be on its way. */
  readonly everyMs: number;
  readonly patienceMs: number;
  /** How many messages of others may come meanwhile. */
  strangersIn(ms: number): number;
  /** What customers saw; undefined where nobody sees it. */
  readAnswers?(): Promise<Answers>;
}

/** Which messages were answered, and when. */
export interface Answers {
  /** How often each token was answered. */
  readonly times: ReadonlyMap<string, number>;
  /** Until a token was first answered, from when it was written. */
  readonly afterMs: ReadonlyMap<string, number>;
}

/** Where the functions count what: a metric, and the services whose sums are added up. */
export const METRICS_OF: Readonly<Record<keyof Counts, readonly (readonly [string, string])[]>> = {
  accepted: [['ingest', 'MessagesAccepted']],
  duplicates: [['ingest', 'MessagesDuplicate']],
  events: [['ingest', 'EventsAccepted']],
  handled: [
    ['events', 'StatusesMerged'],
    ['events', 'StatusesUnmatched'],
  ],
  finished: [['processor', 'MessagesFinished']],
  answered: [['processor', 'MessagesAnswered']],
  turns: [['processor', 'TurnsAnswered']],
  parked: [['processor', 'MessagesParked']],
};

/** @param sumOf of a metric of a service */
export function countsBy(sumOf: (service: string, metric: string) => number): Counts {
  return countsOf((name) =>
    METRICS_OF[name].reduce((sum, [service, metric]) => sum + sumOf(service, metric), 0),
  );
}
