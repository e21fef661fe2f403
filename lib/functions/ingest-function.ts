import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { IngestEnv } from '#lambdas/ingest/config.ts';
import type { ChatQueue } from '../constructs/chat-queue.ts';
import type { EventsQueue } from '../constructs/events-queue.ts';
import { type FunctionSurroundings, NodeLambda } from '../constructs/node-lambda.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import { allowSecrets, allowTableKey, onlyIn, partitions } from './state-access.ts';

export interface IngestFunctionProps extends FunctionSurroundings {
  readonly state: StatefulStack;
  readonly chats: ChatQueue;
  readonly events: EventsQueue;
}

/** Takes Meta's webhooks: verifies, stores, rings. Looks up no tenant and reads no table. */
export class IngestFunction extends NodeLambda<IngestEnv> {
  constructor(scope: Construct, id: string, props: IngestFunctionProps) {
    const { state, chats, events } = props;
    super(scope, id, props, {
      folder: 'ingest',
      description: 'Verifies webhooks, stores messages, rings the chat queue',
      environment: {
        CONVERSATIONS_TABLE: state.conversations.tableName,
        CHAT_QUEUE_URL: chats.queue.queueUrl,
        EVENTS_QUEUE_URL: events.queue.queueUrl,
        PLATFORM_SECRET_ARN: state.platformSecret.secretArn,
      },
      timeout: Duration.seconds(10),
      memoryMb: 512,
      // Meta waits for this one, and its code is short enough to read a minified stack.
      sourceMap: false,
      alarm: {
        impact: 'Webhooks are refused; Meta sends them again later, so answers are late.',
        severity: 'page',
      },
    });
    this.allowIf(onlyIn(partitions.chats), ['dynamodb:PutItem'], state.conversations.tableArn);
    this.allow(['sqs:SendMessage'], chats.queue.queueArn, events.queue.queueArn);
    allowSecrets(this, state.key, state.platformSecret.secretArn);
    allowTableKey(this, state.key, state.conversations);
  }
}
