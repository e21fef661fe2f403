import { Duration, Validations } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { JobsEnv } from '#lambdas/jobs/config.ts';
import { budgetEnvironment, limitsEnvironment } from '../config/terms-environment.ts';
import type { JobsQueue } from '../constructs/jobs-queue.ts';
import { type FunctionSurroundings, NodeLambda } from '../constructs/node-lambda.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import { queueConsumerActions } from './actions.ts';
import {
  allowSecrets,
  allowTableKey,
  onlyIn,
  onlyTheAttributes,
  partitions,
} from './state-access.ts';

export interface JobsFunctionProps extends FunctionSurroundings {
  readonly state: StatefulStack;
  readonly jobs: JobsQueue;
}

/** What is remembered, as it is stored (src/adapters/dynamodb/memory-record.ts). */
const ofMemories = [
  ...['pk', 'sk', 'v', 'expiresAt', 'headVersion'],
  ...['revision', 'ofTenant', 'beganAt', 'extractedUpTo', 'summarisedUpTo', 'forgottenUpTo', 'ids'],
  ...['kind', 'text', 'formerIds', 'category', 'confidence', 'times', 'level', 'source', 'seenAt'],
];

/** Long enough for a call of a model or of a business's server, with room for writing. */
export const jobsTimeout = Duration.seconds(60);

/** Does what no customer waits for. */
export class JobsFunction extends NodeLambda<JobsEnv> {
  constructor(scope: Construct, id: string, props: JobsFunctionProps) {
    const { config, state, jobs } = props;
    super(scope, id, props, {
      folder: 'jobs',
      description: 'Does after the reply what no customer waits for',
      environment: {
        TENANTS_TABLE: state.tenants.tableName,
        CONVERSATIONS_TABLE: state.conversations.tableName,
        JOBS_QUEUE_URL: jobs.queue.queueUrl,
        PLATFORM_SECRET_ARN: state.platformSecret.secretArn,
        DEFAULT_MODEL: config.processor.defaultModel,
        ...limitsEnvironment(config.limits),
        ...budgetEnvironment(config.budget),
      },
      timeout: jobsTimeout,
      memoryMb: 512,
      sourceMap: true,
      alarm: {
        impact: 'Businesses are not told of chats, and what customers say is not remembered.',
        severity: 'ticket',
      },
    });
    const tenants = state.tenants.tableArn;
    this.allowIf(onlyIn(partitions.routes, partitions.tenants), ['dynamodb:GetItem'], tenants);
    this.allowIf(onlyIn(partitions.usage), ['dynamodb:UpdateItem'], tenants);
    const chats = state.conversations.tableArn;
    this.allowIf(onlyIn(partitions.chats), ['dynamodb:DeleteItem', 'dynamodb:Query'], chats);
    // There is no condition on sort keys, but no head and no message is made of these.
    const remembers = onlyTheAttributes(ofMemories, partitions.chats);
    this.allowIf(remembers, ['dynamodb:PutItem'], chats);
    allowSecrets(this, state.key, state.platformSecret.secretArn);
    allowTableKey(this, state.key, state.tenants, state.conversations);
    this.allow([...queueConsumerActions, 'sqs:ChangeMessageVisibility'], jobs.queue.queueArn);

    const source = new EventSourceMapping(this, 'Jobs', {
      target: this.lambda,
      eventSourceArn: jobs.queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      // Nobody waits for these; the account's concurrency is for customers.
      maxConcurrency: 10,
    });
    Validations.of(source).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: 'SQS itself moves a job to the dead-letter queue after maxReceiveCount.',
    });
  }
}
