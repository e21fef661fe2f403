import type { ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-sqs';
import type { AwsSender } from '#runtime/aws/aws-sender.ts';

/** The SDK's client, or a function's. */
export type SqsSender = AwsSender<ServiceInputTypes, ServiceOutputTypes>;

/** One queue and the client to reach it with. */
export interface Queue {
  readonly client: SqsSender;
  readonly queueUrl: string;
}

/** Raised where a queue did not take what must not get lost. */
export class QueueRefusedError extends Error {
  override readonly name = 'QueueRefusedError';
}
