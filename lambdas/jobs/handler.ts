import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { DynamoChatMemories } from '#adapters/dynamodb/dynamo-chat-memories.ts';
import { DynamoConversationStore } from '#adapters/dynamodb/dynamo-conversation-store.ts';
import { DynamoSpendLedger } from '#adapters/dynamodb/dynamo-spend-ledger.ts';
import { DynamoTenantDirectory } from '#adapters/dynamodb/dynamo-tenant-directory.ts';
import { OpenAiMemoryModel } from '#adapters/openai/open-ai-memory-model.ts';
import { CachedSecretSource } from '#adapters/secrets/cached-secret-source.ts';
import { SecretsManagerSecretReader } from '#adapters/secrets/secrets-manager-secret-reader.ts';
import { SqsHeldMessages } from '#adapters/sqs/sqs-held-messages.ts';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { systemIds } from '#adapters/system/system-ids.ts';
import { systemRandom } from '#adapters/system/system-random.ts';
import { type RememberChatDeps, rememberChat } from '#app/remember-chat.ts';
import type { JobHandlers } from '#app/run-job.ts';
import { awsClientOptions } from '#runtime/aws-client-options.ts';
import { classifyAwsError } from '#runtime/aws-failure.ts';
import { readEnv, readOptionalEnv } from '#runtime/env.ts';
import { lazy } from '#runtime/lazy.ts';
import { createLog } from '#runtime/logger.ts';
import { createMetrics } from '#runtime/metrics.ts';
import { readSpendingTerms } from '#runtime/spending-terms.ts';
import { jobsVariables } from './config.ts';
import { receiveJobs } from './receive-jobs.ts';

const services = lazy(() => {
  const env = readEnv(jobsVariables);
  const dynamo = new DynamoDBClient(awsClientOptions());
  const log = createLog();
  const metrics = createMetrics();
  const tenantsTable = { client: dynamo, tableName: env.TENANTS_TABLE };
  const chats = { client: dynamo, tableName: env.CONVERSATIONS_TABLE, clock: systemClock };
  const platform = new SecretsManagerSecretReader({
    client: new SecretsManagerClient(awsClientOptions()),
    platformSecretId: env.PLATFORM_SECRET_ARN,
  });
  const remembering: RememberChatDeps = {
    memories: new DynamoChatMemories(chats),
    store: new DynamoConversationStore({ ...chats, log }),
    tenants: new DynamoTenantDirectory({ ...tenantsTable, clock: systemClock }),
    ledger: new DynamoSpendLedger({
      ...tenantsTable,
      platform: readSpendingTerms(env).platform,
      log,
    }),
    memoryModel: new OpenAiMemoryModel({
      secrets: new CachedSecretSource({ platform, clock: systemClock, log }),
      baseUrl: readOptionalEnv('OPENAI_BASE_URL'),
    }),
    defaultModel: env.DEFAULT_MODEL,
    ids: systemIds,
    random: systemRandom,
    pseudonyms,
    clock: systemClock,
    metrics,
  };
  return {
    handlers: { memory: (job, work) => rememberChat(job, work, remembering) } satisfies JobHandlers,
    held: new SqsHeldMessages({
      client: new SQSClient(awsClientOptions()),
      queueUrl: env.JOBS_QUEUE_URL,
    }),
    classifyFailure: classifyAwsError,
    random: systemRandom,
    pseudonyms,
    log,
    metrics,
  };
});

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const deps = await services();
  try {
    return await receiveJobs(event, context, deps);
  } finally {
    deps.metrics.flush();
  }
}
