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
      // SQS leaves out of the age what was received more than three times: what fails again and again, such as
      // a notice to a server that is down, is told by its dead letters.
      impact: 'Nobody takes jobs: businesses do not hear of chats that wait for them.',
      through: 'jobs-behind',
      metric: this.queue.metricApproximateAgeOfOldestMessage({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      // What is as old and was received three times at most was put off by nobody but a business's server
      // that asked for it: a job's delay and its first waits are over in half an hour.
      above: Duration.hours(1).toSeconds(),
      periods: { bad: 3, of: 3 },
      missingData: TreatMissingData.NOT_BREACHING,
    });
  }

  get station(): Station {
    return this.queue.stationWith('jobs queue', this.deadLetters);
  }
}
