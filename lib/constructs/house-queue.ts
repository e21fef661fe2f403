import type { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type DeadLetterQueue,
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  QueueEncryption,
} from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type Station, stationPeriod } from '../dashboard/station.ts';

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

  /** What comes and goes, and for how long it waits; what fails is with the dead letters. */
  stationWith(title: string, deadLetters: HouseQueue): Station {
    const summed = { period: stationPeriod, statistic: Stats.SUM };
    const most = { period: stationPeriod, statistic: Stats.MAXIMUM };
    return {
      title,
      rate: [
        this.metricNumberOfMessagesSent({ ...summed, label: 'sent' }),
        this.metricNumberOfMessagesDeleted({ ...summed, label: 'done' }),
      ],
      waiting: {
        time: [this.metricApproximateAgeOfOldestMessage({ ...most, label: 'oldest, s' })],
        count: [this.metricApproximateNumberOfMessagesVisible({ ...most, label: 'waiting' })],
      },
      failures: [
        deadLetters.metricApproximateNumberOfMessagesVisible({ ...most, label: 'dead letters' }),
      ],
    };
  }

  /** What AWS bills by: each of these is a request, or part of one. */
  requests(period: Duration, label: string) {
    const summed = { period, statistic: Stats.SUM };
    return [
      this.metricNumberOfMessagesSent({ ...summed, label: `${label} sent` }),
      this.metricNumberOfMessagesReceived({ ...summed, label: `${label} received` }),
      this.metricNumberOfEmptyReceives({ ...summed, label: `${label} received nothing` }),
      this.metricNumberOfMessagesDeleted({ ...summed, label: `${label} deleted` }),
    ];
  }
}
