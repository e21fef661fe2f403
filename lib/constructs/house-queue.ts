import type { Duration } from 'aws-cdk-lib';
import {
  type DeadLetterQueue,
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  QueueEncryption,
} from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export interface HouseQueueProps {
  /** True gives order within a message group, in high-throughput mode: limits and duplicates are counted per group. */
  readonly fifo: boolean;
  readonly retention: Duration;
  /**
   * How long a received message stays hidden.
   * @default - 30 seconds
   */
  readonly visibilityTimeout?: Duration;
  /** @default - none; only a dead-letter queue itself has none */
  readonly deadLetterQueue?: DeadLetterQueue;
}

/** House queue: encrypted by SQS (docs/adr/104-queue-encryption.md), reached over TLS only. */
export class HouseQueue extends Queue {
  constructor(scope: Construct, id: string, props: HouseQueueProps) {
    super(scope, id, {
      ...(props.fifo && {
        fifo: true,
        contentBasedDeduplication: false,
        deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
        fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      }),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: props.retention,
      ...(props.visibilityTimeout && { visibilityTimeout: props.visibilityTimeout }),
      ...(props.deadLetterQueue && { deadLetterQueue: props.deadLetterQueue }),
    });
  }
}
