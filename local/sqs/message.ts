import type { Place } from './linked-list.ts';

export interface MessageAttribute {
  /** String, Number or Binary, with an optional custom label after a dot. */
  readonly dataType: string;
  readonly stringValue?: string;
  /** As base64. */
  readonly binaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** What a sender gives. */
export interface SendRequest {
  readonly body: string;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  /** Standard queues only; a FIFO queue delays all its messages or none. */
  readonly delaySeconds?: number | undefined;
  readonly attributes?: MessageAttributes | undefined;
  /** The system attribute AWSTraceHeader. */
  readonly traceHeader?: string | undefined;
  /** Who sends, as the system attribute SenderId tells it. */
  readonly senderId?: string | undefined;
}

export interface SendResult {
  readonly messageId: string;
  /** FIFO queues only. */
  readonly sequenceNumber?: string;
}

/** What stays the same for as long as a message is in a queue. */
export interface MessageContent {
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly senderId: string;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  readonly traceHeader?: string | undefined;
  /** The queue that a dead-letter queue got it from. */
  readonly deadLetterSourceArn?: string | undefined;
}

/** `available`: nobody holds it. A FIFO message behind one that is held is available, and waits. */
type MessageState = 'available' | 'delayed' | 'in-flight';

/** A message in a queue: what it is, and how it stands. */
export interface StoredMessage {
  readonly messageId: string;
  readonly content: MessageContent;
  readonly sequenceNumber?: string | undefined;
  readonly sentAtMs: number;
  state: MessageState;
  /** When it becomes available by itself; in the past once it is. */
  visibleAtMs: number;
  receiveCount: number;
  firstReceivedAtMs: number | undefined;
  /** When it was handed out last; from here its visibility can be extended to twelve hours. */
  lastReceivedAtMs: number;
  /** Part of the latest receipt handle; handles of earlier receives do not match it. */
  receipt: number;
  deleted: boolean;
  /** Where it stands by age. */
  agePlace: Place<StoredMessage> | undefined;
  /** Where it stands in the order of delivery, while it does. */
  orderPlace: Place<StoredMessage> | undefined;
}

/** A message as a consumer gets it. */
export interface ReceivedMessage extends MessageContent {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly sequenceNumber?: string | undefined;
  readonly sentAtMs: number;
  readonly firstReceivedAtMs: number;
  readonly receiveCount: number;
}

/** A message as an onlooker sees it, who does not receive it. */
export interface QueueEntry extends MessageContent {
  readonly messageId: string;
  readonly sequenceNumber?: string | undefined;
  readonly sentAtMs: number;
  readonly state: MessageState;
  readonly visibleAtMs: number;
  readonly receiveCount: number;
}
