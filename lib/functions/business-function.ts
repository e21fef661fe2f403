import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { BusinessEnv } from '#lambdas/business/config.ts';
import type { ChatQueue } from '../constructs/chat-queue.ts';
import { type FunctionSurroundings, NodeLambda } from '../constructs/node-lambda.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import {
  allowTableKey,
  ofAnInboxEntry,
  onlyIn,
  onlyTheAttributes,
  partitions,
} from './state-access.ts';

export interface BusinessFunctionProps extends FunctionSurroundings {
  readonly state: StatefulStack;
  readonly chats: ChatQueue;
}

/** An entry of an inbox, and the id that a command came with (src/adapters/dynamodb/dynamo-command-book.ts). */
const ofCommands = [...ofAnInboxEntry, 'commandAt', 'digest'];

/** The business API: shows chats, and puts what people want of them into the inbox. */
export class BusinessFunction extends NodeLambda<BusinessEnv> {
  constructor(scope: Construct, id: string, props: BusinessFunctionProps) {
    const { state, chats } = props;
    super(scope, id, props, {
      folder: 'business',
      description: 'The business API: shows chats, takes commands for them, rings the chat queue',
      environment: {
        TENANTS_TABLE: state.tenants.tableName,
        CONVERSATIONS_TABLE: state.conversations.tableName,
        CHAT_QUEUE_URL: chats.queue.queueUrl,
      },
      timeout: Duration.seconds(15),
      memoryMb: 512,
      sourceMap: true,
      alarm: {
        impact: 'People of the businesses cannot take chats over or answer them by their programs.',
        through: 'business-api-failing',
      },
    });
    const { tableArn } = state.conversations;
    const tenants = state.tenants.tableArn;
    this.allowIf(onlyIn(partitions.routes, partitions.tenants), ['dynamodb:GetItem'], tenants);
    this.allowIf(onlyIn(partitions.chats), ['dynamodb:GetItem', 'dynamodb:Query'], tableArn);
    this.allowIf(onlyTheAttributes(ofCommands, partitions.chats), ['dynamodb:PutItem'], tableArn);
    // The index's keys are the tenants' ids: which one, the function decides by the caller.
    this.allow(['dynamodb:Query'], `${tableArn}/index/byTenant`);
    this.allow(['sqs:SendMessage'], chats.queue.queueArn);
    allowTableKey(this, state.key, state.tenants, state.conversations);
  }
}
