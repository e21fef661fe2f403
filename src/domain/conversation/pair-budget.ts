/** What WhatsApp lets one number send to one customer (Cloud API, "Pair rate limits"). */
const INTERVAL_MS = 6_000;
/** So many may go out at once, borrowed from the future and paid back one by one. */
const BURST = 45;
const LONGEST_PAUSE_MS = 4 ** 5 * 1_000;

/** The time up to which a chat's messages are paid for, after `messages` more of them. */
export function payForMessages(paidUpToMs: number, messages: number, nowMs: number): number {
  return Math.max(paidUpToMs, nowMs) + messages * INTERVAL_MS;
}

/** How long what is paid for has to wait until no more than the burst is borrowed; 0 = go on. */
export function pairWaitMs(paidUpToMs: number, nowMs: number): number {
  return Math.max(0, paidUpToMs - nowMs - BURST * INTERVAL_MS);
}

/** Meta's advice for 131056: wait 4^n seconds, n = 0 for the first refusal; here up to 17 minutes. */
export function pairRefusalWaitMs(refusals: number): number {
  return Math.min(4 ** refusals * 1_000, LONGEST_PAUSE_MS);
}
