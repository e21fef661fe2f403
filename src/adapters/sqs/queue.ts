import type { SQSClient } from '@aws-sdk/client-sqs';

/** One queue and the client to reach it with. */
export interface Queue {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

/** Raised where a queue did not take what must not get lost. */
export class QueueRefusedError extends Error {
  override readonly name = 'QueueRefusedError';
}
