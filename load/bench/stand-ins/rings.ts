import { randomUUID } from 'node:crypto';
import { call } from '../../../local/dynamodb/dynamo-engine.ts';
import { sqsEvent } from '../../../local/event-sources/sqs-event.ts';
import { polledQueue } from '../../../local/event-sources/sqs-model-queue.ts';
import { PAYLOAD_LIMIT } from '../../../local/lambda/invocation.ts';
import { md5OfBody } from '../../../local/sqs/md5.ts';
import { queueNameOf } from '../../../local/sqs/queue-url.ts';
import { writeInbound } from '../../../src/adapters/dynamodb/inbound-record.ts';
import { writeRingBody } from '../../../src/adapters/sqs/ring-body.ts';
import { inboundKey } from '../../../src/domain/conversation/message.ts';
import { chatKey } from '../../../src/domain/ids.ts';
import { isObject } from '../../../src/domain/json.ts';
import { readWebhook } from '../../../src/domain/whatsapp/webhook.ts';
import { type StandInCloud, variableOf } from './cloud.ts';
import { customer, textWebhook } from './webhooks.ts';

/**
 * Has each of these customers write one message, as ingest would leave it: in the table, and rung.
 * @returns the batch of the chat queue with which the processor would be called, as JSON
 */
export async function ring(cloud: StandInCloud, customers: readonly number[]): Promise<string> {
  const name = queueNameOf(variableOf(cloud, 'processor', 'CHAT_QUEUE_URL'));
  const queue = polledQueue(cloud.sqs, name, cloud.region);
  // What ingest was measured with is nobody's to answer.
  for (
    let left = queue.receive(RECEIVE_LIMIT);
    left.length > 0;
    left = queue.receive(RECEIVE_LIMIT)
  ) {
    for (const each of left) queue.delete(each);
  }
  for (const number of customers) await write(cloud, name, number);
  const messages = queue.receive(customers.length);
  if (messages.length < customers.length) {
    throw new Error(
      `${customers.length - messages.length} chats still have a ring of before: was every turn finished?`,
    );
  }
  return sqsEvent(messages, queue, PAYLOAD_LIMIT).payload;
}

/** SQS gives at most so many at a time. */
const RECEIVE_LIMIT = 10;

async function write(cloud: StandInCloud, queue: string, number: number): Promise<void> {
  const webhook: unknown = textWebhook(customer(number));
  const [message] = isObject(webhook) ? readWebhook(webhook).messages : [];
  if (!message) throw new Error('The webhook of a text message has no message');
  const arrival = { message, acceptedAtMs: Date.now(), position: 0, correlationId: randomUUID() };
  await call(cloud.dynamodb.handle, 'PutItem', {
    TableName: variableOf(cloud, 'processor', 'CONVERSATIONS_TABLE'),
    Item: writeInbound(arrival),
  });
  const { chat } = message;
  const messageKey = inboundKey(message);
  const { correlationId } = arrival;
  cloud.sqs.sendMessage(queue, {
    body: writeRingBody({ chat, messageKey, number: 0, correlationId }),
    groupId: chatKey(chat),
    deduplicationId: messageKey,
  });
}

/**
 * What lies in a queue, as an event of at most so many messages, the newest; also what would be delivered later.
 * Nothing is received by it, so it can be given again and again.
 */
export function lying(cloud: StandInCloud, queueUrl: string, limit: number): string {
  const name = queueNameOf(queueUrl);
  const messages = cloud.sqs
    .peek(name)
    .slice(-limit)
    .map(({ messageId, body, sentAtMs }) => ({
      messageId,
      receiptHandle: messageId,
      body,
      md5OfBody: md5OfBody(body),
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: String(sentAtMs),
        SenderId: 'bench',
        ApproximateFirstReceiveTimestamp: String(sentAtMs),
      },
      messageAttributes: {},
    }));
  if (messages.length === 0) throw new Error(`Nothing lies in ${name}: who should have sent it?`);
  return sqsEvent(messages, polledQueue(cloud.sqs, name, cloud.region), PAYLOAD_LIMIT).payload;
}
