/** Why a message waits for the operator; a redrive after the fix answers it. */
export const PARK_REASONS = [
  'unknown-phone-number',
  'tenant-suspended',
  'token',
  'configuration',
  'bug',
] as const;
export type ParkReason = (typeof PARK_REASONS)[number];

/** Whose doing it is; `concierge` is ourselves: our code, or what the operator configured. */
export const PARK_PEERS = ['graph', 'openai', 'aws', 'concierge'] as const;
type ParkPeer = (typeof PARK_PEERS)[number];

/** What the operator is told of a parked message: in the table, and on its ring's dead letter. */
export interface Parking {
  readonly reason: ParkReason;
  readonly class: 'fix-needed' | 'bug';
  readonly peer: ParkPeer;
  /** Stable word such as `graph:190` or the name of an error; no free text. */
  readonly code: string;
  /** How often the ring had been received by then. */
  readonly attempts: number;
}

/** Parked because of what the operator configured, or did not. */
export function misconfigured(
  reason: Exclude<ParkReason, 'token' | 'bug'>,
  attempts: number,
): Parking {
  return { reason, class: 'fix-needed', peer: 'concierge', code: reason, attempts };
}

/** Parked because our own code failed on it. `errorName` is the name of a class, never a message. */
export function failedOn(errorName: string, attempts: number): Parking {
  return { reason: 'bug', class: 'bug', peer: 'concierge', code: errorName, attempts };
}
