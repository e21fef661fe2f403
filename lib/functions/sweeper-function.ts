import { Duration, Validations } from 'aws-cdk-lib';
import { Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { SweeperEnv } from '#lambdas/sweeper/config.ts';
import { HouseAlarm } from '../alarms/house-alarm.ts';
import type { ChatQueue } from '../constructs/chat-queue.ts';
import { type FunctionSurroundings, NodeLambda } from '../constructs/node-lambda.ts';
import { type Station, stationPeriod } from '../dashboard/station.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import { allowTableKey, onlyIn, onlyTheAttributes, partitions } from './state-access.ts';

export interface SweeperFunctionProps extends FunctionSurroundings {
  readonly state: StatefulStack;
  readonly chats: ChatQueue;
}

/** What counting a ring names: the keys, what it changes, and what its condition looks at. */
const countsRings = ['pk', 'sk', 'rungAt', 'rings', 'unfinishedShard', 'parkReason'];

/** Rings again for what was accepted and never finished: the proof that accepted means answered. */
export class SweeperFunction extends NodeLambda<SweeperEnv> {
  constructor(scope: Construct, id: string, props: SweeperFunctionProps) {
    const { config, state, chats } = props;
    super(scope, id, props, {
      folder: 'sweeper',
      description: 'Rings again for messages that are accepted and unfinished',
      environment: {
        CONVERSATIONS_TABLE: state.conversations.tableName,
        CHAT_QUEUE_URL: chats.queue.queueUrl,
        RING_AFTER_SECONDS: String(config.ringAfterSeconds),
      },
      // Ends before the next one starts.
      timeout: Duration.seconds(50),
      memoryMb: 256,
      sourceMap: true,
      alarm: {
        impact: 'A message whose ring was lost is not answered, and nobody is told.',
        // If it stays away altogether, oldest-unfinished hears nothing of it and is critical.
        through: 'answers-at-risk',
      },
    });
    const { tableArn } = state.conversations;
    this.allowIf(onlyIn(partitions.unfinished), ['dynamodb:Query'], `${tableArn}/index/unfinished`);
    this.allowIf(
      onlyTheAttributes(countsRings, partitions.chats),
      ['dynamodb:UpdateItem'],
      tableArn,
    );
    this.allow(['sqs:SendMessage'], chats.queue.queueArn);
    allowTableKey(this, state.key, state.conversations);

    // A sweep that failed is made up for by the next; retries would only overlap with it.
    this.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    const everyMinute = new Rule(this, 'EveryMinute', {
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaTarget(this.lambda)],
    });
    const reason = 'The next sweep, a minute later, does what a failed one left.';
    Validations.of(everyMinute).acknowledge({ id: 'Serverless-EventBusDLQ', reason });
    Validations.of(this.lambda).acknowledge({
      id: 'Serverless-LambdaAsyncFailureDestination',
      reason,
    });
    this.#watchOldest(props);
  }

  #watchOldest({ config }: SweeperFunctionProps): void {
    const { ringAfterSeconds, processor } = config;
    // By then the customer should have had the fallback text, and a second ring after it.
    const hopelessAfter = Duration.seconds(processor.answerDeadlineSeconds + ringAfterSeconds).plus(
      Duration.minutes(10),
    );
    new HouseAlarm(this, 'OldestUnfinished', {
      name: 'oldest-unfinished',
      impact: 'Accepted messages stay unanswered, or nobody is looking whether there are any.',
      through: 'customers-unanswered',
      metric: this.metric('OldestUnfinishedAge', {
        period: Duration.minutes(1),
        statistic: Stats.MAXIMUM,
      }),
      above: hopelessAfter.toMilliseconds(),
      periods: { bad: 3, of: 3 },
      // Published every minute, zero included: minutes without it mean that the sweeper is dead, and
      // with it the promise that this alarm watches. One lost minute is not enough to go off.
      missingData: TreatMissingData.BREACHING,
    });
  }

  override get station(): Station {
    const most = { period: stationPeriod, statistic: Stats.MAXIMUM };
    return {
      ...super.station,
      rate: [this.counted('MessagesRungAgain', 'rung again'), this.counted('TimersRung', 'timers')],
      waiting: {
        time: [this.metric('OldestUnfinishedAge', { ...most, label: 'oldest unfinished, ms' })],
        count: [this.metric('UnfinishedMessages', { ...most, label: 'unfinished' })],
      },
    };
  }
}
