import type { Failure } from './failure.ts';

/** What is known of a peer's health: how often it failed in a row, and until when it is left alone. */
export interface Circuit {
  readonly failures: number;
  /** How often it was opened without a success in between. */
  readonly openings: number;
  readonly openUntilMs: number;
  /** What opened it. */
  readonly because: Failure | undefined;
}

/** `half-open`: one call may try whether the peer is back. */
export type CircuitState = 'closed' | 'half-open' | 'open';

export const CLOSED: Circuit = { failures: 0, openings: 0, openUntilMs: 0, because: undefined };

/** Of failures that time may heal, so many in a row. One that needs the operator opens at once. */
const FAILURES_TO_OPEN = 5;
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 60_000;
/** A refused secret is fetched again at most every half minute: a try before that would be in vain. */
const PAUSE_FOR_OPERATOR_MS = 31_000;

export function circuitState({ because, openUntilMs }: Circuit, nowMs: number): CircuitState {
  if (!because) return 'closed';
  return nowMs < openUntilMs ? 'open' : 'half-open';
}

export function afterFailure(circuit: Circuit, failure: Failure, nowMs: number): Circuit {
  // A call that was under way when it was opened says nothing new.
  if (circuitState(circuit, nowMs) === 'open') return circuit;
  const failures = circuit.failures + 1;
  const isHopeless = failure.class === 'fix-needed';
  if (!circuit.because && !isHopeless && failures < FAILURES_TO_OPEN) {
    return { ...circuit, failures };
  }
  const firstMs = isHopeless ? PAUSE_FOR_OPERATOR_MS : FIRST_PAUSE_MS;
  const pauseMs = Math.min(firstMs * 2 ** circuit.openings, LONGEST_PAUSE_MS);
  return {
    failures,
    openings: circuit.openings + 1,
    openUntilMs: nowMs + Math.max(pauseMs, Math.min(failure.retryAfterMs ?? 0, LONGEST_PAUSE_MS)),
    because: failure,
  };
}
