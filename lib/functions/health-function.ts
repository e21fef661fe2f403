import { Duration, Validations } from 'aws-cdk-lib';
import { Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { HealthEnv } from '#lambdas/health/config.ts';
import { HouseAlarm } from '../alarms/house-alarm.ts';
import type { ChatQueue } from '../constructs/chat-queue.ts';
import type { EventsQueue } from '../constructs/events-queue.ts';
import type { JobsQueue } from '../constructs/jobs-queue.ts';
import { type FunctionSurroundings, NodeLambda } from '../constructs/node-lambda.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import { allowSecrets } from './state-access.ts';

export interface HealthFunctionProps extends FunctionSurroundings {
  readonly state: StatefulStack;
  readonly chats: ChatQueue;
  readonly events: EventsQueue;
  readonly jobs: JobsQueue;
}

/** Of a value of the platform's secret that nobody replaced, where the stage says nothing else. */
const ROTATION_DAYS = 180;

const TOLD_EVERY = Duration.minutes(5);

/**
 * Tells whether the secret, the queues and the tables answer, and every few minutes how old the secret is. Reads
 * no data.
 */
export class HealthFunction extends NodeLambda<HealthEnv> {
  constructor(scope: Construct, id: string, props: HealthFunctionProps) {
    const { state, chats, events, jobs } = props;
    super(scope, id, props, {
      folder: 'health',
      description: 'Answers /healthz and /readyz, and tells how old the secret is',
      environment: {
        TENANTS_TABLE: state.tenants.tableName,
        CONVERSATIONS_TABLE: state.conversations.tableName,
        CHAT_QUEUE_URL: chats.queue.queueUrl,
        EVENTS_QUEUE_URL: events.queue.queueUrl,
        JOBS_QUEUE_URL: jobs.queue.queueUrl,
        PLATFORM_SECRET_ARN: state.platformSecret.secretArn,
      },
      timeout: Duration.seconds(10),
      memoryMb: 256,
      sourceMap: true,
      alarm: { impact: 'Nobody can see whether the service is ready.', severity: 'medium' },
    });
    this.allow(['dynamodb:DescribeTable'], state.tenants.tableArn, state.conversations.tableArn);
    const queues = [chats, events, jobs].map(({ queue }) => queue.queueArn);
    this.allow(['sqs:GetQueueAttributes'], ...queues);
    allowSecrets(this, state.key, state.platformSecret.secretArn);
    this.#watchSecretAge(props);
  }

  #watchSecretAge({ config, topics }: HealthFunctionProps): void {
    this.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(5) });
    const schedule = new Rule(this, 'Schedule', {
      schedule: Schedule.rate(TOLD_EVERY),
      targets: [new LambdaTarget(this.lambda)],
    });
    const reason = 'What one start did not tell of the age of a secret, the next one does.';
    Validations.of(schedule).acknowledge({ id: 'Serverless-EventBusDLQ', reason });
    Validations.of(this.lambda).acknowledge({
      id: 'Serverless-LambdaAsyncFailureDestination',
      reason,
    });
    new HouseAlarm(this, 'SecretAge', {
      topics,
      name: 'secret-age',
      impact:
        'A secret of the platform is in use for longer than it should be: whoever has it keeps it.',
      severity: 'low',
      metric: this.metric('PlatformSecretAge', {
        // Six times as long as from one word to the next: a window without any would have the alarm decide
        // by an older one, which after a rotation says the opposite.
        period: Duration.seconds(6 * TOLD_EVERY.toSeconds()),
        statistic: Stats.MAXIMUM,
      }),
      above: config.secrets.rotationDays ?? ROTATION_DAYS,
      // An old secret does not get younger because nobody looks.
      missingData: TreatMissingData.IGNORE,
    });
  }
}
