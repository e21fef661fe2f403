import { randomUUID } from 'node:crypto';
import type {
  APIGatewayProxyEventV2WithIAMAuthorizer,
  APIGatewayProxyStructuredResultV2,
} from 'aws-lambda';
import { DynamoChatArchive } from '#adapters/dynamodb/dynamo-chat-archive.ts';
import { DynamoChatIndex } from '#adapters/dynamodb/dynamo-chat-index.ts';
import { DynamoCommandBook } from '#adapters/dynamodb/dynamo-command-book.ts';
import { DynamoInbox } from '#adapters/dynamodb/dynamo-inbox.ts';
import { DynamoTenantDirectory } from '#adapters/dynamodb/dynamo-tenant-directory.ts';
import { SqsChatQueue } from '#adapters/sqs/sqs-chat-queue.ts';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { systemRandom } from '#adapters/system/system-random.ts';
import { dynamoDbClient } from '#runtime/aws/dynamodb-client.ts';
import { sqsClient } from '#runtime/aws/sqs-client.ts';
import { readEnv } from '#runtime/env.ts';
import { lazy } from '#runtime/lazy.ts';
import { createLog } from '#runtime/logger.ts';
import { mapStacks } from '#runtime/mapped-stacks.ts';
import { createMetrics } from '#runtime/metrics.ts';
import { businessVariables } from './config.ts';
import { receiveRequest } from './receive-request.ts';

mapStacks(import.meta.url);

const services = lazy(() => {
  const env = readEnv(businessVariables);
  const log = createLog();
  const dynamo = dynamoDbClient();
  const conversations = { client: dynamo, tableName: env.CONVERSATIONS_TABLE };
  const tenantsTable = { client: dynamo, tableName: env.TENANTS_TABLE };
  return {
    log,
    metrics: createMetrics(),
    clock: systemClock,
    pseudonyms,
    newId: randomUUID,
    tenants: new DynamoTenantDirectory({ ...tenantsTable, clock: systemClock }),
    chats: new DynamoChatIndex(conversations),
    archive: new DynamoChatArchive(conversations),
    book: new DynamoCommandBook(conversations),
    inbox: new DynamoInbox({ ...conversations, log }),
    bell: new SqsChatQueue({
      client: sqsClient(),
      queueUrl: env.CHAT_QUEUE_URL,
      random: systemRandom,
      log,
    }),
  };
});

export async function handler(
  event: APIGatewayProxyEventV2WithIAMAuthorizer,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { log, metrics, ...deps } = await services();
  const correlationId = event.requestContext.requestId;
  try {
    return await receiveRequest(event, { ...deps, metrics, log: log.with({ correlationId }) });
  } finally {
    metrics.flush();
  }
}
