/** What a business number may send; figures of WhatsApp Cloud API "Throughput" (2026-09-11). */
export interface SendLimits {
  /** Messages per second and number; above it 130429. */
  readonly perSecond: number;
  /** One message to one customer is paid back in this time. */
  readonly pairIntervalMs: number;
  /** Messages to one customer that may be borrowed from the future; above it 131056. */
  readonly pairBurst: number;
}

export const META_SEND_LIMITS: SendLimits = { perSecond: 80, pairIntervalMs: 6_000, pairBurst: 45 };

/** Messages of the last second, per number. */
export class Throughput {
  readonly #perSecond: number;
  #recent: number[] = [];

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  take(nowMs: number): boolean {
    this.#recent = this.#recent.filter((atMs) => atMs > nowMs - 1_000);
    if (this.#recent.length >= this.#perSecond) return false;
    this.#recent.push(nowMs);
    return true;
  }
}

/**
 * One message per interval to one customer, with a burst borrowed from the future. Meta says no more
 * than that; here what was borrowed is paid back one message at a time, and a sender that has borrowed
 * all waits one interval for each further message.
 */
export class PairLimit {
  readonly #intervalMs: number;
  readonly #burst: number;
  #paidUpToMs = 0;

  constructor({ pairIntervalMs, pairBurst }: SendLimits) {
    this.#intervalMs = pairIntervalMs;
    this.#burst = pairBurst;
  }

  take(nowMs: number): boolean {
    const from = Math.max(this.#paidUpToMs, nowMs);
    if (from + this.#intervalMs - nowMs > this.#burst * this.#intervalMs) return false;
    this.#paidUpToMs = from + this.#intervalMs;
    return true;
  }
}
