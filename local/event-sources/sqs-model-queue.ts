import { md5OfBody } from '../sqs/md5.ts';
import { SqsError } from '../sqs/sqs-error.ts';
import type { SqsModel } from '../sqs/sqs-model.ts';
import { systemAttributes } from '../sqs/system-attributes.ts';
import type { PolledQueue } from './polled-queue.ts';

/** A queue of the SQS model as an event source mapping uses it. */
export function polledQueue(sqs: SqsModel, name: string, region: string): PolledQueue {
  return {
    arn: sqs.arnOf(name),
    region,
    visibilityTimeoutSeconds: Number(sqs.attributesOf(name)['VisibilityTimeout']),
    receive: (limit) =>
      sqs.receiveMessages(name, { maxMessages: limit }).map((message) => ({
        messageId: message.messageId,
        receiptHandle: message.receiptHandle,
        body: message.body,
        md5OfBody: md5OfBody(message.body),
        attributes: systemAttributes(message),
        messageAttributes: message.attributes,
      })),
    delete: ({ receiptHandle }) => unlessGone(() => sqs.deleteMessage(name, receiptHandle)),
    release: ({ receiptHandle }) =>
      unlessGone(() => sqs.changeMessageVisibility(name, receiptHandle, 0)),
    onAvailable: (listener) => sqs.onAvailable(name, listener),
  };
}

/** A receipt handle may have expired, or the handler may have deleted the message itself. */
function unlessGone(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof SqsError)) throw error;
  }
}
