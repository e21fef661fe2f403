import { Duration, Validations } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { EventsEnv } from '#lambdas/events/config.ts';
import { budgetEnvironment, limitsEnvironment } from '../config/terms-environment.ts';
import type { ChatQueue } from '../constructs/chat-queue.ts';
import type { EventsQueue } from '../constructs/events-queue.ts';
import { type FunctionSurroundings, NodeLambda } from '../constructs/node-lambda.ts';
import { withItsQueue } from '../dashboard/function-station.ts';
import type { Station } from '../dashboard/station.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import { queueConsumerActions } from './actions.ts';
import {
  allowTableKey,
  ofAnInboxEntry,
  onlyIn,
  onlyTheAttributes,
  partitions,
} from './state-access.ts';

export interface EventsFunctionProps extends FunctionSurroundings {
  readonly state: StatefulStack;
  readonly events: EventsQueue;
  /** Rung when a bubble could not be delivered. */
  readonly chats: ChatQueue;
}

/** Long enough for a batch of conditional writes, with room for throttling. */
export const eventsTimeout = Duration.seconds(20);

/** Records what Meta tells about sent messages, templates and accounts. */
export class EventsFunction extends NodeLambda<EventsEnv> {
  readonly #queue: EventsQueue;

  constructor(scope: Construct, id: string, props: EventsFunctionProps) {
    const { config, state, events, chats } = props;
    super(scope, id, props, {
      folder: 'events',
      description: 'Records delivery states, prices and account notices',
      environment: {
        TENANTS_TABLE: state.tenants.tableName,
        CONVERSATIONS_TABLE: state.conversations.tableName,
        CHAT_QUEUE_URL: chats.queue.queueUrl,
        EVENTS_QUEUE_URL: events.queue.queueUrl,
        ...limitsEnvironment(config.limits),
        ...budgetEnvironment(config.budget),
      },
      timeout: eventsTimeout,
      memoryMb: 256,
      sourceMap: true,
      alarm: {
        impact: 'Delivery states are not recorded, so a cut-off reply may be sent twice.',
        through: 'events-behind',
      },
    });
    this.#queue = events;
    // Whose a number is, and the ledger that Meta's price goes into.
    const tenants = state.tenants.tableArn;
    this.allowIf(onlyIn(partitions.routes, partitions.tenants), ['dynamodb:GetItem'], tenants);
    this.allowIf(onlyIn(partitions.usage), ['dynamodb:UpdateItem'], tenants);
    const { tableArn } = state.conversations;
    // Reads heads, to know what was erased, and writes none: a head is only ever put as a whole.
    this.allowIf(onlyIn(partitions.chats), ['dynamodb:GetItem', 'dynamodb:UpdateItem'], tableArn);
    // What was typed on the business's phone goes into the inbox; what makes a head is not among these.
    this.allowIf(
      onlyTheAttributes(ofAnInboxEntry, partitions.chats),
      ['dynamodb:PutItem'],
      tableArn,
    );
    this.allowIf(onlyIn(partitions.keptEvents), ['dynamodb:PutItem'], tableArn);
    this.allow([...queueConsumerActions, 'sqs:ChangeMessageVisibility'], events.queue.queueArn);
    this.allow(['sqs:SendMessage'], chats.queue.queueArn);
    allowTableKey(this, state.key, state.tenants, state.conversations);

    const envelopes = new EventSourceMapping(this, 'Envelopes', {
      target: this.lambda,
      eventSourceArn: events.queue.queueArn,
      // Three of four webhooks are statuses: a second of patience makes far fewer invocations.
      batchSize: 50,
      maxBatchingWindow: Duration.seconds(1),
      reportBatchItemFailures: true,
      // Nobody waits for these; the account's concurrency is for customers.
      maxConcurrency: 10,
    });
    Validations.of(envelopes).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: 'SQS itself moves an envelope to the dead-letter queue after maxReceiveCount.',
    });
  }

  /** With the queue that it works off. */
  override get station(): Station {
    const station = withItsQueue(super.station, this.#queue.station);
    return {
      ...station,
      rate: [
        ...station.rate,
        this.counted('StatusesMerged', 'statuses'),
        this.counted('EchoesTaken', 'echoes'),
      ],
      failures: [
        ...station.failures,
        this.counted('StatusesUnmatched', 'unmatched'),
        this.counted('DeliveriesFailed', 'not delivered'),
      ],
    };
  }
}
