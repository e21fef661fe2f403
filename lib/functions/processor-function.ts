import { Duration, Validations } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { ProcessorEnv } from '#lambdas/processor/config.ts';
import type { HouseAlarm } from '../alarms/house-alarm.ts';
import { processorTimeoutSeconds } from '../config/stages.ts';
import { budgetEnvironment, limitsEnvironment } from '../config/terms-environment.ts';
import type { ChatQueue } from '../constructs/chat-queue.ts';
import type { JobsQueue } from '../constructs/jobs-queue.ts';
import { LiveAlias } from '../constructs/live-alias.ts';
import { mediaKeepDays, mediaPrefix } from '../constructs/media-bucket.ts';
import {
  type FunctionSurroundings,
  NodeLambda,
  type OwnMetric,
} from '../constructs/node-lambda.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import { queueConsumerActions } from './actions.ts';
import { ProcessorAlarms } from './processor-alarms.ts';
import {
  allowObjects,
  allowSecrets,
  allowTableKey,
  allowTenantSecrets,
  onlyIn,
  partitions,
} from './state-access.ts';

export interface ProcessorFunctionProps extends FunctionSurroundings {
  readonly state: StatefulStack;
  readonly chats: ChatQueue;
  /** Told what is to be done after a turn. */
  readonly jobs: JobsQueue;
  /** Ingest's own metrics: what it accepted is compared with what becomes of it here. */
  readonly accepted: OwnMetric;
}

/** Answers chats: takes rings, asks the model, sends the reply. */
export class ProcessorFunction extends NodeLambda<ProcessorEnv> {
  /** What the chat queue is worked by. */
  readonly live: LiveAlias;
  /** Goes off when chats fail for a bug: the function itself ends well, and gives their rings back. */
  readonly chatsFailing: HouseAlarm;

  constructor(scope: Construct, id: string, props: ProcessorFunctionProps) {
    const { config, state, chats, jobs } = props;
    const { concurrency, graphApiVersion, answerDeadlineSeconds } = config.processor;
    const { defaultModel, transcriptionModel } = config.processor;
    super(scope, id, props, {
      folder: 'processor',
      description: 'Answers what is unanswered in each chat whose bell was rung',
      environment: {
        TENANTS_TABLE: state.tenants.tableName,
        CONVERSATIONS_TABLE: state.conversations.tableName,
        CHAT_QUEUE_URL: chats.queue.queueUrl,
        CHAT_DEAD_LETTER_QUEUE_URL: chats.deadLetters.queueUrl,
        CHAT_MAX_RECEIVE_COUNT: String(chats.maxReceiveCount),
        JOBS_QUEUE_URL: jobs.queue.queueUrl,
        PLATFORM_SECRET_ARN: state.platformSecret.secretArn,
        TENANT_VAULT: config.secrets.tenantVault,
        TENANT_SECRET_PREFIX: state.tenantSecretPrefix,
        TENANT_SECRETS_KEY_ARN: state.tenantSecretsKey.keyArn,
        GRAPH_API_VERSION: graphApiVersion,
        DEFAULT_MODEL: defaultModel,
        TRANSCRIPTION_MODEL: transcriptionModel,
        MEDIA_BUCKET: state.media.bucketName,
        MEDIA_KEEP_DAYS: mediaKeepDays.join(),
        ANSWER_DEADLINE_SECONDS: String(answerDeadlineSeconds),
        ...(config.restored && { RESTORED_UNTIL: config.restored.until }),
        ...limitsEnvironment(config.limits),
        ...budgetEnvironment(config.budget),
      },
      timeout: Duration.seconds(processorTimeoutSeconds),
      memoryMb: 512,
      sourceMap: true,
      reservedConcurrency: concurrency,
      alarm: {
        impact: 'Customers get no answer, or get it late.',
        through: 'customers-unanswered',
        nearItsLimits: { through: 'answers-at-risk' },
      },
    });

    this.allowIf(
      onlyIn(partitions.routes, partitions.tenants),
      ['dynamodb:GetItem'],
      state.tenants.tableArn,
    );
    // The ledger of what is spent lies beside the tenants.
    this.allowIf(onlyIn(partitions.usage), ['dynamodb:UpdateItem'], state.tenants.tableArn);
    this.allowIf(
      onlyIn(partitions.chats),
      [
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
      ],
      state.conversations.tableArn,
    );
    this.allow(
      [...queueConsumerActions, 'sqs:ChangeMessageVisibility', 'sqs:SendMessage'],
      chats.queue.queueArn,
    );
    this.allow(['sqs:SendMessage'], chats.deadLetters.queueArn, jobs.queue.queueArn);
    allowSecrets(this, state.key, state.platformSecret.secretArn);
    allowTenantSecrets(this, state, config.secrets.tenantVault);
    allowTableKey(this, state.key, state.tenants, state.conversations);
    allowObjects(this, state.key, {
      bucket: state.media,
      prefix: mediaPrefix,
      reason: 'One prefix per tenant, and any tenant may have sent something.',
    });

    this.live = new LiveAlias(this, 'Live', {
      lambda: this.lambda,
      folder: 'processor',
      topics: props.topics,
    });
    const rings = new EventSourceMapping(this, 'Rings', {
      target: this.live.target,
      eventSourceArn: chats.queue.queueArn,
      // The most that a FIFO queue gives; the chats of a batch are worked side by side.
      batchSize: 10,
      reportBatchItemFailures: true,
      // The very number that is reserved, or pollers would be throttled, and throttled receives
      // count towards the dead-letter queue.
      maxConcurrency: concurrency,
    });
    Validations.of(rings).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: 'SQS itself moves a ring to the dead-letter queue after maxReceiveCount.',
    });
    const { chatsFailing } = new ProcessorAlarms(this, {
      topics: props.topics,
      metric: this.metric,
      messagesAccepted: props.accepted,
      concurrentExecutions: this.lambda.metric('ConcurrentExecutions', {
        period: Duration.minutes(1),
        statistic: Stats.MAXIMUM,
      }),
      reservedConcurrency: concurrency,
    });
    this.chatsFailing = chatsFailing;
  }
}
