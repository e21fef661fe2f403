import { DeleteMessageBatchCommand, type MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { ReceivedRing, Ring, RingBox } from '#app/ports/queues.ts';
import type { Parking } from '#domain/conversation/parking.ts';
import { intoBatches } from './batches.ts';
import { hideMessages } from './hide-messages.ts';
import { type Queue, QueueRefusedError } from './queue.ts';
import { ringEntry } from './ring-entry.ts';
import { type SendMessagesDeps, sendMessages } from './send-messages.ts';

export interface SqsRingBoxOptions extends Queue, SendMessagesDeps {
  readonly deadLetterQueueUrl: string;
}

/**
 * The rings that an invocation holds. A ring that could not be deleted or hidden is no error: its hold
 * has ended, it comes again, and whoever answers it finds the chat as it is.
 */
export class SqsRingBox implements RingBox {
  readonly #options: SqsRingBoxOptions;

  constructor(options: SqsRingBoxOptions) {
    this.#options = options;
  }

  async done(rings: readonly ReceivedRing[]): Promise<void> {
    const { client, queueUrl } = this.#options;
    for (const batch of intoBatches(rings)) {
      const entries = batch.map(({ receiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
      }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
    }
  }

  async defer(
    rings: readonly Pick<ReceivedRing, 'receiptHandle'>[],
    delayMs: number,
  ): Promise<void> {
    await hideMessages(this.#options, rings, delayMs);
  }

  /** @throws QueueRefusedError when not all were taken: then none of what was received may be deleted */
  async deadLetter(rings: readonly Ring[], parking: Parking, occasion: string): Promise<void> {
    const { client, deadLetterQueueUrl } = this.#options;
    const entries = rings.map((ring) => ({
      // Named by the occasion: after a redrive the same ring may have to be parked again.
      ...ringEntry(ring, `${occasion}#${ring.messageKey}`),
      MessageAttributes: attributesOf(parking),
    }));
    const queue = { client, queueUrl: deadLetterQueueUrl };
    const notTaken = await sendMessages(queue, entries, this.#options);
    if (notTaken.size > 0) {
      throw new QueueRefusedError(
        `The dead-letter queue did not take ${notTaken.size} of ${rings.length} rings; check its policy and quota`,
      );
    }
  }
}

function attributesOf(parking: Parking): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(parking).map(([name, value]) => [
      name,
      {
        DataType: typeof value === 'number' ? 'Number' : 'String',
        StringValue: String(value),
      },
    ]),
  );
}
