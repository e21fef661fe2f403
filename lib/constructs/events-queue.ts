import { Duration } from 'aws-cdk-lib';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { AlarmTopics } from '../alarms/alarm-topics.ts';
import { HouseAlarm } from '../alarms/house-alarm.ts';
import type { Station } from '../dashboard/station.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { HouseQueue } from './house-queue.ts';

export interface EventsQueueProps {
  readonly consumerTimeout: Duration;
  readonly topics: AlarmTopics;
}

/**
 * Everything Meta tells us that is not a customer's message: in any order, at least once. Echoes,
 * history and malformed pieces may hold customers' words (docs/adr/104-queue-encryption.md).
 */
export class EventsQueue extends Construct {
  readonly deadLetters: DeadLetterQueue;
  readonly queue: HouseQueue;

  constructor(scope: Construct, id: string, { consumerTimeout, topics }: EventsQueueProps) {
    super(scope, id);
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', {
      fifo: false,
      alarm: {
        topics,
        name: 'events-dead-letters',
        impact: 'Delivery states or account notices of some tenants were not recorded.',
        severity: 'medium',
      },
    });
    this.queue = new HouseQueue(this, 'Queue', {
      fifo: false,
      retention: Duration.days(4),
      // Twice and not six times the timeout: among the envelopes of an invocation that died may be the
      // proof of a send, for which a chat waits a minute. Throttled receives are made up for by their
      // number instead (docs/adr/105-visibility-just-above-the-timeout.md).
      visibilityTimeout: Duration.seconds(2 * consumerTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 30 },
    });
    new HouseAlarm(this, 'OldestEvent', {
      name: 'events-oldest-event',
      // SQS leaves out of the age what was received more than three times: what fails again and again is
      // told by its dead letters, thirty tries of at most two minutes later.
      impact:
        'Nobody takes delivery states and notices, so replies that were cut off may be sent twice.',
      through: 'events-behind',
      metric: this.queue.metricApproximateAgeOfOldestMessage({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      above: Duration.minutes(10).toSeconds(),
      periods: { bad: 3, of: 3 },
      missingData: TreatMissingData.NOT_BREACHING,
    });
  }

  get station(): Station {
    return this.queue.stationWith('events queue', this.deadLetters);
  }
}
