import { Duration, Validations } from 'aws-cdk-lib';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { type AlarmText, HouseAlarm } from '../alarms/house-alarm.ts';
import { HouseQueue } from './house-queue.ts';

export interface DeadLetterQueueProps {
  /** A FIFO queue's dead-letter queue must be FIFO. */
  readonly fifo: boolean;
  readonly alarm: AlarmText;
}

/** Where messages wait for a person: kept as long as SQS can, with an alarm on the first of them. */
export class DeadLetterQueue extends HouseQueue {
  constructor(scope: Construct, id: string, { fifo, alarm }: DeadLetterQueueProps) {
    super(scope, id, { fifo, retention: Duration.days(14) });
    new HouseAlarm(this, 'Depth', {
      ...alarm,
      metric: this.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      above: 0,
      missingData: TreatMissingData.NOT_BREACHING,
    });
    Validations.of(this).acknowledge({
      id: 'Serverless-SQSRedrivePolicy',
      reason: 'This is the dead-letter queue; a person redrives or deletes what is in it.',
    });
  }
}
