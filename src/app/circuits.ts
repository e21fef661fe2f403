import {
  afterFailure,
  type Circuit,
  type CircuitState,
  CLOSED,
  circuitState,
} from '#domain/circuit.ts';
import type { Failure } from '#domain/failure.ts';
import type { Clock } from './ports/clock.ts';
import type { GaugeMetric, Metrics } from './ports/metrics.ts';

export interface CircuitsDeps {
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** Enough for the tenants that a process serves within minutes; what is forgotten counts as healthy. */
const MOST_CIRCUITS = 1_000;
/** A probe that has not come back by then was lost; another one may go. */
const PROBE_MS = 30_000;

const STATE_VALUES: Readonly<Record<CircuitState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/**
 * The circuit breakers of one kind of peer, by key, in the memory of a process: after failures in a row
 * a peer is left alone for a while, then one call tries whether it is back.
 */
export class Circuits {
  readonly #circuits = new Map<string, Circuit>();
  readonly #probedAtMs = new Map<string, number>();
  readonly #gauge: GaugeMetric;
  readonly #deps: CircuitsDeps;

  constructor(gauge: GaugeMetric, deps: CircuitsDeps) {
    this.#gauge = gauge;
    this.#deps = deps;
  }

  /** Why a call should not even be tried; undefined where it may be, also as the probe. */
  refusal(key: string): Failure | undefined {
    const circuit = this.#circuits.get(key);
    if (!circuit?.because) return undefined;
    const nowMs = this.#deps.clock.now();
    const state = circuitState(circuit, nowMs);
    this.#deps.metrics.gauge(this.#gauge, STATE_VALUES[state]);
    const isProbing = nowMs - (this.#probedAtMs.get(key) ?? Number.NEGATIVE_INFINITY) < PROBE_MS;
    if (state === 'half-open' && !isProbing) return undefined;
    // While a call is finding out, what was true before it may be true no longer: wait for it.
    if (state === 'half-open') return { ...circuit.because, class: 'retry', retryAfterMs: 2_000 };
    return { ...circuit.because, retryAfterMs: Math.max(circuit.openUntilMs - nowMs, 1_000) };
  }

  /** A call is about to be made: where the circuit is half-open, it is the only one. */
  begin(key: string): void {
    if (this.#circuits.get(key)?.because) this.#probedAtMs.set(key, this.#deps.clock.now());
  }

  succeeded(key: string): void {
    const before = this.#circuits.get(key);
    if (!before) return;
    this.#forget(key);
    if (before.because) this.#deps.metrics.gauge(this.#gauge, STATE_VALUES.closed);
  }

  failed(key: string, failure: Failure): void {
    const before = this.#circuits.get(key) ?? CLOSED;
    const after = afterFailure(before, failure, this.#deps.clock.now());
    this.#forget(key);
    const [oldest] = this.#circuits.keys();
    if (oldest !== undefined && this.#circuits.size >= MOST_CIRCUITS) this.#forget(oldest);
    this.#circuits.set(key, after);
    if (after.because) this.#deps.metrics.gauge(this.#gauge, STATE_VALUES.open);
  }

  #forget(key: string): void {
    this.#circuits.delete(key);
    this.#probedAtMs.delete(key);
  }
}
