const BASE_MS = 1_000;
const CAP_MS = 120_000;

/**
 * How long to wait before try `attempt + 1`, in milliseconds: exponential with full jitter, and no less
 * than the peer asked for; but never over two minutes, since a peer that asks for hours may be back
 * sooner. `random` is a number in [0, 1).
 */
export function backoffMs(attempt: number, random: number, retryAfterMs = 0): number {
  const ceiling = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(Math.max(attempt, 1), 20));
  return Math.max(Math.ceil(ceiling * random), Math.min(retryAfterMs, CAP_MS), BASE_MS);
}
