/** Where a scenario is played: numbers that a deployed stage shrugs at are more than one machine can do. */
export type Place = 'local' | 'deployed';

/** What a sender posts: by this it is counted, and known what it has to be answered. */
export type Kind = 'message' | 'again' | 'status' | 'batch' | 'forged';

/** A webhook that a sender is to post. */
export interface Post {
  readonly kind: Kind;
  /** Of a batch: so many customers write one each. */
  readonly messages?: number;
  readonly statuses?: number;
}

export type Step =
  | { readonly post: Post; readonly times?: number; readonly pauseSeconds?: number }
  | { readonly pauseSeconds: number };

/** To which of the tenants a sender's customers write. */
export type Side = 'any' | 'noisy' | 'quiet';

/** Somebody who posts one webhook after the other, over one connection. */
interface Sender {
  readonly name: string;
  /** How many of these come, beside the others' weights. @default 1 */
  readonly weight?: number;
  /** @default 'any' */
  readonly side?: Side;
  readonly steps: readonly Step[];
}

/** So many senders come, evenly spread over the time. */
interface Phase {
  readonly name: string;
  readonly seconds: number;
  readonly senders: number;
}

/** What must hold of a run; milliseconds of the acknowledgement. */
export interface Limits {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface Scenario {
  readonly name: string;
  /** In a sentence, for people. */
  readonly what: string;
  readonly senders: readonly Sender[];
  readonly phases: Readonly<Record<Place, readonly Phase[]>>;
  readonly acknowledged: Readonly<Record<Place, Limits>>;
  /** The slowest twentieth of the quiet tenant's customers has its answer after so long. */
  readonly quietAnsweredMs?: number;
  /** Why it is played on one's own machine only. */
  readonly localOnly?: string;
}

/** An answer other than the one that is due, or none, to less than one webhook in a thousand. */
export const MOST_ERRORS = 0.001;

/** By Meta's documentation a webhook has at most so many updates. */
export const MOST_UPDATES = 1_000;
