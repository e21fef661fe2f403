import { Duration, Validations } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { JobsEnv } from '#lambdas/jobs/config.ts';
import { budgetEnvironment, limitsEnvironment } from '../config/terms-environment.ts';
import type { JobsQueue } from '../constructs/jobs-queue.ts';
import { type FunctionSurroundings, NodeLambda } from '../constructs/node-lambda.ts';
import type { NoticesTopic } from '../constructs/notices-topic.ts';
import { withItsQueue } from '../dashboard/function-station.ts';
import type { Station } from '../dashboard/station.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import { queueConsumerActions } from './actions.ts';
import {
  allowSecrets,
  allowTableKey,
  allowTenantSecrets,
  allowTopicKey,
  onlyIn,
  onlyTheAttributes,
  partitions,
} from './state-access.ts';

export interface JobsFunctionProps extends FunctionSurroundings {
  readonly state: StatefulStack;
  readonly jobs: JobsQueue;
  readonly notices: NoticesTopic;
}

/** What is remembered, as it is stored (src/adapters/dynamodb/memory-record.ts). */
const ofMemories = [
  ...['pk', 'sk', 'v', 'expiresAt', 'headVersion'],
  ...['revision', 'ofTenant', 'beganAt', 'extractedUpTo', 'summarisedUpTo', 'forgottenUpTo', 'ids'],
  ...['kind', 'text', 'formerIds', 'category', 'confidence', 'times', 'level', 'source', 'seenAt'],
];

/** Long enough for a call of a model or of a business's server, with room for writing. */
export const jobsTimeout = Duration.seconds(60);

const CONCURRENCY = { least: 10, most: 100 } as const;

/**
 * Of a batch one job at least asks the model, as a rule: half as many as there are processors do what these
 * leave. But never so many that they crowd out ingest where an account's quota is as it comes: docs/scale.md.
 */
export function jobsConcurrency(processors: number): number {
  return Math.min(CONCURRENCY.most, Math.max(CONCURRENCY.least, Math.ceil(processors / 2)));
}

/** Does what no customer waits for. */
export class JobsFunction extends NodeLambda<JobsEnv> {
  readonly #queue: JobsQueue;

  constructor(scope: Construct, id: string, props: JobsFunctionProps) {
    const { config, state, jobs, notices } = props;
    super(scope, id, props, {
      folder: 'jobs',
      description: 'Does after the reply what no customer waits for',
      environment: {
        TENANTS_TABLE: state.tenants.tableName,
        CONVERSATIONS_TABLE: state.conversations.tableName,
        JOBS_QUEUE_URL: jobs.queue.queueUrl,
        JOBS_DEAD_LETTER_QUEUE_URL: jobs.deadLetters.queueUrl,
        PLATFORM_SECRET_ARN: state.platformSecret.secretArn,
        TENANT_VAULT: config.secrets.tenantVault,
        TENANT_SECRET_PREFIX: state.tenantSecretPrefix,
        TENANT_SECRETS_KEY_ARN: state.tenantSecretsKey.keyArn,
        NOTICES_TOPIC_ARN: notices.topicArn,
        DEFAULT_MODEL: config.processor.defaultModel,
        ...limitsEnvironment(config.limits),
        ...budgetEnvironment(config.budget),
      },
      timeout: jobsTimeout,
      memoryMb: 256,
      sourceMap: true,
      alarm: {
        impact: 'Businesses are not told of chats, and what customers say is not remembered.',
        through: 'jobs-behind',
      },
    });
    this.#queue = jobs;
    this.allow([...queueConsumerActions, 'sqs:ChangeMessageVisibility'], jobs.queue.queueArn);
    this.#allowMemory(props);
    this.#allowNotices(props);
    allowTableKey(this, state.key, state.tenants, state.conversations);

    const source = new EventSourceMapping(this, 'Jobs', {
      target: this.lambda,
      eventSourceArn: jobs.queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      maxConcurrency: jobsConcurrency(config.processor.concurrency),
    });
    Validations.of(source).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: 'SQS itself moves a job to the dead-letter queue after maxReceiveCount.',
    });
  }

  /** What was said is read, and what is remembered of it written beside the head. */
  #allowMemory({ state }: JobsFunctionProps): void {
    const tenants = state.tenants.tableArn;
    this.allowIf(onlyIn(partitions.routes, partitions.tenants), ['dynamodb:GetItem'], tenants);
    this.allowIf(onlyIn(partitions.usage), ['dynamodb:UpdateItem'], tenants);
    const chats = state.conversations.tableArn;
    this.allowIf(onlyIn(partitions.chats), ['dynamodb:DeleteItem', 'dynamodb:Query'], chats);
    // There is no condition on sort keys, but no head and no message is made of these.
    const remembers = onlyTheAttributes(ofMemories, partitions.chats);
    this.allowIf(remembers, ['dynamodb:PutItem'], chats);
    allowSecrets(this, state.key, state.platformSecret.secretArn);
  }

  /** What a business is told of is read by its keys, told to its server and the topic, or parked. */
  #allowNotices({ config, state, jobs, notices }: JobsFunctionProps): void {
    const { tableArn } = state.conversations;
    this.allowIf(onlyIn(partitions.chats), ['dynamodb:GetItem'], tableArn);
    this.allow(['sqs:SendMessage'], jobs.deadLetters.queueArn);
    this.allow(['sns:Publish'], notices.topicArn);
    allowTopicKey(this, state.key, notices.topicArn);
    allowTenantSecrets(this, state, config.secrets.tenantVault);
  }

  /** With the queue that it works off. */
  override get station(): Station {
    const station = withItsQueue(super.station, this.#queue.station);
    return {
      ...station,
      rate: [
        ...station.rate,
        this.counted('MemoryCalls', 'memory calls'),
        this.counted('NoticesDelivered', 'notices'),
      ],
      failures: [
        ...station.failures,
        this.counted('MemoryFailures', 'memory'),
        this.counted('NoticesRefused', 'notices refused'),
      ],
    };
  }
}
