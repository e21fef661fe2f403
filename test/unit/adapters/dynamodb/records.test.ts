import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, it } from 'vitest';
import { readHead, writeHead } from '#adapters/dynamodb/head-record.ts';
import { writeInbound } from '#adapters/dynamodb/inbound-record.ts';
import {
  allUnfinishedShards,
  chatOfPartition,
  unfinishedShardOf,
} from '#adapters/dynamodb/keys.ts';
import { readMessage } from '#adapters/dynamodb/message-record.ts';
import { readRemain } from '#adapters/dynamodb/remains-record.ts';
import { StoredRecord } from '#adapters/dynamodb/stored-record.ts';
import { readTenantRecord, writeTenantRecord } from '#adapters/dynamodb/tenant-record.ts';
import { idleMessage } from '#domain/conversation/command.ts';
import { withRecord } from '#domain/conversation/hand-over.ts';
import { newHead, type OpenTurn } from '#domain/conversation/head.ts';
import { parseTurnId } from '#domain/ids.ts';
import { aChat, aMessage, aTenant, present, TENANT_ID } from '#test/support/builders.ts';

function aTurn(kind: OpenTurn['kind']): OpenTurn {
  return {
    id: present(parseTurnId('1790400000000.1')),
    kind,
    waitingSinceMs: 1,
    answers: [],
    recipient: { waId: undefined, userId: undefined },
    parts: [{ text: 'hi', delivery: { kind: 'sending', sinceMs: 1, resends: 0 } }],
    pairRefusals: 0,
    repeats: undefined,
    forgets: [],
  };
}

const WRITE = { id: 'write-1', nowMs: 1_790_400_000_000, keptDays: 90 };

it('puts a chat into the list of its tenant once the tenant is known', () => {
  const known = { ...newHead(), version: 1, tenantId: TENANT_ID, lastMessageAtMs: 5 };
  expect(writeHead(aChat(), known, WRITE)).toMatchObject({
    tenantId: { S: TENANT_ID },
    lastMessageAt: { N: '5' },
  });
  expect(writeHead(aChat(), newHead(), WRITE)).not.toHaveProperty('tenantId');
});

it('takes a chat whose contact has moved on out of that list, and still knows its tenant', () => {
  const head = { ...newHead(), version: 1, tenantId: TENANT_ID, movedTo: aChat('ES.1').contact };
  const item = writeHead(aChat(), head, WRITE);
  expect(item).not.toHaveProperty('tenantId');
  expect(readHead(item)).toEqual(head);
  // As earlier releases wrote it.
  const { unlistedTenantId, ...rest } = item;
  expect(readHead({ ...rest, tenantId: { S: TENANT_ID } })).toEqual(head);
  expect(unlistedTenantId).toEqual({ S: TENANT_ID });
});

it.each([
  ['of a later version', { v: { N: '99' } }, /version/],
  ['without a state', { state: { S: 'asleep' } }, /state/],
  ['with half a turn', { openTurn: { M: { id: { S: '1.1' } } } }, /openTurn/],
])('does not guess at a head %s, and shows no number in its error', (_what, change, words) => {
  const item = { ...writeHead(aChat('34600111222'), newHead(), WRITE), ...change };
  expect(() => readHead(item)).toThrow(words);
  expect(() => readHead(item)).toThrow(/^(?!.*34600111222)/);
});

it.each([
  ['of no version', { v: { S: '3' } }],
  ['of a command that nobody knows', { command: { M: { kind: { S: 'dance' } } } }],
  ['of no direction', { direction: { S: 'sideways' } }],
  ['without its content', { raw: { S: 'half a {' } }],
])('does not guess at a message %s', (_what, change) => {
  const arrival = { message: aMessage(), acceptedAtMs: 1, position: 0, correlationId: 'r' };
  const item = { ...writeInbound(arrival), ...change };
  const { chat } = arrival.message;
  expect(() => readMessage(chat, item)).toThrow(
    expect.objectContaining({ name: 'StoredRecordError' }),
  );
});

it('keeps a hand-over in a version that earlier releases refuse, and reads heads of before', () => {
  const known = { ...newHead(), version: 4, tenantId: TENANT_ID };
  const head = withRecord({ ...known, state: 'waiting' }, 1_790_400_000_000);
  const item = writeHead(aChat(), head, WRITE);
  expect(item['v']).toEqual({ N: '3' });
  expect(readHead(item)).toEqual(head);
  const old = writeHead(aChat(), { ...known, state: 'human' }, WRITE);
  expect(old['v']).toEqual({ N: '1' });
  expect(readHead(old)).toMatchObject({ state: 'human', handOver: undefined, failures: 0 });
});

it('writes a command so that a release without commands does not take it for a message', () => {
  const message = idleMessage(aChat(), 7, 1_790_400_000_000);
  const arrival = { message, acceptedAtMs: 1, position: 0, correlationId: 'timer' };
  const item = writeInbound(arrival);
  expect(item['v']).toEqual({ N: '2' });
  expect(readMessage(aChat(), item)).toMatchObject({ message });
  const ordinary = { message: aMessage(), acceptedAtMs: 1, position: 0, correlationId: 'r' };
  expect(writeInbound(ordinary)['v']).toEqual({ N: '1' });
});

it.each([
  ['handOver', { lowConfidence: 'shrug' }],
  ['handOver', { personIdleMinutes: 0 }],
  ['handOver', { personWords: [1] }],
  ['handOver', 'none'],
  ['hours', { timeZone: 'Mars/Olympus', week: Array.from({ length: 7 }, () => []) }],
  ['hours', { timeZone: 'UTC', week: [] }],
  ['hours', { timeZone: 'UTC', week: Array.from({ length: 7 }, () => [{ from: '9', to: '10' }]) }],
])('does not guess at the setting %s %j', (name, value) => {
  const item = { ...writeTenantRecord(aTenant()), ...marshall({ [name]: value }) };
  expect(() => readTenantRecord(item)).toThrow(name);
});

it('takes a tenant of before hand-overs for one with the usual ones', () => {
  const { handOver: _, ...before } = writeTenantRecord(aTenant());
  expect(readTenantRecord(before)).toEqual(aTenant());
});

it('takes a head of before opting out and erasing for one of who has done neither', () => {
  const item = writeHead(aChat(), newHead(), WRITE);
  for (const name of ['savedAt', 'erasedAt', 'erasedVersion', 'replies']) {
    Reflect.deleteProperty(item, name);
  }
  expect(readHead(item)).toEqual(newHead());
  expect(readRemain(aChat(), item)).toMatchObject({ head: { savedAtMs: undefined } });
});

it.each([
  ['who opted out', { replies: { kind: 'stopped', atMs: 1 } as const }, '2'],
  ['who came back', { replies: { kind: 'resumed', atMs: 1 } as const }, '2'],
  ['who was erased', { erasure: { atMs: 1, version: 1 } }, '2'],
  ['with a notice on its way', { openTurn: aTurn('notice') }, '2'],
  ['who is told of a limit', { openTurn: aTurn('limit') }, '2'],
  ['with a reply on its way', { openTurn: aTurn('reply') }, '1'],
  ['like any other', {}, '1'],
])('a release that would drop what it does not know refuses the head of one %s', (_, over, v) => {
  const head = { ...newHead(), version: 1, ...over };
  const item = writeHead(aChat(), head, WRITE);
  expect(item['v']).toEqual({ N: v });
  expect(readHead(item)).toEqual(head);
  // As releases before these read whatever they stored.
  const read = () => new StoredRecord(item);
  if (v === '1') expect(read).not.toThrow();
  else expect(read).toThrow(/does not know; deploy the release that wrote it/);
});

it('erases what a later version wrote as well', () => {
  const chat = aChat();
  const head = { ...writeHead(chat, { ...newHead(), version: 5 }, WRITE), v: { N: '9' } };
  expect(readRemain(chat, head)).toMatchObject({ head: { version: 5 } });
  const sk = { S: 'MEM#profile' };
  expect(readRemain(chat, { ...head, sk })).toMatchObject({
    item: { name: 'MEM#profile', key: undefined, kind: 'other' },
  });
  const nothing = { ...head, version: { S: 'new' } };
  expect(() => readRemain(chat, nothing)).toThrow(
    expect.objectContaining({ name: 'StoredRecordError' }),
  );
});

it('spreads chats over all shards, each chat always in the same', () => {
  const chats = Array.from({ length: 400 }, (_, index) => aChat(`3460000${index}`));
  const shards = chats.map(unfinishedShardOf);
  expect(chats.map(unfinishedShardOf)).toEqual(shards);
  expect(new Set(shards)).toEqual(new Set(allUnfinishedShards()));
});

it('reads the chat from a partition, and from no other kind of partition', () => {
  const chat = aChat('ES.90210456612300774512');
  expect(chatOfPartition(`CHAT#${chat.phoneNumberId}#${chat.contact}`)).toEqual(chat);
  expect(chatOfPartition('EVENT#none')).toBeUndefined();
});
