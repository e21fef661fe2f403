import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { HealthEnv } from '#lambdas/health/config.ts';
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

/** Tells whether the secret, the queues and the tables answer. Reads no data. */
export class HealthFunction extends NodeLambda<HealthEnv> {
  constructor(scope: Construct, id: string, props: HealthFunctionProps) {
    const { state, chats, events, jobs } = props;
    super(scope, id, props, {
      folder: 'health',
      description: 'Answers /healthz and /readyz',
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
  }
}
