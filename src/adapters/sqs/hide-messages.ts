import { ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import { intoBatches } from './batches.ts';
import type { Queue } from './queue.ts';

/** SQS hides a message for at most twelve hours. */
const LONGEST_DELAY_SECONDS = 43_200;

/** Hides messages that are held for so long from now on, in whole seconds, rounded up. */
export async function hideMessages(
  { client, queueUrl }: Queue,
  held: readonly { readonly receiptHandle: string }[],
  delayMs: number,
): Promise<void> {
  const seconds = Math.min(Math.max(Math.ceil(delayMs / 1000), 0), LONGEST_DELAY_SECONDS);
  for (const batch of intoBatches(held)) {
    const entries = batch.map(({ receiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: seconds,
    }));
    await client.send(
      new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries: entries }),
    );
  }
}
