/** A message that a poller has received and that is invisible to others for now. */
export interface PolledMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** System attributes, such as `ApproximateReceiveCount` and `MessageGroupId`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, PolledAttribute>>;
}

interface PolledAttribute {
  readonly dataType: string;
  readonly stringValue?: string;
  /** As base64. */
  readonly binaryValue?: string;
}

/** What an event source mapping does with its queue. */
export interface PolledQueue {
  readonly arn: string;
  readonly region: string;
  readonly visibilityTimeoutSeconds: number;
  /** At most so many messages; an empty list where none is available. */
  receive(limit: number): readonly PolledMessage[];
  delete(message: PolledMessage): void;
  /** Lets others receive it at once. */
  release(message: PolledMessage): void;
  /** Calls the listener whenever a message may have become available; returns how to stop that. */
  onAvailable(listener: () => void): () => void;
}
