import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { DynamoAppDirectory } from '#adapters/dynamodb/dynamo-app-directory.ts';
import { DynamoInbox } from '#adapters/dynamodb/dynamo-inbox.ts';
import { CachedAppSecretSource } from '#adapters/secrets/cached-app-secret-source.ts';
import { CachedSecretSource } from '#adapters/secrets/cached-secret-source.ts';
import { SecretsManagerSecretReader } from '#adapters/secrets/secrets-manager-secret-reader.ts';
import { SqsChatQueue } from '#adapters/sqs/sqs-chat-queue.ts';
import { SqsEventsQueue } from '#adapters/sqs/sqs-events-queue.ts';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { systemRandom } from '#adapters/system/system-random.ts';
import { dynamoDbClient } from '#runtime/aws/dynamodb-client.ts';
import { secretsManagerClient } from '#runtime/aws/secrets-manager-client.ts';
import { sqsClient } from '#runtime/aws/sqs-client.ts';
import { readEnv } from '#runtime/env.ts';
import { lazy } from '#runtime/lazy.ts';
import { createLog } from '#runtime/logger.ts';
import { createMetrics } from '#runtime/metrics.ts';
import { ingestVariables } from './config.ts';
import { receiveWebhook } from './receive-webhook.ts';

const services = lazy(buildServices);

function buildServices() {
  const env = readEnv(ingestVariables);
  const sqs = sqsClient();
  const dynamo = dynamoDbClient();
  const secretReader = new SecretsManagerSecretReader({
    client: secretsManagerClient(),
    platformSecretId: env.PLATFORM_SECRET_ARN,
    appSecretPrefix: env.APP_SECRET_PREFIX,
  });
  const log = createLog();
  return {
    log,
    metrics: createMetrics(),
    clock: systemClock,
    pseudonyms,
    inbox: new DynamoInbox({
      client: dynamo,
      tableName: env.CONVERSATIONS_TABLE,
      log,
    }),
    bell: new SqsChatQueue({
      client: sqs,
      queueUrl: env.CHAT_QUEUE_URL,
      random: systemRandom,
      log,
    }),
    events: new SqsEventsQueue({
      client: sqs,
      queueUrl: env.EVENTS_QUEUE_URL,
      random: systemRandom,
      log,
    }),
    secrets: new CachedSecretSource({
      platform: secretReader,
      clock: systemClock,
      log,
    }),
    apps: new DynamoAppDirectory({
      client: dynamo,
      tableName: env.TENANTS_TABLE,
      clock: systemClock,
    }),
    ownSecrets: new CachedAppSecretSource({
      reader: secretReader,
      clock: systemClock,
      log,
    }),
  };
}

export async function handler(
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { log, metrics, ...deps } = await services();
  const correlationId = event.requestContext.requestId;
  try {
    return await receiveWebhook(event, { ...deps, metrics, log: log.with({ correlationId }) });
  } finally {
    metrics.flush();
  }
}
