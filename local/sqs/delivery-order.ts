import type { StoredMessage } from './message.ts';

/** In which order a queue hands its messages out, and which ones it withholds for now. */
export interface DeliveryOrder {
  /** Whether `take` would give something. */
  readonly ready: boolean;
  /** A message has come into the queue; it may still be delayed. */
  enter(message: StoredMessage): void;
  /** The next messages, at most so many and at least one if ready; they are in flight now. */
  take(limit: number): readonly StoredMessage[];
  /** A message was delayed or in flight; it becomes available. */
  surface(message: StoredMessage): void;
  /** A message leaves the queue for good. */
  leave(message: StoredMessage): void;
}
