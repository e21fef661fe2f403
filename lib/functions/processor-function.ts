import { ArnFormat, Duration, Stack, Token, Validations } from 'aws-cdk-lib';
import { Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { ProcessorEnv } from '#lambdas/processor/config.ts';
import { processorTimeoutSeconds } from '../config/stages.ts';
import type { AlarmTopics } from '../constructs/alarm-topics.ts';
import type { ChatQueue } from '../constructs/chat-queue.ts';
import { HouseAlarm } from '../constructs/house-alarm.ts';
import { type FunctionSurroundings, NodeLambda } from '../constructs/node-lambda.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import { queueConsumerActions, tableWriterKeyActions } from './actions.ts';

export interface ProcessorFunctionProps extends FunctionSurroundings {
  readonly state: StatefulStack;
  readonly chats: ChatQueue;
}

/** Answers chats: takes rings, asks the model, sends the reply. */
export class ProcessorFunction extends NodeLambda<ProcessorEnv> {
  constructor(scope: Construct, id: string, props: ProcessorFunctionProps) {
    const { config, state, chats } = props;
    const { concurrency, graphApiVersion, defaultModel, answerDeadlineSeconds } = config.processor;
    super(scope, id, props, {
      folder: 'processor',
      description: 'Answers what is unanswered in each chat whose bell was rung',
      environment: {
        TENANTS_TABLE: state.tenants.tableName,
        CONVERSATIONS_TABLE: state.conversations.tableName,
        CHAT_QUEUE_URL: chats.queue.queueUrl,
        CHAT_DEAD_LETTER_QUEUE_URL: chats.deadLetters.queueUrl,
        CHAT_MAX_RECEIVE_COUNT: String(chats.maxReceiveCount),
        PLATFORM_SECRET_ARN: state.platformSecret.secretArn,
        TENANT_SECRET_PREFIX: state.tenantSecretPrefix,
        GRAPH_API_VERSION: graphApiVersion,
        DEFAULT_MODEL: defaultModel,
        ANSWER_DEADLINE_SECONDS: String(answerDeadlineSeconds),
      },
      timeout: Duration.seconds(processorTimeoutSeconds),
      memoryMb: 512,
      sourceMap: true,
      reservedConcurrency: concurrency,
      alarm: { impact: 'Customers get no answer, or get it late.', severity: 'page' },
    });

    this.allow(['dynamodb:GetItem'], state.tenants.tableArn);
    this.allow(
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
    this.allow(['sqs:SendMessage'], chats.deadLetters.queueArn);
    this.allow(['secretsmanager:GetSecretValue'], state.platformSecret.secretArn);
    this.#allowTenantSecrets(state.tenantSecretPrefix);
    this.allow(tableWriterKeyActions, state.key.keyArn);

    const rings = new EventSourceMapping(this, 'Rings', {
      target: this.lambda,
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
    this.#watchWhatNeedsTheOperator(props.topics);
  }

  /** Counted only when it happens, so silence is good news. */
  #watchWhatNeedsTheOperator(topics: AlarmTopics): void {
    const inFiveMinutes = { period: Duration.minutes(5), statistic: Stats.SUM };
    new HouseAlarm(this, 'MessagesParked', {
      topics,
      name: 'messages-parked',
      impact: 'Customers wait for an answer that they get only after the operator has acted.',
      severity: 'page',
      metric: this.metric('MessagesParked', inFiveMinutes),
      above: 0,
      missingData: TreatMissingData.NOT_BREACHING,
    });
    new HouseAlarm(this, 'ModelUnusable', {
      topics,
      name: 'model-unusable',
      impact: 'Every customer gets the fallback text instead of an answer.',
      severity: 'page',
      metric: this.metric('ModelUnusable', inFiveMinutes),
      above: 0,
      missingData: TreatMissingData.NOT_BREACHING,
    });
  }

  #allowTenantSecrets(prefix: string): void {
    const stack = Stack.of(this);
    const anyTenant = stack.formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${prefix}*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.allow(['secretsmanager:GetSecretValue'], anyTenant);
    // cdk-nag puts the names of the pseudo parameters where no account or region is configured.
    const region = Token.isUnresolved(stack.region) ? '<AWS::Region>' : stack.region;
    const account = Token.isUnresolved(stack.account) ? '<AWS::AccountId>' : stack.account;
    Validations.of(this).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:${region}:${account}:secret:${prefix}*]`,
      reason: 'One secret per tenant, put by the operator: the stack knows their prefix only.',
    });
  }
}
