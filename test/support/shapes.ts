import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readKeptEvent } from '#adapters/dynamodb/archived-record.ts';
import { readAuditEntry, writeBegun, writeEnded } from '#adapters/dynamodb/audit-record.ts';
import { DynamoCommandBook } from '#adapters/dynamodb/dynamo-command-book.ts';
import { DynamoVaultMoves } from '#adapters/dynamodb/dynamo-vault-moves.ts';
import { readHead, writeHead } from '#adapters/dynamodb/head-record.ts';
import { writeInbound } from '#adapters/dynamodb/inbound-record.ts';
import { writeKeptEvent } from '#adapters/dynamodb/kept-event-record.ts';
import {
  readBook,
  readMemoryItem,
  writeBook,
  writeMemoryItem,
} from '#adapters/dynamodb/memory-record.ts';
import { readMessage } from '#adapters/dynamodb/message-record.ts';
import { writeOutbound } from '#adapters/dynamodb/outbound-record.ts';
import { readOwnAppRecord, writeOwnAppRecord } from '#adapters/dynamodb/own-app-record.ts';
import { readPreference, writePreference } from '#adapters/dynamodb/preference-record.ts';
import { readRouteRecord, writeRouteRecord } from '#adapters/dynamodb/route-record.ts';
import {
  readSealedSecretRecord,
  writeSealedSecretRecord,
} from '#adapters/dynamodb/sealed-secret-record.ts';
import type { Item } from '#adapters/dynamodb/stored-record.ts';
import { readTenantRecord, writeTenantRecord } from '#adapters/dynamodb/tenant-record.ts';
import { readUsage, spendUpdate } from '#adapters/dynamodb/usage-record.ts';
import { idleMessage } from '#domain/conversation/command.ts';
import { withRecord } from '#domain/conversation/hand-over.ts';
import { newHead } from '#domain/conversation/head.ts';
import { parseAppId, parseTurnId } from '#domain/ids.ts';
import { microUsd } from '#domain/money/micro-usd.ts';
import {
  aChat,
  aMemoryItem,
  aMessage,
  aTenant,
  PHONE_NUMBER_ID,
  present,
  TENANT_ID,
} from './builders.ts';
import { stubClient } from './stub-client.ts';

/** One kind of item, as this release writes and reads it. */
export interface StoredShape {
  /** The function of keys.ts that says where it lies. */
  readonly key: string;
  /** The highest that this release writes. */
  readonly version: number;
  /** An item of each version that this release writes. */
  write(): Promise<readonly Item[]> | readonly Item[];
  read(item: Item): unknown;
  /** What reading one of a later release does. */
  readonly newer: 'waits' | 'is-added-to';
}

const NOW_MS = 1_790_400_000_000;
const WRITE = { id: 'write-1', nowMs: NOW_MS, keptDays: 90 };
const KEPT = { nowMs: NOW_MS, keptDays: 90 };
const chat = aChat();
const known = { ...newHead(), version: 4, tenantId: TENANT_ID, lastMessageAtMs: NOW_MS };

const action = {
  id: 'run-1',
  beganAtMs: NOW_MS,
  by: { arn: 'arn:aws:iam::000000000000:user/ann', claimedUser: 'ann' },
  command: 'tenant set',
  tenant: TENANT_ID,
  subject: undefined,
  options: ['--name'],
  fields: ['name'],
};

const bubble = {
  direction: 'out' as const,
  key: 'unused',
  turnId: present(parseTurnId('1790400000000.1')),
  part: 0,
  text: 'hello',
  wamid: 'wamid.OUT',
  refusedCode: undefined,
  followUp: undefined,
  sends: 1,
  copies: 1,
};

/** Every kind of item in either table; test/unit/project/shapes.test.ts holds that none is missing. */
export const STORED_SHAPES: Readonly<Record<string, StoredShape>> = {
  head: {
    key: 'headKey',
    version: 3,
    newer: 'waits',
    write: () => [
      writeHead(chat, known, WRITE),
      writeHead(chat, { ...known, replies: { kind: 'stopped', atMs: NOW_MS } }, WRITE),
      writeHead(chat, withRecord({ ...known, state: 'waiting' }, NOW_MS), WRITE),
    ],
    read: readHead,
  },
  message: {
    key: 'messageKey',
    version: 2,
    newer: 'waits',
    write: () => [
      writeInbound({
        message: aMessage({ id: 'wamid.IN', text: { body: 'rye?' } }),
        acceptedAtMs: NOW_MS,
        position: 0,
        correlationId: 'request-1',
      }),
      writeInbound({
        message: idleMessage(chat, 7, NOW_MS),
        acceptedAtMs: NOW_MS,
        position: 0,
        correlationId: 'timer',
      }),
    ],
    read: (item) => readMessage(chat, item),
  },
  bubble: {
    key: 'messageKey',
    version: 1,
    newer: 'waits',
    write: () => [itemOf(writeOutbound(chat, bubble, KEPT))],
    read: (item) => readMessage(chat, item),
  },
  'memory book': {
    key: 'memoryBookKey',
    version: 1,
    newer: 'waits',
    write: () => [
      writeBook(
        chat,
        {
          revision: 'r1',
          tenantId: TENANT_ID,
          beganAtMs: NOW_MS,
          headVersion: 4,
          extractedUpTo: 3,
          summarisedUpTo: 2,
          forgottenUpTo: 1,
          items: [aMemoryItem()],
        },
        NOW_MS,
      ),
    ],
    read: readBook,
  },
  'memory item': {
    key: 'memoryItemKey',
    version: 1,
    newer: 'waits',
    write: () => [writeMemoryItem(chat, aMemoryItem(), 4)],
    read: readMemoryItem,
  },
  preference: {
    key: 'preferenceKey',
    version: 1,
    newer: 'waits',
    write: () => [itemOf(writePreference(chat, { kind: 'stopped', atMs: NOW_MS }, KEPT))],
    read: readPreference,
  },
  command: {
    key: 'commandKey',
    version: 1,
    newer: 'waits',
    async write() {
      const stub = stubClient(() => ({}));
      await commandBook(stub.as()).claim(chat, aCommand, NOW_MS);
      return [present(stub.sent[0]).input.Item];
    },
    read: (item) => commandBook(stubClient(() => ({ Item: item })).as()).find(chat, aCommand),
  },
  'kept event': {
    key: 'keptEventKey',
    version: 1,
    newer: 'waits',
    write: () => [
      writeKeptEvent({
        kind: 'event',
        field: 'security',
        accountId: '700100200300401',
        phoneNumberId: PHONE_NUMBER_ID,
        payload: { event: 'PIN_CHANGED' },
        receivedAtMs: NOW_MS,
        correlationId: 'request-1',
      }),
    ],
    read: readKeptEvent,
  },
  route: {
    key: 'routeKey',
    version: 1,
    newer: 'waits',
    write: () => [writeRouteRecord({ phoneNumberId: PHONE_NUMBER_ID, tenantId: TENANT_ID })],
    read: readRouteRecord,
  },
  'own app': {
    key: 'appKey',
    version: 1,
    newer: 'waits',
    write: () => [
      writeOwnAppRecord(present(parseAppId('bakery-app')), {
        tenantId: TENANT_ID,
        accountIds: ['700100200300401'],
      }),
    ],
    read: readOwnAppRecord,
  },
  tenant: {
    key: 'tenantKey',
    version: 1,
    newer: 'waits',
    write: () => [
      writeTenantRecord(aTenant(), {
        numbers: [{ phoneNumberId: PHONE_NUMBER_ID, accountId: '700100200300401' }],
        revision: 1,
      }),
    ],
    read: readTenantRecord,
  },
  usage: {
    key: 'usageKey',
    version: 1,
    newer: 'is-added-to',
    write: () => [
      itemOf(
        spendUpdate(
          { owner: { kind: 'tenant', id: TENANT_ID }, shard: 0, shards: 1, atMs: NOW_MS },
          100,
          { model: microUsd(250) },
        ),
      ),
    ],
    read: (item) => readUsage(item, NOW_MS),
  },
  'sealed secret': {
    key: 'sealedSecretKey',
    version: 1,
    newer: 'waits',
    write: () => [
      writeSealedSecretRecord(TENANT_ID, {
        wrappedKey: new Uint8Array([1]),
        iv: new Uint8Array([2]),
        ciphertext: new Uint8Array([3]),
        changedAtMs: NOW_MS,
      }),
    ],
    read: readSealedSecretRecord,
  },
  'vault move': {
    key: 'vaultMoveKey',
    version: 1,
    newer: 'waits',
    async write() {
      const stub = stubClient(() => ({}));
      await vaultMoves(stub.as()).begin({ from: 'secrets-manager', to: 'tenants-table' });
      return [{ ...present(stub.sent[0]).input.Item, id: { S: 'move-1' } }];
    },
    read: (item) => vaultMoves(stubClient(() => ({ Item: item })).as()).current(),
  },
  'audit entry, begun': {
    key: 'auditKey',
    version: 1,
    newer: 'waits',
    write: () => [writeBegun(action)],
    read: readAuditEntry,
  },
  'audit entry, ended': {
    key: 'auditKey',
    version: 1,
    newer: 'waits',
    write: () => [
      writeEnded(action, {
        endedAtMs: NOW_MS + 1,
        outcome: 'done',
        error: undefined,
        changed: ['name'],
        chats: [],
      }),
    ],
    read: readAuditEntry,
  },
};

const aCommand = {
  id: 'command-1',
  command: { kind: 'take' as const, by: 'ann' },
};

function commandBook(client: DynamoDBClient): DynamoCommandBook {
  return new DynamoCommandBook({ client, tableName: 'conversations' });
}

function vaultMoves(client: DynamoDBClient): DynamoVaultMoves {
  return new DynamoVaultMoves({ client, tableName: 'tenants' });
}

interface Update {
  readonly Key?: Item | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
}

/** The item that an update makes where there was none. */
function itemOf(update: Update): Item {
  const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = update;
  const [sets = '', adds = ''] = (update.UpdateExpression ?? '').replace('SET ', '').split(' ADD ');
  const set = /([#\w]+) = (?:if_not_exists\([^,]+, )?(:\w+)/g;
  const pairs = [...sets.matchAll(set), ...adds.matchAll(/([#\w]+) (:\w+)/g)];
  const attributes = pairs.map(([, name = '', value = '']) => [
    names[name] ?? name,
    present(values[value]),
  ]);
  return { ...update.Key, ...Object.fromEntries(attributes) };
}
