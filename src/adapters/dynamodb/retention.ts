import type { ChatHead } from '#domain/conversation/head.ts';
import { DEFAULT_RETENTION_DAYS, MOST_RETENTION_DAYS } from '#domain/tenant/retention.ts';

const DAY_SECONDS = 86_400;

/** Until its tenant is known; the first write that knows it sets the tenant's. */
export const DEFAULT_KEPT_DAYS = DEFAULT_RETENTION_DAYS;

/**
 * What a contact chose has no end, so a head that tells of a stop stays as long as anything may. It holds
 * no word of theirs.
 */
export function headKeeping({ replies }: ChatHead, kept: Keeping): Keeping {
  return replies?.kind === 'stopped' ? { ...kept, keptDays: MOST_RETENTION_DAYS } : kept;
}

/** A day longer than the 30 within which a message is taken: what is older cannot come back. */
export const TOMBSTONE_KEPT_DAYS = 31;

/** Events that nobody handles may hold customers' words, and serve the operator for a while only. */
export const EVENT_KEPT_DAYS = 30;

/** The ids of commands: as long as messages are taken, and a day. */
export const COMMAND_KEPT_DAYS = 31;

/** From when on an item is kept, and for how long. */
export interface Keeping {
  readonly nowMs: number;
  readonly keptDays: number;
}

/** Value of the TTL attribute `expiresAt`: seconds since the epoch. */
export function expiresAtSeconds({ nowMs, keptDays }: Keeping): number {
  return Math.floor(nowMs / 1000) + keptDays * DAY_SECONDS;
}
