import type { Clock } from '#app/ports/clock.ts';
import type { Log } from '#app/ports/log.ts';
import { SecretUnavailableError } from '#app/ports/secret-source.ts';

/** From this age on a value is fetched again while it is still served. */
const REFRESH_AFTER_MS = 4 * 60_000;
/** A value of this age is not served without asking first. */
const OLDEST_MS = 5 * 60_000;
/** Unless the vault does not answer: then an old value serves on, up to this age. */
const OLDEST_IN_AN_OUTAGE_MS = 60 * 60_000;
/**
 * How long an old value serves before the vault is asked again after a failure, and how long a lack
 * that only the operator can end is taken for granted: whoever calls meanwhile costs no request.
 */
const PAUSE_AFTER_FAILURE_MS = 5_000;
/** A peer that refuses our value may make us ask this often. */
const REFRESH_INTERVAL_MS = 30_000;

interface Held<Value> {
  readonly value: Value;
  readonly fetchedAtMs: number;
}

export interface CachedSecretOptions<Value> {
  readonly fetch: () => Promise<Value>;
  readonly clock: Clock;
  readonly log: Log;
}

/** One secret in the memory of the process: fetched by one caller at a time, whoever else waits for it. */
export class CachedSecret<Value> {
  readonly #options: CachedSecretOptions<Value>;
  #held: Held<Value> | undefined;
  #fetching: Promise<Value> | undefined;
  #failedAtMs = Number.NEGATIVE_INFINITY;
  /** The last failure, if waiting alone will not end it. */
  #lack: SecretUnavailableError | undefined;
  #refreshedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: CachedSecretOptions<Value>) {
    this.#options = options;
  }

  async get(): Promise<Value> {
    const held = this.#held;
    const hasJustFailed = this.#options.clock.now() - this.#failedAtMs < PAUSE_AFTER_FAILURE_MS;
    if (!held) {
      if (hasJustFailed && this.#lack) throw this.#lack;
      return this.#fetch();
    }
    const age = this.#options.clock.now() - held.fetchedAtMs;
    if (age < REFRESH_AFTER_MS) return held.value;
    if (hasJustFailed && age < OLDEST_IN_AN_OUTAGE_MS) return held.value;
    if (age < OLDEST_MS) {
      // In the background: the next call sees the new value, or the failure, through this object.
      this.#fetch().catch(() => undefined);
      return held.value;
    }
    return this.#fetchOrServeStale(held.value, age);
  }

  /** Fetches now, if the interval allows. @returns whether a value was fetched */
  async refresh(): Promise<boolean> {
    const now = this.#options.clock.now();
    if (now - this.#refreshedAtMs < REFRESH_INTERVAL_MS) return false;
    this.#refreshedAtMs = now;
    // One that is under way may bring the very value that was refused.
    await this.#fetching?.catch(() => undefined);
    try {
      await this.#fetch();
      this.#options.log.info('secret_refreshed');
      return true;
    } catch {
      return false;
    }
  }

  async #fetchOrServeStale(value: Value, ageMs: number): Promise<Value> {
    try {
      return await this.#fetch();
    } catch (error) {
      if (ageMs >= OLDEST_IN_AN_OUTAGE_MS) throw error;
      this.#options.log.warn('secret_stale', { ageMs });
      return value;
    }
  }

  #fetch(): Promise<Value> {
    this.#fetching ??= this.#fetchAndHold().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetchAndHold(): Promise<Value> {
    try {
      const value = await this.#options.fetch();
      this.#held = { value, fetchedAtMs: this.#options.clock.now() };
      return value;
    } catch (error) {
      this.#failedAtMs = this.#options.clock.now();
      const isLack = error instanceof SecretUnavailableError && error.needs === 'operator';
      this.#lack = isLack ? error : undefined;
      throw error;
    }
  }
}
