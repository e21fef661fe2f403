import { Duration } from 'aws-cdk-lib';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { AlarmTopics } from '../alarms/alarm-topics.ts';
import { HouseAlarm } from '../alarms/house-alarm.ts';
import type { Station } from '../dashboard/station.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { HouseQueue } from './house-queue.ts';

export interface ChatQueueProps {
  /** The time one attempt may take; a crash delays a chat by little more. */
  readonly processorTimeout: Duration;
  readonly maxReceiveCount: number;
  /** When waiting customers get the fallback text; a much older ring means nobody is answering. */
  readonly answerDeadline: Duration;
  readonly topics: AlarmTopics;
}

/**
 * The doorbell: one ring per accepted message, one message group per chat, so that a chat has one
 * worker at a time and no chat waits for another. Rings carry no text, and are not the truth: what is
 * unfinished or parked is in the conversations table, so a ring that is lost in either queue loses
 * no message.
 */
export class ChatQueue extends Construct {
  readonly queue: HouseQueue;
  readonly deadLetters: DeadLetterQueue;
  /** Told to the processor too, which parks a ring itself so that the reason goes with it. */
  readonly maxReceiveCount: number;

  constructor(scope: Construct, id: string, props: ChatQueueProps) {
    super(scope, id);
    const { topics, maxReceiveCount } = props;
    this.maxReceiveCount = maxReceiveCount;
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', {
      fifo: true,
      alarm: {
        topics,
        name: 'chat-dead-letters',
        impact: 'Customers are waiting for an answer that no retry will give.',
        // Whoever has to hurry hears of the cause (messages-parked, token-revoked); this stays red until
        // the last one is redriven, and as part of an incident it would hide the next cause for days.
        severity: 'medium',
      },
    });
    this.queue = new HouseQueue(this, 'Queue', {
      fifo: true,
      retention: Duration.days(4),
      // Not six times the function's timeout: docs/adr/105-visibility-just-above-the-timeout.md.
      visibilityTimeout: props.processorTimeout.plus(Duration.seconds(5)),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount },
    });
    new HouseAlarm(this, 'OldestRing', {
      name: 'chat-oldest-ring',
      impact: 'Customers have been waiting for an answer far beyond the deadline.',
      through: 'customers-unanswered',
      metric: this.queue.metricApproximateAgeOfOldestMessage({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      above: props.answerDeadline.plus(Duration.minutes(5)).toSeconds(),
      periods: { bad: 3, of: 3 },
      missingData: TreatMissingData.NOT_BREACHING,
    });
  }

  get station(): Station {
    return this.queue.stationWith('chat queue', this.deadLetters);
  }
}
