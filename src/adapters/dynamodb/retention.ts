const DAY_SECONDS = 86_400;

/**
 * How long items are kept where no tenant says otherwise. Never below 30 days: Meta redelivers for up to
 * 7, and a message whose id is forgotten would be answered again.
 */
export const DEFAULT_KEPT_DAYS = 90;

/** A day longer than the 30 within which a message is taken: what is older cannot come back. */
export const TOMBSTONE_KEPT_DAYS = 31;

/** Events that nobody handles may hold customers' words, and serve the operator for a while only. */
export const EVENT_KEPT_DAYS = 30;

/** Value of the TTL attribute `expiresAt`: seconds since the epoch. */
export function expiresAtSeconds(nowMs: number, keptDays: number): number {
  return Math.floor(nowMs / 1000) + keptDays * DAY_SECONDS;
}
