import type { MessageKey } from '#domain/conversation/message.ts';
import type { Parking } from '#domain/conversation/parking.ts';

/** What is to be done with a chat's rings once the chat was worked. */
export type ChatOutcome =
  /** Nothing is left to do: the rings are deleted. */
  | { readonly kind: 'settled' }
  /** To be tried again after a while; the chat's order is kept because its inbox is drained as a whole. */
  | DeferredChat
  /** Nothing is wrong; perhaps the customer writes on. */
  | { readonly kind: 'waiting'; readonly delayMs: number }
  /** Waits for the operator: a ring for each message goes to the dead-letter queue with the reason. */
  | ParkedChat;

export interface DeferredChat {
  readonly kind: 'deferred';
  readonly delayMs: number;
  readonly cause: string;
}

export interface ParkedChat {
  readonly kind: 'parked';
  readonly parking: Parking;
  readonly keys: readonly MessageKey[];
}

/** Another worker wrote to the chat first: this one says nothing more, and looks again shortly. */
export const FENCED = {
  kind: 'deferred',
  delayMs: 2_000,
  cause: 'fenced',
} as const satisfies DeferredChat;
export const SETTLED = { kind: 'settled' } as const satisfies ChatOutcome;

/** What is left of the invocation, less the margin for writing state. */
export interface TimeLeft {
  remainingMs(): number;
}
