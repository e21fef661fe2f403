import type { Ring } from './queues.ts';

/** A ring on the dead-letter queue of the chat queue. */
export interface DeadRing {
  /** `malformed`: no version up to this one wrote it. */
  readonly ring: Ring | 'malformed';
  /** True where the processor put it there with its reason, false where the queue gave up on it. */
  readonly isParked: boolean;
  /** Rings of one group are of one chat, and come in their order. */
  readonly group: string;
  readonly messageId: string;
  readonly receiptHandle: string;
}

/** The operator's hold on the dead-letter queue. */
export interface DeadRings {
  /**
   * The next few rings, hidden from everybody for two minutes; of a chat some of whose rings are hidden
   * no others come. Nothing where nothing came within a second.
   */
  receive(): Promise<readonly DeadRing[]>;
  remove(rings: readonly DeadRing[]): Promise<void>;
  /** Shows rings again at once. */
  release(rings: readonly DeadRing[]): Promise<void>;
}
