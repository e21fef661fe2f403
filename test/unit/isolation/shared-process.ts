import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoAppDirectory } from '#adapters/dynamodb/dynamo-app-directory.ts';
import { DynamoChatArchive } from '#adapters/dynamodb/dynamo-chat-archive.ts';
import { DynamoChatIndex } from '#adapters/dynamodb/dynamo-chat-index.ts';
import { DynamoChatMemories } from '#adapters/dynamodb/dynamo-chat-memories.ts';
import { DynamoCommandBook } from '#adapters/dynamodb/dynamo-command-book.ts';
import { DynamoConversationStore } from '#adapters/dynamodb/dynamo-conversation-store.ts';
import { DynamoDeliveryLog } from '#adapters/dynamodb/dynamo-delivery-log.ts';
import { DynamoInbox } from '#adapters/dynamodb/dynamo-inbox.ts';
import { DynamoPreferenceLog } from '#adapters/dynamodb/dynamo-preference-log.ts';
import { DynamoSpendLedger } from '#adapters/dynamodb/dynamo-spend-ledger.ts';
import { DynamoTenantDirectory } from '#adapters/dynamodb/dynamo-tenant-directory.ts';
import { DynamoUnfinishedIndex } from '#adapters/dynamodb/dynamo-unfinished-index.ts';
import { InMemoryMediaStore } from '#adapters/in-memory/in-memory-media-store.ts';
import { markdownItReader } from '#adapters/markdown/markdown-it-reader.ts';
import { OpenAiMemoryModel } from '#adapters/openai/open-ai-memory-model.ts';
import { OpenAiReplyModel } from '#adapters/openai/open-ai-reply-model.ts';
import { OpenAiTranscriber } from '#adapters/openai/open-ai-transcriber.ts';
import { CachedAppSecretSource } from '#adapters/secrets/cached-app-secret-source.ts';
import { CachedSecretSource } from '#adapters/secrets/cached-secret-source.ts';
import { SecretsManagerSecretReader } from '#adapters/secrets/secrets-manager-secret-reader.ts';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { systemIds } from '#adapters/system/system-ids.ts';
import { systemPauses } from '#adapters/system/system-pauses.ts';
import { followUpOf } from '#adapters/whatsapp/delivery-failure.ts';
import { WhatsAppMediaSource } from '#adapters/whatsapp/whatsapp-media-source.ts';
import { WhatsAppMessageSender } from '#adapters/whatsapp/whatsapp-message-sender.ts';
import { Circuits } from '#app/circuits.ts';
import { deliverNotice } from '#app/deliver-notice.ts';
import { guardPeers } from '#app/guard-peers.ts';
import type { ConversationStore } from '#app/ports/conversation-store.ts';
import type { Job } from '#app/ports/jobs.ts';
import type { LogFields } from '#app/ports/log.ts';
import type { MediaStore } from '#app/ports/media-store.ts';
import type { Announcement, OutgoingWebhook } from '#app/ports/notices.ts';
import type { Pseudonyms } from '#app/ports/pseudonyms.ts';
import type { SecretSource } from '#app/ports/secret-source.ts';
import type { TenantDirectory } from '#app/ports/tenant-directory.ts';
import { rememberChat } from '#app/remember-chat.ts';
import { Room } from '#app/room.ts';
import type { JobWork } from '#app/run-job.ts';
import type { ScreenAnswer } from '#domain/conversation/screen-answer.ts';
import { MOST_BYTES_AT_ONCE } from '#domain/media/limits.ts';
import { NO_BUDGET } from '#domain/money/budget.ts';
import type { VirtualClock } from '#local/clock.ts';
import type { SqsModel } from '#local/sqs/sqs-model.ts';
import { classifyAwsError } from '#runtime/aws-failure.ts';
import { type LogSink, PowertoolsLog } from '#runtime/logger.ts';
import { type MetricSink, PowertoolsMetrics } from '#runtime/metrics.ts';
import {
  SimulatedBell,
  SimulatedEventsQueue,
  SimulatedHeldMessages,
  SimulatedJobsQueue,
  SimulatedRingBox,
} from '#test/simulation/ports/simulated-queues.ts';
import { QUEUES } from '#test/simulation/settings.ts';
import { ScriptedDocuments } from '#test/support/media-peers.ts';
import { stubClient } from '#test/support/stub-client.ts';
import { watchedMedia } from './media-peer.ts';
import type { Witness } from './witness.ts';

/** A wall taken out, to see whether the witness misses it. */
export interface Sabotage {
  readonly store?: (store: ConversationStore) => ConversationStore;
  readonly tenants?: (tenants: TenantDirectory) => TenantDirectory;
  /** As the business API finds them. */
  readonly businessApi?: (tenants: TenantDirectory) => TenantDirectory;
  readonly secrets?: (secrets: SecretSource) => SecretSource;
  readonly media?: (media: MediaStore) => MediaStore;
  readonly pseudonyms?: Pseudonyms;
  /** Of an envelope, before the events function reads it. */
  readonly envelope?: (body: string) => string;
}

export interface Surroundings {
  readonly witness: Witness;
  readonly clock: VirtualClock;
  readonly sqs: SqsModel;
  readonly dynamo: DynamoDBClient;
  readonly tables: { readonly tenants: string; readonly conversations: string };
  readonly peersUrl: string;
  /** The value of a secret, by its id. */
  readonly secretOf: (secretId: string) => string;
  readonly sabotage: Sabotage;
}

/** What the four functions have, as their handlers wire it: the real code, in one process for both tenants. */
export function shareProcess(around: Surroundings) {
  const { witness, clock, sqs, dynamo, tables, peersUrl, secretOf, sabotage } = around;
  const log = new PowertoolsLog(logSink(witness));
  const metrics = new PowertoolsMetrics(metricSink(witness));
  const common = { log, metrics, clock, random: { next: () => 0.5 } };
  const conversations = { client: dynamo, tableName: tables.conversations };
  const vault = stubClient(({ input }) => ({ SecretString: secretOf(input.SecretId) }));
  const reader = new SecretsManagerSecretReader({
    client: vault.as<SecretsManagerClient>(),
    platformSecretId: 'platform',
    tenantSecretPrefix: 'tenant/',
    appSecretPrefix: 'app/',
  });
  const realSecrets = new CachedSecretSource({ platform: reader, clock, log });
  const secrets = sabotage.secrets?.(realSecrets) ?? realSecrets;
  const directory = new DynamoTenantDirectory({ client: dynamo, tableName: tables.tenants, clock });
  const store = new DynamoConversationStore({ ...conversations, clock, log });
  const ledger = new DynamoSpendLedger({
    client: dynamo,
    tableName: tables.tenants,
    platform: NO_BUDGET,
    log,
  });
  const spending = { ledger, turnsPerMinute: 600 };
  const bell = new SimulatedBell(sqs);
  const jobsQueue = new SimulatedJobsQueue(sqs);
  const media = new InMemoryMediaStore(clock);
  const memories = new DynamoChatMemories({ ...conversations, clock });
  const remembering = {
    ...common,
    ...spending,
    memories,
    store: sabotage.store?.(store) ?? store,
    tenants: sabotage.tenants?.(directory) ?? directory,
    memoryModel: new OpenAiMemoryModel({ secrets, baseUrl: `${peersUrl}/v1` }),
    defaultModel: 'none',
    ids: systemIds,
    pseudonyms: sabotage.pseudonyms ?? pseudonyms,
  };
  const peers = guardPeers(
    {
      model: new OpenAiReplyModel({ secrets, baseUrl: `${peersUrl}/v1` }),
      sender: new WhatsAppMessageSender({ secrets, apiVersion: 'v26.0', baseUrl: peersUrl }),
      source: new WhatsAppMediaSource({ secrets, apiVersion: 'v26.0', baseUrl: peersUrl }),
      transcriber: new OpenAiTranscriber({ secrets, baseUrl: `${peersUrl}/v1` }),
    },
    common,
  );
  const archive = new DynamoChatArchive(conversations);
  const notices = {
    ...common,
    tenants: directory,
    archive,
    secrets,
    circuits: new Circuits('WebhookCircuit', common),
    webhooks: { send: async (webhook: OutgoingWebhook) => witness.webhook(webhook) },
    topic: { publish: async (announcement: Announcement) => witness.announcement(announcement) },
    parked: { park: async () => witness.count('notice parked') },
    pseudonyms,
  };
  return {
    ingest: {
      ...common,
      pseudonyms: sabotage.pseudonyms ?? pseudonyms,
      secrets,
      apps: new DynamoAppDirectory({ client: dynamo, tableName: tables.tenants, clock }),
      ownSecrets: new CachedAppSecretSource({ reader, clock, log }),
      inbox: new DynamoInbox({ ...conversations, log }),
      bell,
      events: new SimulatedEventsQueue(sqs),
    },
    processor: {
      ...common,
      ...spending,
      pauses: systemPauses,
      room: new Room(MOST_BYTES_AT_ONCE, systemPauses),
      markdown: markdownItReader,
      // Without the last look at answers: what is mixed up is to be seen, and not to be kept back.
      screen: lets,
      defaultModel: 'none',
      transcriptionModel: 'none',
      media: watchedMedia(sabotage.media?.(media) ?? media, witness),
      documents: new ScriptedDocuments(),
      ...peers,
      classifyFailure: classifyAwsError,
      pseudonyms: sabotage.pseudonyms ?? pseudonyms,
      maxReceiveCount: 10,
      answerDeadlineMs: 180_000,
      tenants: sabotage.tenants?.(directory) ?? directory,
      store: sabotage.store?.(store) ?? store,
      memories,
      jobs: {
        send: (jobs: readonly Job[], delaySeconds?: number) => {
          witness.jobs(jobs);
          return jobsQueue.send(jobs, delaySeconds);
        },
      },
      ids: systemIds,
      bell,
      rings: new SimulatedRingBox(sqs),
    },
    jobs: {
      ...common,
      classifyFailure: classifyAwsError,
      pseudonyms: sabotage.pseudonyms ?? pseudonyms,
      held: new SimulatedHeldMessages(sqs, QUEUES.jobs),
      handlers: {
        memory: (job: MemoryJob, work: JobWork) => rememberChat(job, work, remembering),
        notice: ({ notice }: NoticeJob, work: JobWork) => deliverNotice(notice, work, notices),
      },
    },
    business: {
      ...common,
      tenants: sabotage.businessApi?.(directory) ?? directory,
      chats: new DynamoChatIndex(conversations),
      archive,
      book: new DynamoCommandBook(conversations),
      inbox: new DynamoInbox({ ...conversations, log }),
      bell,
      pseudonyms,
      newId: () => 'made-up',
    },
    events: {
      ...common,
      ...spending,
      tenants: sabotage.tenants?.(directory) ?? directory,
      bell,
      pseudonyms: sabotage.pseudonyms ?? pseudonyms,
      followUpOf,
      envelopes: new SimulatedHeldMessages(sqs, QUEUES.events),
      deliveries: new DynamoDeliveryLog(conversations),
      inbox: new DynamoInbox({ ...conversations, log }),
      preferences: new DynamoPreferenceLog({ ...conversations, clock, log }),
    },
    sweeper: {
      ...common,
      bell,
      ringAfterMs: 60_000,
      unfinished: new DynamoUnfinishedIndex(conversations),
    },
    metrics,
  };
}

const lets: ScreenAnswer = (answer) => ({ kind: 'passed', answer });

type MemoryJob = Parameters<typeof rememberChat>[0];
type NoticeJob = Extract<Job, { readonly kind: 'notice' }>;

function logSink(witness: Witness): LogSink {
  const write = (event: unknown, ...[fields = {}]: readonly unknown[]) =>
    witness.logged(String(event), fields as LogFields);
  return { debug: write, info: write, warn: write, error: write };
}

function metricSink(witness: Witness): MetricSink {
  const sink = {
    addMetric: (name: string, _unit: string, value: unknown) => witness.metric(name, value),
    publishStoredMetrics: () => {},
  };
  return sink as unknown as MetricSink;
}
