import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { DynamoChatMemories } from '#adapters/dynamodb/dynamo-chat-memories.ts';
import { DynamoConversationStore } from '#adapters/dynamodb/dynamo-conversation-store.ts';
import { DynamoSpendLedger } from '#adapters/dynamodb/dynamo-spend-ledger.ts';
import { DynamoTenantDirectory } from '#adapters/dynamodb/dynamo-tenant-directory.ts';
import { markdownItReader } from '#adapters/markdown/markdown-it-reader.ts';
import { OpenAiReplyModel } from '#adapters/openai/open-ai-reply-model.ts';
import { OpenAiTranscriber } from '#adapters/openai/open-ai-transcriber.ts';
import { SqsChatQueue } from '#adapters/sqs/sqs-chat-queue.ts';
import { SqsJobsQueue } from '#adapters/sqs/sqs-jobs-queue.ts';
import { SqsRingBox } from '#adapters/sqs/sqs-ring-box.ts';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { systemIds } from '#adapters/system/system-ids.ts';
import { systemPauses } from '#adapters/system/system-pauses.ts';
import { systemRandom } from '#adapters/system/system-random.ts';
import { WhatsAppMediaSource } from '#adapters/whatsapp/whatsapp-media-source.ts';
import { WhatsAppMessageSender } from '#adapters/whatsapp/whatsapp-message-sender.ts';
import { answerCanary, knowCanary } from '#app/answer-canary.ts';
import { guardPeers } from '#app/guard-peers.ts';
import { keptDays } from '#app/kept-days.ts';
import { dynamoDbClient } from '#runtime/aws/dynamodb-client.ts';
import { sqsClient } from '#runtime/aws/sqs-client.ts';
import { classifyAwsError } from '#runtime/aws-failure.ts';
import { positiveInteger, readEnv, readOptionalEnv } from '#runtime/env.ts';
import { lazy } from '#runtime/lazy.ts';
import { createLog } from '#runtime/logger.ts';
import { mapStacks } from '#runtime/mapped-stacks.ts';
import { createMetrics } from '#runtime/metrics.ts';
import { readSpendingTerms } from '#runtime/spending-terms.ts';
import { createSecretSource } from '#wiring/secret-source.ts';
import { processorVariables, readRestoredUntilMs } from './config.ts';
import { createMediaServices } from './media-services.ts';
import { receiveRings } from './receive-rings.ts';

mapStacks(import.meta.url);

const services = lazy(buildServices);

function buildServices() {
  const env = readEnv(processorVariables);
  const dynamo = dynamoDbClient();
  const tenantsTable = { client: dynamo, tableName: env.TENANTS_TABLE };
  const { platform, turnsPerMinute } = readSpendingTerms(env);
  const sqs = sqsClient();
  const log = createLog();
  const secrets = createSecretSource(env, { dynamo, clock: systemClock, log });
  const metrics = createMetrics();
  const openAi = { secrets, baseUrl: readOptionalEnv('OPENAI_BASE_URL') };
  const graph = {
    secrets,
    apiVersion: env.GRAPH_API_VERSION,
    baseUrl: readOptionalEnv('GRAPH_BASE_URL'),
  };
  const peers = {
    model: new OpenAiReplyModel(openAi),
    transcriber: new OpenAiTranscriber(openAi),
    sender: new WhatsAppMessageSender(graph),
    source: new WhatsAppMediaSource(graph),
  };
  const tenants = knowCanary(new DynamoTenantDirectory({ ...tenantsTable, clock: systemClock }));
  return answerCanary({
    ...guardPeers(peers, { clock: systemClock, metrics }),
    ...createMediaServices(env),
    classifyFailure: classifyAwsError,
    log,
    metrics,
    clock: systemClock,
    pauses: systemPauses,
    markdown: markdownItReader,
    random: systemRandom,
    ids: systemIds,
    pseudonyms,
    maxReceiveCount: positiveInteger('CHAT_MAX_RECEIVE_COUNT', env.CHAT_MAX_RECEIVE_COUNT),
    defaultModel: env.DEFAULT_MODEL,
    transcriptionModel: env.TRANSCRIPTION_MODEL,
    answerDeadlineMs:
      positiveInteger('ANSWER_DEADLINE_SECONDS', env.ANSWER_DEADLINE_SECONDS) * 1000,
    tenants,
    ledger: new DynamoSpendLedger({ ...tenantsTable, platform, log }),
    turnsPerMinute,
    restoredUntilMs: readRestoredUntilMs(),
    store: new DynamoConversationStore({
      client: dynamo,
      tableName: env.CONVERSATIONS_TABLE,
      clock: systemClock,
      log,
      keptDays: (chat) => keptDays(chat, tenants),
    }),
    memories: new DynamoChatMemories({
      client: dynamo,
      tableName: env.CONVERSATIONS_TABLE,
      clock: systemClock,
    }),
    jobs: new SqsJobsQueue({
      client: sqs,
      queueUrl: env.JOBS_QUEUE_URL,
      random: systemRandom,
      log,
    }),
    bell: new SqsChatQueue({
      client: sqs,
      queueUrl: env.CHAT_QUEUE_URL,
      random: systemRandom,
      log,
    }),
    rings: new SqsRingBox({
      client: sqs,
      queueUrl: env.CHAT_QUEUE_URL,
      deadLetterQueueUrl: env.CHAT_DEAD_LETTER_QUEUE_URL,
      random: systemRandom,
      log,
    }),
  });
}

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const deps = await services();
  try {
    return await receiveRings(event, context, deps);
  } finally {
    deps.metrics.flush();
  }
}
