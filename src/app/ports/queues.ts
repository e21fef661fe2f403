import type { MessageKey } from '#domain/conversation/message.ts';
import type { Parking } from '#domain/conversation/parking.ts';
import type { Chat } from '#domain/ids.ts';
import type { WebhookEvent } from '#domain/whatsapp/webhook.ts';

/** "Something waits in this chat." Names the message, and carries no word of it. */
export interface Ring {
  readonly chat: Chat;
  readonly messageKey: MessageKey;
  /** 0 for ingest's ring; the sweeper counts up, so that its ring is not swallowed as a duplicate. */
  readonly number: number;
  readonly correlationId: string;
}

/** The bell that ingest and the sweeper pull. */
export interface ChatBell {
  /** @returns the rings that the queue did not take, after brief retries */
  ring(rings: readonly Ring[]): Promise<readonly Ring[]>;
}

/** A ring as it was received. */
export interface ReceivedRing {
  readonly ring: Ring;
  readonly receiptHandle: string;
  /** Message id of the queue, to report a failure of the batch's item. */
  readonly messageId: string;
  readonly receiveCount: number;
  /** When it was received for the first time; by the queue's clock. */
  readonly firstReceivedAtMs: number;
}

/** The processor's hold on the rings it received. */
export interface RingBox {
  /** The chat needs no more of these rings. */
  done(rings: readonly ReceivedRing[]): Promise<void>;
  /** Hides the rings for a while; the chat's later rings wait behind them. */
  defer(rings: readonly Pick<ReceivedRing, 'receiptHandle'>[], delayMs: number): Promise<void>;
  /**
   * Puts rings on the dead-letter queue, with what the operator has to know as attributes. `occasion`
   * tells this parking from an earlier one of the same message.
   */
  deadLetter(rings: readonly Ring[], parking: Parking, occasion: string): Promise<void>;
}

/** A webhook event on its way to the events function. */
export interface EventEnvelope extends WebhookEvent {
  readonly receivedAtMs: number;
  readonly correlationId: string;
}

export interface EventsQueue {
  /** @returns how many the queue did not take, after brief retries */
  send(envelopes: readonly EventEnvelope[]): Promise<number>;
}

/** A function's hold on what it received from a standard queue. */
export interface HeldMessages {
  /** Hides messages that failed for a while; otherwise they stay hidden for the queue's own time. */
  defer(held: readonly { readonly receiptHandle: string }[], delayMs: number): Promise<void>;
}
