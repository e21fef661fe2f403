import type { ModelClock } from '../clock.ts';
import type { InvocationSource } from './invocation.ts';
import type { LambdaFunction } from './lambda-function.ts';

/** What is asked of a function here. */
type Invocable = Pick<LambdaFunction, 'invoke'>;

/** How often and how long an asynchronous event is tried; the cloud's values where none are set. */
export interface AsyncRules {
  /** 0 to 2, after a function error. @default 2 */
  readonly retries: number;
  /** 60 to 21600. @default 21600 */
  readonly maximumAgeSeconds: number;
}

export const DEFAULT_ASYNC_RULES: AsyncRules = { retries: 2, maximumAgeSeconds: 21_600 };

/** Waits after the first and second function error. */
const RETRY_AFTER_MS = [60_000, 120_000];
/** Throttled events come back after one second, and then ever later up to five minutes. */
const FIRST_THROTTLE_WAIT_MS = 1_000;
const LONGEST_THROTTLE_WAIT_MS = 300_000;

/**
 * Lambda's queue of asynchronous events: nobody waits for the result, and what fails is tried again
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html).
 */
export class AsyncInvocations {
  readonly #clock: ModelClock;
  readonly #scheduled = new Set<() => void>();
  #closed = false;

  constructor(clock: ModelClock) {
    this.#clock = clock;
  }

  /** Takes the event; returns when it was first tried. */
  async send(
    lambda: Invocable,
    payload: string,
    source: InvocationSource,
    rules: AsyncRules = DEFAULT_ASYNC_RULES,
  ): Promise<void> {
    const expiresAtMs = this.#clock.now() + rules.maximumAgeSeconds * 1000;
    await this.#try({ lambda, payload, source, rules, expiresAtMs, errors: 0, refusals: 0 });
  }

  /** Forgets what waits for another try. */
  close(): void {
    this.#closed = true;
    for (const cancel of this.#scheduled) cancel();
    this.#scheduled.clear();
  }

  async #try(event: AsyncEvent): Promise<void> {
    const outcome = await event.lambda.invoke(event.payload, event.source);
    switch (outcome.kind) {
      case 'returned':
        return;
      case 'failed': {
        const waitMs = RETRY_AFTER_MS[event.errors];
        if (event.errors >= event.rules.retries || waitMs === undefined) return;
        return this.#later({ ...event, errors: event.errors + 1 }, waitMs);
      }
      case 'throttled':
      case 'refused': {
        if (outcome.kind === 'refused' && outcome.status < 500) return;
        const waitMs = FIRST_THROTTLE_WAIT_MS * 2 ** event.refusals;
        const refused = { ...event, refusals: event.refusals + 1 };
        return this.#later(refused, Math.min(waitMs, LONGEST_THROTTLE_WAIT_MS));
      }
    }
  }

  #later(event: AsyncEvent, waitMs: number): void {
    const atMs = this.#clock.now() + waitMs;
    if (this.#closed || atMs > event.expiresAtMs) return;
    const cancel = this.#clock.schedule(atMs, () => {
      this.#scheduled.delete(cancel);
      void this.#try(event);
    });
    this.#scheduled.add(cancel);
  }
}

interface AsyncEvent {
  readonly lambda: Invocable;
  readonly payload: string;
  readonly source: InvocationSource;
  readonly rules: AsyncRules;
  readonly expiresAtMs: number;
  readonly errors: number;
  readonly refusals: number;
}
