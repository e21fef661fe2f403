import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import type { DeadRing, DeadRings } from '#app/ports/dead-rings.ts';
import { intoBatches } from './batches.ts';
import type { Queue } from './queue.ts';
import { readRingBody } from './ring-body.ts';

/** The dead-letter queue of the chat queue, looked through by the operator. */
export class SqsDeadRings implements DeadRings {
  readonly #queue: Queue;

  constructor({ client, queueUrl }: Queue) {
    this.#queue = { client, queueUrl };
  }

  async receive(): Promise<readonly DeadRing[]> {
    const { client, queueUrl } = this.#queue;
    const { Messages: messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 120,
        // A short poll asks only some of SQS's servers, and may find nothing where something is.
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ['MessageGroupId'],
        MessageAttributeNames: ['reason'],
      }),
    );
    return messages.map(readDeadRing);
  }

  async remove(rings: readonly DeadRing[]): Promise<void> {
    const { client, queueUrl } = this.#queue;
    for (const batch of intoBatches(rings)) {
      const entries = batch.map(({ receiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
      }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
    }
  }

  async release(rings: readonly DeadRing[]): Promise<void> {
    const { client, queueUrl } = this.#queue;
    for (const batch of intoBatches(rings)) {
      const entries = batch.map(({ receiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: 0,
      }));
      await client.send(
        new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries: entries }),
      );
    }
  }
}

function readDeadRing(message: Message): DeadRing {
  const { Body: body, MessageId: id, ReceiptHandle: handle } = message;
  return {
    ring: readRingBody(body ?? ''),
    isParked: message.MessageAttributes?.['reason'] !== undefined,
    group: message.Attributes?.MessageGroupId ?? '',
    messageId: id ?? '',
    receiptHandle: handle ?? '',
  };
}
