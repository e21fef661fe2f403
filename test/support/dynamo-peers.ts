import { DeleteItemCommand, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoAppDirectory } from '#adapters/dynamodb/dynamo-app-directory.ts';
import { DynamoAuditTrail } from '#adapters/dynamodb/dynamo-audit-trail.ts';
import { DynamoChatArchive } from '#adapters/dynamodb/dynamo-chat-archive.ts';
import { DynamoChatIndex } from '#adapters/dynamodb/dynamo-chat-index.ts';
import { DynamoChatMemories } from '#adapters/dynamodb/dynamo-chat-memories.ts';
import { DynamoCommandBook } from '#adapters/dynamodb/dynamo-command-book.ts';
import { DynamoConversationStore } from '#adapters/dynamodb/dynamo-conversation-store.ts';
import { DynamoDeliveryLog } from '#adapters/dynamodb/dynamo-delivery-log.ts';
import { DynamoErasableChats } from '#adapters/dynamodb/dynamo-erasable-chats.ts';
import { DynamoInbox } from '#adapters/dynamodb/dynamo-inbox.ts';
import { DynamoParkedMessages } from '#adapters/dynamodb/dynamo-parked-messages.ts';
import { DynamoPreferenceLog } from '#adapters/dynamodb/dynamo-preference-log.ts';
import { DynamoSealedSecrets } from '#adapters/dynamodb/dynamo-sealed-secrets.ts';
import { DynamoSpendLedger } from '#adapters/dynamodb/dynamo-spend-ledger.ts';
import { DynamoTenantDirectory } from '#adapters/dynamodb/dynamo-tenant-directory.ts';
import { DynamoTenantRegister } from '#adapters/dynamodb/dynamo-tenant-register.ts';
import { DynamoUnfinishedIndex } from '#adapters/dynamodb/dynamo-unfinished-index.ts';
import { DynamoVaultMoves } from '#adapters/dynamodb/dynamo-vault-moves.ts';
import {
  appKey,
  auditKey,
  chatPartition,
  type Key,
  routeKey,
  sealedSecretKey,
  tenantKey,
} from '#adapters/dynamodb/keys.ts';
import { writeOwnAppRecord } from '#adapters/dynamodb/own-app-record.ts';
import { writeRouteRecord } from '#adapters/dynamodb/route-record.ts';
import { writeTenantRecord } from '#adapters/dynamodb/tenant-record.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import type { AppBook } from '#test/contract/app-directory-suite.ts';
import type { AuditStage } from '#test/contract/audit-trail-suite.ts';
import type { Stores } from '#test/contract/conversation-store-suite.ts';
import type { SealedSecretsStage } from '#test/contract/sealed-secrets-suite.ts';
import type { LedgerStage } from '#test/contract/spend-ledger-suite.ts';
import type { TenantBook } from '#test/contract/tenant-directory-suite.ts';
import type { RegisterStage } from '#test/contract/tenant-register-suite.ts';
import type { MovesStage } from '#test/contract/vault-moves-suite.ts';
import {
  createConversationsTable,
  createTenantsTable,
  type DynamoServer,
  dynamoClient,
} from './dynamo-server.ts';
import { ManualClock, RecordingLog } from './recorders.ts';

type Server = Pick<DynamoServer, 'endpoint'>;

/** The conversation ports on a table of their own. */
export async function dynamoStores(server: Server): Promise<Stores> {
  const client = dynamoClient(server);
  const table = { client, tableName: await createConversationsTable(client) };
  const log = new RecordingLog();
  return {
    inbox: new DynamoInbox({ ...table, log, budgetMs: 20_000 }),
    conversations: new DynamoConversationStore({ ...table, clock: new ManualClock(), log }),
    deliveries: new DynamoDeliveryLog(table),
    unfinished: new DynamoUnfinishedIndex(table),
    parked: new DynamoParkedMessages(table),
    chats: new DynamoChatIndex(table),
    archive: new DynamoChatArchive(table),
    spoil: async (chat, sortKey) => {
      const at = { pk: { S: chatPartition(chat) }, sk: { S: sortKey } };
      await putItem(client, table.tableName, { ...at, v: { N: '9' }, words: { SS: ['a', 'b'] } });
    },
    preferences: new DynamoPreferenceLog({ ...table, clock: new ManualClock(), log }),
    book: new DynamoCommandBook(table),
    memories: new DynamoChatMemories({ ...table, clock: new ManualClock() }),
    erasable: new DynamoErasableChats({ ...table, clock: new ManualClock() }),
    close: async () => client.destroy(),
  };
}

/** The tenant directory on a table of its own, which is written as an operator writes it. */
export async function dynamoTenants(server: Server): Promise<TenantBook> {
  const client = dynamoClient(server);
  const tableName = await createTenantsTable(client);
  const clock = new ManualClock();
  const put = (Item: ReturnType<typeof writeTenantRecord>) => putItem(client, tableName, Item);
  return {
    directory: new DynamoTenantDirectory({ client, tableName, clock }),
    connect: async (phoneNumberId, tenant) => {
      await put(writeTenantRecord(tenant));
      await put(writeRouteRecord({ phoneNumberId, tenantId: tenant.id }));
    },
    connectUnreadable: async (phoneNumberId, { id, ...tenant }) => {
      await put({ ...writeTenantRecord({ id, ...tenant }), fallbackText: { S: ' ' } });
      await put(writeRouteRecord({ phoneNumberId, tenantId: id }));
    },
    disconnect: async (phoneNumberId) => {
      const Key = routeKey(phoneNumberId);
      await client.send(new DeleteItemCommand({ TableName: tableName, Key }));
    },
    pass: (ms) => clock.advance(ms),
    close: async () => client.destroy(),
  };
}

/** The directory of apps on a table of its own, which is written as an operator writes it. */
export async function dynamoApps(server: Server): Promise<AppBook> {
  const client = dynamoClient(server);
  const tableName = await createTenantsTable(client);
  const clock = new ManualClock();
  const drop = async (Key: Key) => {
    await client.send(new DeleteItemCommand({ TableName: tableName, Key }));
  };
  return {
    directory: new DynamoAppDirectory({ client, tableName, clock }),
    put: (app, own) => putItem(client, tableName, writeOwnAppRecord(app, own)),
    drop: (app) => drop(appKey(app)),
    connect: (phoneNumberId, tenantId) =>
      putItem(client, tableName, writeRouteRecord({ phoneNumberId, tenantId })),
    disconnect: (phoneNumberId) => drop(routeKey(phoneNumberId)),
    pass: (ms) => clock.advance(ms),
    close: async () => client.destroy(),
  };
}

/** The operator's book on a table of its own, and the directory that the functions read there. */
export async function dynamoRegister(server: Server): Promise<RegisterStage> {
  const client = dynamoClient(server);
  const tableName = await createTenantsTable(client);
  return {
    register: new DynamoTenantRegister({ client, tableName }),
    directory: () => new DynamoTenantDirectory({ client, tableName, clock: new ManualClock() }),
    spoil: async (id) => {
      const Item = { ...tenantKey(id), v: { N: '1' }, tenantId: { S: id } };
      await putItem(client, tableName, Item);
    },
    close: async () => client.destroy(),
  };
}

/** Each ledger on a table of its own. */
export async function dynamoLedgers(server: Server): Promise<LedgerStage> {
  const client = dynamoClient(server);
  let tableName = '';
  const another: LedgerStage['another'] = (platform = {}) =>
    new DynamoSpendLedger({
      client,
      tableName,
      platform: { perDay: undefined, perMonth: undefined, warnAt: [], ...platform },
      log: new RecordingLog(),
    });
  return {
    another,
    ledger: async (platform) => {
      tableName = await createTenantsTable(client);
      return another(platform);
    },
    close: async () => client.destroy(),
  };
}

/** Sealed secrets in a tenants table of their own. */
export async function dynamoSealedSecrets(server: Server): Promise<SealedSecretsStage> {
  const client = dynamoClient(server);
  const tableName = await createTenantsTable(client);
  return {
    secrets: new DynamoSealedSecrets({ client, tableName }),
    spoil: (id) => putItem(client, tableName, { ...sealedSecretKey(id), v: { N: '1' } }),
    close: async () => client.destroy(),
  };
}

export async function dynamoVaultMoves(server: Server): Promise<MovesStage> {
  const client = dynamoClient(server);
  const tableName = await createTenantsTable(client);
  return {
    moves: new DynamoVaultMoves({ client, tableName }),
    close: async () => client.destroy(),
  };
}

/** The audit trail on a table of its own. */
export async function dynamoAudit(server: Server): Promise<AuditStage> {
  const client = dynamoClient(server);
  const tableName = await createTenantsTable(client);
  return {
    audit: new DynamoAuditTrail({ client, tableName, clock: systemClock }),
    spoil: async (tenant) => {
      const at = { tenant, beganAtMs: Date.now(), id: 'forged' };
      await putItem(client, tableName, { ...auditKey(at, 'begun'), v: { N: '9' } });
    },
    close: async () => client.destroy(),
  };
}

async function putItem(
  client: DynamoDBClient,
  TableName: string,
  Item: ReturnType<typeof writeTenantRecord>,
): Promise<void> {
  await client.send(new PutItemCommand({ TableName, Item }));
}
