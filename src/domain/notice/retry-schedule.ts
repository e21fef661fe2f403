const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Waits after each try that failed: about forty hours in all, so that a night and a morning are survived. */
const WAITS_MS: readonly number[] = [
  10 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  11 * HOUR_MS,
  11 * HOUR_MS,
];

/** SQS hides what was received for twelve hours at most; an hour of it is for the try itself, and jitter. */
const LONGEST_WAIT_MS = 11 * HOUR_MS;

/** The first try, and one after each wait. */
export const MOST_TRIES = WAITS_MS.length + 1;

/**
 * How long to wait after the try of this number (1 = the first), no less than the receiver asked for; a fifth
 * of it by chance, so that the notices of an hour do not come back all at once.
 * @returns undefined after the last try
 */
export function waitAfterTryMs(
  tries: number,
  random: number,
  retryAfterMs = 0,
): number | undefined {
  const waitMs = WAITS_MS[tries - 1];
  if (waitMs === undefined) return undefined;
  const wanted = Math.max(Math.ceil(waitMs * (0.8 + 0.2 * random)), retryAfterMs);
  return Math.min(wanted, LONGEST_WAIT_MS);
}
