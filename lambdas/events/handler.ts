import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { DynamoDeliveryLog } from '#adapters/dynamodb/dynamo-delivery-log.ts';
import { DynamoInbox } from '#adapters/dynamodb/dynamo-inbox.ts';
import { DynamoPreferenceLog } from '#adapters/dynamodb/dynamo-preference-log.ts';
import { DynamoSpendLedger } from '#adapters/dynamodb/dynamo-spend-ledger.ts';
import { DynamoTenantDirectory } from '#adapters/dynamodb/dynamo-tenant-directory.ts';
import { SqsChatQueue } from '#adapters/sqs/sqs-chat-queue.ts';
import { SqsHeldMessages } from '#adapters/sqs/sqs-held-messages.ts';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { systemRandom } from '#adapters/system/system-random.ts';
import { followUpOf } from '#adapters/whatsapp/delivery-failure.ts';
import { keptDays } from '#app/kept-days.ts';
import { dynamoDbClient } from '#runtime/aws/dynamodb-client.ts';
import { sqsClient } from '#runtime/aws/sqs-client.ts';
import { readEnv } from '#runtime/env.ts';
import { lazy } from '#runtime/lazy.ts';
import { createLog } from '#runtime/logger.ts';
import { mapStacks } from '#runtime/mapped-stacks.ts';
import { createMetrics } from '#runtime/metrics.ts';
import { readSpendingTerms } from '#runtime/spending-terms.ts';
import { eventsVariables } from './config.ts';
import { receiveEvents } from './receive-events.ts';

mapStacks(import.meta.url);

const services = lazy(() => {
  const env = readEnv(eventsVariables);
  const log = createLog();
  const sqs = sqsClient();
  const dynamo = dynamoDbClient();
  const tenantsTable = { client: dynamo, tableName: env.TENANTS_TABLE };
  const conversations = { client: dynamo, tableName: env.CONVERSATIONS_TABLE };
  const { platform, turnsPerMinute } = readSpendingTerms(env);
  const tenants = new DynamoTenantDirectory({ ...tenantsTable, clock: systemClock });
  return {
    log,
    metrics: createMetrics(),
    clock: systemClock,
    pseudonyms,
    followUpOf,
    random: systemRandom,
    envelopes: new SqsHeldMessages({ client: sqs, queueUrl: env.EVENTS_QUEUE_URL }),
    bell: new SqsChatQueue({
      client: sqs,
      queueUrl: env.CHAT_QUEUE_URL,
      random: systemRandom,
      log,
    }),
    deliveries: new DynamoDeliveryLog(conversations),
    inbox: new DynamoInbox({ ...conversations, log }),
    preferences: new DynamoPreferenceLog({
      ...conversations,
      clock: systemClock,
      log,
      keptDays: (chat) => keptDays(chat, tenants),
    }),
    tenants,
    ledger: new DynamoSpendLedger({ ...tenantsTable, platform, log }),
    turnsPerMinute,
  };
});

export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const deps = await services();
  try {
    return await receiveEvents(event, deps);
  } finally {
    deps.metrics.flush();
  }
}
