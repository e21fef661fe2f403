import { Duration } from 'aws-cdk-lib';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { AlarmTopics } from '../alarms/alarm-topics.ts';
import { HouseAlarm } from '../alarms/house-alarm.ts';
import type { Station } from '../dashboard/station.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { HouseQueue } from './house-queue.ts';

export interface JobsQueueProps {
  readonly consumerTimeout: Duration;
  readonly topics: AlarmTopics;
}

/** Work after the reply, in any order, at least once: what to remember, and what to tell the business. */
export class JobsQueue extends Construct {
  readonly deadLetters: DeadLetterQueue;
  readonly queue: HouseQueue;

  constructor(scope: Construct, id: string, { consumerTimeout, topics }: JobsQueueProps) {
    super(scope, id);
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', {
      fifo: false,
      alarm: {
        topics,
        name: 'jobs-dead-letters',
        impact: 'A business was not told of a chat, or what a customer said is not remembered.',
        severity: 'medium',
      },
    });
    this.queue = new HouseQueue(this, 'Queue', {
      fifo: false,
      // Beyond the retries of a notice, so that what fails in the end is found with the dead letters.
      retention: Duration.days(7),
      visibilityTimeout: Duration.seconds(2 * consumerTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 20 },
    });
    new HouseAlarm(this, 'OldestJob', {
      name: 'jobs-oldest-job',
      impact: 'Businesses are told late of chats that wait for them, or not at all.',
      through: 'jobs-behind',
      metric: this.queue.metricApproximateAgeOfOldestMessage({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      // A notice may be tried for hours while a business's server is down, and that is the business's.
      above: Duration.hours(12).toSeconds(),
      periods: { bad: 3, of: 3 },
      missingData: TreatMissingData.NOT_BREACHING,
    });
  }

  get station(): Station {
    return this.queue.stationWith('jobs queue', this.deadLetters);
  }
}
