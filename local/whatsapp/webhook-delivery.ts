import type { ModelClock } from '#local/clock.ts';
import { encodeAsMeta, signAsMeta } from './webhook-body.ts';

/** Brings a webhook to the subscriber's callback. @returns the HTTP status; rejects when there was no answer */
export type Deliver = (
  body: Buffer,
  headers: Readonly<Record<string, string>>,
  callback: string,
) => Promise<number>;

/** The app that gets a webhook. */
interface Subscriber {
  readonly secret: string;
  /** Path of its callback URL. */
  readonly callback: string;
}

/** How one try went; `status` is undefined where no answer came. */
export interface DeliveryAttempt {
  readonly attempt: number;
  readonly status: number | undefined;
  readonly tookMs: number;
  /** When the whole body comes again; undefined after a 200 and when Meta gives up. */
  readonly nextAtMs: number | undefined;
}

const HOUR_MS = 3_600_000;
const GIVE_UP_AFTER_MS = 7 * 24 * HOUR_MS;
const LONGEST_PAUSE_MS = 12 * HOUR_MS;

export interface WebhookDeliveryDeps {
  readonly clock: ModelClock;
  readonly deliver: Deliver;
}

/**
 * Signs and delivers as Meta does: anything but a 200 brings the same bytes again, at once and then
 * with falling frequency for 7 days. Meta publishes no schedule; here the pause doubles.
 */
export class WebhookDelivery {
  readonly #deps: WebhookDeliveryDeps;
  readonly #cancels = new Set<() => void>();
  #closed = false;

  constructor(deps: WebhookDeliveryDeps) {
    this.#deps = deps;
  }

  /** Starts delivering; `report` hears of every try. */
  send(
    body: object,
    { secret, callback }: Subscriber,
    report: (attempt: DeliveryAttempt) => void,
  ): void {
    const bytes = encodeAsMeta(body);
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'facebookexternalua',
      'x-hub-signature-256': signAsMeta(bytes, secret),
    };
    const firstAtMs = this.#deps.clock.now();
    const attemptNumber = async (attempt: number): Promise<void> => {
      const startedAtMs = this.#deps.clock.now();
      const status = await this.#deps.deliver(bytes, headers, callback).catch(() => undefined);
      if (this.#closed) return;
      const nowMs = this.#deps.clock.now();
      const nextAtMs = nowMs + pauseAfter(attempt);
      const again = status !== 200 && nextAtMs <= firstAtMs + GIVE_UP_AFTER_MS;
      if (again) this.#schedule(nextAtMs, () => void attemptNumber(attempt + 1));
      report({
        attempt,
        status,
        tookMs: nowMs - startedAtMs,
        nextAtMs: again ? nextAtMs : undefined,
      });
    };
    void attemptNumber(1);
  }

  /** Forgets every redelivery that is due. */
  close(): void {
    this.#closed = true;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }

  #schedule(atMs: number, run: () => void): void {
    const cancel = this.#deps.clock.schedule(atMs, () => {
      this.#cancels.delete(cancel);
      run();
    });
    this.#cancels.add(cancel);
  }
}

function pauseAfter(attempt: number): number {
  return attempt === 1 ? 0 : Math.min(1_000 * 2 ** (attempt - 2), LONGEST_PAUSE_MS);
}
