const DAY_SECONDS = 86_400;

/**
 * How long items are kept. Never below 30 days: Meta redelivers for up to 7, and a message whose id is
 * forgotten would be answered again.
 */
const RETENTION_DAYS = 90;

/** Value of the TTL attribute `expiresAt`: seconds since the epoch. */
export function expiresAtSeconds(nowMs: number): number {
  return Math.floor(nowMs / 1000) + RETENTION_DAYS * DAY_SECONDS;
}
