import { createHmac } from 'node:crypto';
import type { VirtualClock } from '#local/clock.ts';
import type { FunctionPool } from '../cloud/function-pool.ts';
import { draw } from '../random.ts';
import { DAY_MS } from '../settings.ts';
import { type Update, webhookBody } from './meta-bodies.ts';

interface Answer {
  readonly status: number;
  readonly generation: number;
}

export interface SimulatedMetaOptions {
  readonly seed: number;
  readonly clock: VirtualClock;
  readonly ingest: FunctionPool;
  readonly appSecret: string;
  readonly redelivered: () => void;
}

/** Meta says "immediately, then with falling frequency for up to seven days"; no schedule is published. */
const RETRY_AFTER_MS = [
  500, 5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 28_800_000,
];
const LAST_RETRY_AFTER_MS = 43_200_000;
const GIVES_UP_AFTER_MS = 7 * DAY_MS;

/** Told of a 200, and which generation of the tables stands behind it. */
export type Taken = (generation: number) => void;

/** Meta's side of the webhook: signs, posts, and posts again what was not answered with 200. */
export class SimulatedMeta {
  appSecret: string;
  readonly #options: SimulatedMetaOptions;
  #posts = 0;

  constructor(options: SimulatedMetaOptions) {
    this.#options = options;
    this.appSecret = options.appSecret;
  }

  /** Delivers updates until they are taken. @param taken is called at each 200 */
  deliver(updates: readonly Update[], taken: Taken, attempt = 0, sinceMs = this.#now()): void {
    void this.#post(updates).then(({ status, generation }) => {
      if (status === 200) {
        taken(generation);
        return;
      }
      const atMs = this.#now() + pauseMs(attempt, draw(this.#options.seed, 'meta', this.#posts));
      if (atMs > sinceMs + GIVES_UP_AFTER_MS) return;
      this.#options.clock.schedule(atMs, () => {
        this.#options.redelivered();
        this.deliver(updates, taken, attempt + 1, sinceMs);
      });
    });
  }

  /** Delivers the same again, once. */
  deliverCopy(updates: readonly Update[], taken: Taken): void {
    void this.#post(updates).then(({ status, generation }) => {
      if (status === 200) taken(generation);
    });
  }

  /** Somebody else posts a body that Meta has not signed. @param taken is called if it is believed */
  forge(updates: readonly Update[], taken: () => void): void {
    void this.#post(updates, 'a secret of somebody else').then(({ status }) => {
      if (status >= 200 && status < 300) taken();
    });
  }

  #now(): number {
    return this.#options.clock.now();
  }

  async #post(updates: readonly Update[], secret = this.appSecret): Promise<Answer> {
    const body = webhookBody(updates);
    this.#posts += 1;
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const event = {
      body: body.toString(),
      isBase64Encoded: false,
      headers: { 'x-hub-signature-256': `sha256=${signature}` },
      requestContext: { requestId: `request-${this.#posts}`, http: { method: 'POST' } },
    };
    const outcome = await this.#options.ingest.invoke(JSON.stringify(event));
    if (outcome.kind !== 'returned') return { status: 503, generation: 0 };
    const answer: { readonly statusCode: number; readonly generation: number } = JSON.parse(
      outcome.payload,
    );
    return { status: answer.statusCode, generation: answer.generation };
  }
}

function pauseMs(attempt: number, chance: number): number {
  return Math.floor((RETRY_AFTER_MS[attempt] ?? LAST_RETRY_AFTER_MS) * (0.75 + 0.5 * chance));
}
