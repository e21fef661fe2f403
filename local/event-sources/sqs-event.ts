import type { PolledMessage, PolledQueue } from './polled-queue.ts';

/** One record of an event, as https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html shows it. */
function sqsRecord(message: PolledMessage, queue: PolledQueue): unknown {
  const attributes = Object.entries(message.messageAttributes).map(([name, value]) => [
    name,
    { ...value, stringListValues: [], binaryListValues: [] },
  ]);
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: message.attributes,
    messageAttributes: Object.fromEntries(attributes),
    md5OfBody: message.md5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queue.arn,
    awsRegion: queue.region,
  };
}

/** An event and the messages that it holds. */
export interface SqsEvent {
  readonly payload: string;
  readonly messages: readonly PolledMessage[];
}

/** Takes as many messages, in order, as fit into an event of so many bytes; one always does. */
export function sqsEvent(
  messages: readonly PolledMessage[],
  queue: PolledQueue,
  limitBytes: number,
): SqsEvent {
  const records: string[] = [];
  let bytes = '{"Records":[]}'.length;
  for (const message of messages) {
    const record = JSON.stringify(sqsRecord(message, queue));
    bytes += Buffer.byteLength(record) + 1;
    if (bytes > limitBytes && records.length > 0) break;
    records.push(record);
  }
  return {
    payload: `{"Records":[${records.join(',')}]}`,
    messages: messages.slice(0, records.length),
  };
}
