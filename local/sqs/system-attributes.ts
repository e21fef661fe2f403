import type { ReceivedMessage } from './message.ts';

/** What SQS itself tells of a message, as text, by the names of ReceiveMessage's system attributes. */
export function systemAttributes(message: ReceivedMessage): Record<string, string> {
  const attributes: Record<string, string> = {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAtMs),
    SenderId: message.senderId,
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
  };
  const { sequenceNumber, groupId, deduplicationId, traceHeader, deadLetterSourceArn } = message;
  if (sequenceNumber !== undefined) attributes['SequenceNumber'] = sequenceNumber;
  if (groupId !== undefined) attributes['MessageGroupId'] = groupId;
  if (deduplicationId !== undefined) attributes['MessageDeduplicationId'] = deduplicationId;
  if (traceHeader !== undefined) attributes['AWSTraceHeader'] = traceHeader;
  if (deadLetterSourceArn !== undefined) {
    attributes['DeadLetterQueueSourceArn'] = deadLetterSourceArn;
  }
  return attributes;
}
