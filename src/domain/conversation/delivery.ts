import { MAYBE_SENT } from './lost-time.ts';
import type { StoredOutbound } from './message.ts';

/** What Meta has told of one of our bubbles, each fact once; some never come. */
export interface Delivery {
  readonly sentAtMs: number | undefined;
  readonly deliveredAtMs: number | undefined;
  readonly readAtMs: number | undefined;
  /** Of a voice message. */
  readonly playedAtMs: number | undefined;
  readonly failedAtMs: number | undefined;
  readonly failedCode: number | undefined;
  /** States that this release does not know: Meta's word, and its time in milliseconds. */
  readonly otherStatuses: readonly string[];
  /** Meta's `pricing`, as it was sent. */
  readonly pricing: unknown;
}

/** How far a bubble has come, with the code where it came to nothing. */
export function deliveryState(bubble: StoredOutbound, delivery: Delivery): string {
  const isUnsure = bubble.refusedCode === MAYBE_SENT;
  if (bubble.refusedCode !== undefined && !isUnsure) return `refused ${bubble.refusedCode}`;
  if (delivery.playedAtMs !== undefined) return 'played';
  if (delivery.readAtMs !== undefined) return 'read';
  if (delivery.deliveredAtMs !== undefined) return 'delivered';
  if (delivery.failedAtMs !== undefined) return `failed ${delivery.failedCode ?? 'without a code'}`;
  if (delivery.sentAtMs !== undefined) return 'sent';
  if (bubble.wamid !== undefined) return 'accepted';
  return isUnsure ? MAYBE_SENT : 'unknown';
}
