import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoAuditTrail } from '#adapters/dynamodb/dynamo-audit-trail.ts';
import { DynamoChatArchive } from '#adapters/dynamodb/dynamo-chat-archive.ts';
import { DynamoChatIndex } from '#adapters/dynamodb/dynamo-chat-index.ts';
import { DynamoCommandBook } from '#adapters/dynamodb/dynamo-command-book.ts';
import { DynamoErasableChats } from '#adapters/dynamodb/dynamo-erasable-chats.ts';
import { DynamoInbox } from '#adapters/dynamodb/dynamo-inbox.ts';
import { DynamoParkedMessages } from '#adapters/dynamodb/dynamo-parked-messages.ts';
import { DynamoSpendLedger } from '#adapters/dynamodb/dynamo-spend-ledger.ts';
import { DynamoTenantRegister } from '#adapters/dynamodb/dynamo-tenant-register.ts';
import { DynamoUnfinishedIndex } from '#adapters/dynamodb/dynamo-unfinished-index.ts';
import { S3MediaArchive } from '#adapters/s3/s3-media-archive.ts';
import { SqsChatQueue } from '#adapters/sqs/sqs-chat-queue.ts';
import { SqsDeadRings } from '#adapters/sqs/sqs-dead-rings.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { systemRandom } from '#adapters/system/system-random.ts';
import { GraphAccounts } from '#adapters/whatsapp/graph-accounts.ts';
import { mirrorSecrets, type TenantVaults } from '#app/mirror-secrets.ts';
import type { Actor, AuditTrail } from '#app/ports/audit-trail.ts';
import type { ChatArchive } from '#app/ports/chat-archive.ts';
import type { ChatIndex } from '#app/ports/chat-index.ts';
import type { Clock } from '#app/ports/clock.ts';
import type { CommandBook } from '#app/ports/command-book.ts';
import type { Inbox, UnfinishedIndex } from '#app/ports/conversation-store.ts';
import type { DeadRings } from '#app/ports/dead-rings.ts';
import type { ErasableChats } from '#app/ports/erasable-chats.ts';
import type { MediaArchive } from '#app/ports/media-store.ts';
import type { MetaAccounts } from '#app/ports/meta-accounts.ts';
import type { ParkedMessages } from '#app/ports/parked-messages.ts';
import type { ChatBell } from '#app/ports/queues.ts';
import type { SecretVault } from '#app/ports/secret-vault.ts';
import type { SpendLedger } from '#app/ports/spend-ledger.ts';
import type { TenantRegister } from '#app/ports/tenant-register.ts';
import { NO_BUDGET } from '#domain/money/budget.ts';
import { awsClientOptions } from '#runtime/aws-client-options.ts';
import { connectVaults } from './connect-vaults.ts';
import { type AlarmView, listAlarms } from './doctor/cloud-alarms.ts';
import { LastErrorLog } from './last-error-log.ts';
import { outputOf, readOutputs } from './stack-outputs.ts';
import type { Target } from './target.ts';
import { CloudLogs } from './trace/cloud-logs.ts';
import type { LogSearch } from './trace/log-search.ts';
import { whoCalls } from './who-calls.ts';

/** A running application, as far as the operator's commands reach into it. */
export interface Application {
  readonly parked: ParkedMessages;
  readonly deadRings: DeadRings;
  readonly bell: ChatBell;
  readonly register: TenantRegister;
  readonly ledger: Pick<SpendLedger, 'spentIn'>;
  /** As the functions read it; what is written goes where it has to. */
  readonly vault: SecretVault;
  readonly tenantVaults: TenantVaults;
  readonly meta: MetaAccounts;
  readonly unfinished: UnfinishedIndex;
  readonly chats: ChatIndex;
  readonly archive: ChatArchive;
  /** Where what a person wants of a chat goes, and under which ids. */
  readonly inbox: Inbox;
  readonly book: CommandBook;
  readonly audit: AuditTrail;
  /** Whose credentials these are. */
  whoCalls(): Promise<Actor>;
  readonly erasable: ErasableChats;
  readonly media: MediaArchive;
  readonly logs: LogSearch;
  /** How much lies on each dead-letter queue. */
  countDeadLetters(): Promise<Readonly<Record<DeadLetterQueueName, number>>>;
  /** The stage's alarms; undefined where there are none, as in the local stack. */
  readonly listAlarms: (() => Promise<readonly AlarmView[]>) | undefined;
  /** How the stage is deployed at this moment. */
  readDeployment(): Promise<Deployment>;
  /** Where Meta sends the webhooks of the app that all share. */
  readonly webhookUrl: string;
  readonly clock: Clock;
  /** Why something was not taken, where a port only says that it was not. */
  lastError(): unknown;
  close(): void;
}

interface Deployment {
  /** Stacks that CloudFormation works on. */
  readonly inProgress: readonly string[];
  /** Which vault the functions read, once that is over; undefined where no output tells. */
  readonly tenantVault: string | undefined;
}

type DeadLetterQueueName = 'chat' | 'events' | 'jobs';

export type Connect = (target: Target) => Promise<Application>;

/** Finds the application's table and queues by the outputs of its stacks. */
export const connect: Connect = async (target) => {
  const outputs = await readOutputs(target);
  // Patient: an operator far away from the region has a slower line than a function within it.
  const options = { ...outputs.place, ...awsClientOptions({ requestTimeoutMs: 15_000 }) };
  const dynamo = new DynamoDBClient(options);
  const sqs = new SQSClient(options);
  const secrets = new SecretsManagerClient(options);
  const kms = new KMSClient(options);
  const s3 = new S3Client(options);
  const cloudWatch = new CloudWatchClient(options);
  const cloudWatchLogs = new CloudWatchLogsClient(options);
  const tenantVaults = connectVaults(outputs, { dynamo, kms, secrets });
  const log = new LastErrorLog();
  return {
    parked: new DynamoParkedMessages({
      client: dynamo,
      tableName: outputOf(outputs, 'ConversationsTableName'),
    }),
    deadRings: new SqsDeadRings({
      client: sqs,
      queueUrl: outputOf(outputs, 'ChatDeadLetterQueueUrl'),
    }),
    bell: new SqsChatQueue({
      client: sqs,
      queueUrl: outputOf(outputs, 'ChatQueueUrl'),
      random: systemRandom,
      log,
    }),
    register: new DynamoTenantRegister({
      client: dynamo,
      tableName: outputOf(outputs, 'TenantsTableName'),
    }),
    ledger: new DynamoSpendLedger({
      client: dynamo,
      tableName: outputOf(outputs, 'TenantsTableName'),
      // Only read here.
      platform: NO_BUDGET,
      log,
    }),
    vault: mirrorSecrets(tenantVaults),
    tenantVaults,
    unfinished: new DynamoUnfinishedIndex({
      client: dynamo,
      tableName: outputOf(outputs, 'ConversationsTableName'),
    }),
    chats: new DynamoChatIndex({
      client: dynamo,
      tableName: outputOf(outputs, 'ConversationsTableName'),
    }),
    archive: new DynamoChatArchive({
      client: dynamo,
      tableName: outputOf(outputs, 'ConversationsTableName'),
    }),
    inbox: new DynamoInbox({
      client: dynamo,
      tableName: outputOf(outputs, 'ConversationsTableName'),
      log,
      budgetMs: 20_000,
    }),
    book: new DynamoCommandBook({
      client: dynamo,
      tableName: outputOf(outputs, 'ConversationsTableName'),
    }),
    audit: new DynamoAuditTrail({
      client: dynamo,
      tableName: outputOf(outputs, 'TenantsTableName'),
      clock: systemClock,
    }),
    whoCalls: () => whoCalls(options),
    erasable: new DynamoErasableChats({
      client: dynamo,
      tableName: outputOf(outputs, 'ConversationsTableName'),
      clock: systemClock,
    }),
    media: new S3MediaArchive({ client: s3, bucket: outputOf(outputs, 'MediaBucketName') }),
    logs: new CloudLogs(cloudWatchLogs, () => outputOf(outputs, 'FunctionLogGroups')),
    countDeadLetters: async () => ({
      chat: await depthOf(sqs, outputOf(outputs, 'ChatDeadLetterQueueUrl')),
      events: await depthOf(sqs, outputOf(outputs, 'EventsDeadLetterQueueUrl')),
      jobs: await depthOf(sqs, outputOf(outputs, 'JobsDeadLetterQueueUrl')),
    }),
    listAlarms: target.kind === 'cloud' ? () => listAlarms(cloudWatch, target.stage) : undefined,
    readDeployment: async () => {
      const { inProgress, values } = await readOutputs(target);
      return { inProgress, tenantVault: values.get('TenantVault') };
    },
    meta: new GraphAccounts(outputs.graph),
    webhookUrl: outputOf(outputs, 'WebhookUrl'),
    clock: systemClock,
    lastError: () => log.lastError,
    close: () => {
      dynamo.destroy();
      sqs.destroy();
      secrets.destroy();
      kms.destroy();
      s3.destroy();
      cloudWatch.destroy();
      cloudWatchLogs.destroy();
    },
  };
};

async function depthOf(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const AttributeNames = [
    'ApproximateNumberOfMessages',
    'ApproximateNumberOfMessagesNotVisible',
  ] as const;
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] });
  const { Attributes: attributes = {} } = await sqs.send(command);
  return AttributeNames.reduce((sum, name) => sum + Number(attributes[name] ?? 0), 0);
}
