import type { ParkReason } from '#domain/conversation/message.ts';

/** What is to be done with a chat's rings once the chat was worked. */
export type ChatOutcome =
  /** Nothing is left to do: the rings are deleted. */
  | { readonly kind: 'settled' }
  /** To be tried again after a while; the chat's order is kept because its inbox is drained as a whole. */
  | { readonly kind: 'deferred'; readonly delayMs: number; readonly cause: string }
  /** Waits for the operator: the rings go to the dead-letter queue with the reason. */
  | { readonly kind: 'parked'; readonly reason: ParkReason };

/** Another worker wrote to the chat first: this one says nothing more, and looks again shortly. */
export const FENCED: ChatOutcome = { kind: 'deferred', delayMs: 2_000, cause: 'fenced' };
export const SETTLED: ChatOutcome = { kind: 'settled' };

/** What is left of the invocation, less the margin for writing state. */
export interface TimeLeft {
  remainingMs(): number;
}
