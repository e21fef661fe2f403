import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { DynamoConversationStore } from '#adapters/dynamodb/dynamo-conversation-store.ts';
import { writeInbound } from '#adapters/dynamodb/inbound-record.ts';
import { newHead } from '#domain/conversation/head.ts';
import { parseTurnId } from '#domain/ids.ts';
import { anArrival } from '#test/contract/store-suite/arrivals.ts';
import { aChat, present } from '#test/support/builders.ts';
import { ManualClock, RecordingLog } from '#test/support/recorders.ts';
import { stubClient } from '#test/support/stub-client.ts';

function aStore() {
  const stub = stubClient(() => ({}));
  const store = new DynamoConversationStore({
    client: stub.as<DynamoDBClient>(),
    tableName: 'conversations',
    clock: new ManualClock(),
    log: new RecordingLog(),
  });
  return { store, sent: stub.sent };
}

const DAY_S = 86_400;

/** Seconds from the time of the write on, as the one write of an operation says. */
async function keptForS(
  act: (store: DynamoConversationStore) => Promise<unknown>,
  days: number | undefined,
): Promise<number> {
  const clock = new ManualClock();
  const stub = stubClient(() => ({}));
  const store = new DynamoConversationStore({
    client: stub.as<DynamoDBClient>(),
    tableName: 'conversations',
    clock,
    log: new RecordingLog(),
    keptDays: async () => days,
  });
  await act(store);
  const { Item, ExpressionAttributeValues: values } = (stub.sent[0]?.input ?? {}) as {
    readonly Item?: Record<string, { N: string }>;
    readonly ExpressionAttributeValues?: Record<string, { N: string }>;
  };
  const expires = Item?.['expiresAt'] ?? values?.[':expires'] ?? values?.[':expiresAt'];
  return Number(expires?.N) - Math.floor(clock.now() / 1000);
}

const BUBBLE = {
  direction: 'out',
  key: '1790400010123#turn-4.0',
  turnId: present(parseTurnId('1790400010123.4')),
  part: 0,
  text: 'Two left.',
  wamid: undefined,
  refusedCode: undefined,
  followUp: undefined,
  sends: 1,
  copies: 1,
} as const;
const ANSWERED = { outcome: 'answered', turnId: BUBBLE.turnId } as const;

describe.each([
  ['the tenant says', 365, 365],
  ['nobody says anything else', undefined, 90],
])('how long things are kept, as %s', (_who, days, expected) => {
  it.each([
    ['a finished message', (store) => store.finish(aChat(), ['1#w'], ANSWERED)],
    ['one that has moved', (store) => store.moveAway(aChat(), ['1#w'], 1)],
    ['a head', (store) => store.saveHead(aChat(), newHead())],
    ['a bubble', (store) => store.recordOutbound(aChat(), BUBBLE)],
  ] satisfies [string, (store: DynamoConversationStore) => Promise<unknown>][])(
    '%s',
    async (_what, act) => {
      expect(await keptForS(act, days)).toBe(expected * DAY_S);
    },
  );
});

it('keeps what a contact stopped as long as anything may be kept', async () => {
  const stopped = { kind: 'stopped', atMs: 1 } as const;
  const head = { ...newHead(), replies: stopped };
  expect(await keptForS((store) => store.saveHead(aChat(), head), 30)).toBe(3_650 * DAY_S);
});

it('writes all the same where nobody can say for how long, as long as was last known', async () => {
  const clock = new ManualClock();
  const log = new RecordingLog();
  const stub = stubClient(() => ({}));
  const answers = [async () => Promise.reject(new Error('throttled')), async () => 365];
  const store = new DynamoConversationStore({
    client: stub.as<DynamoDBClient>(),
    tableName: 'conversations',
    clock,
    log,
    keptDays: () => (answers.shift() ?? (() => Promise.reject(new Error('throttled'))))(),
  });
  for (let turns = 0; turns < 3; turns += 1) await store.finish(aChat(), ['1#w'], ANSWERED);
  await store.saveHead(aChat(), newHead());
  await store.recordOutbound(aChat(), BUBBLE);
  const kept = stub.sent.map(({ input }) => {
    const values = input.ExpressionAttributeValues;
    const expires = input.Item?.expiresAt ?? values?.[':expires'] ?? values?.[':expiresAt'];
    return (Number(expires.N) - Math.floor(clock.now() / 1000)) / DAY_S;
  });
  expect(kept).toEqual([90, 365, 365, 365, 365]);
  expect(log.lines.map(({ event }) => event)).toEqual(Array(4).fill('retention_unknown'));
});

const TURN_ID = present(parseTurnId('1790400010123.4'));

// The engine of the contract tests is always consistent: it cannot show a read that forgot to ask.
it.each([
  ['the head', 'GetItemCommand', (store) => store.readHead(aChat())],
  ['the newest', 'QueryCommand', (store) => store.readRecent(aChat(), { limit: 5, keys: [] })],
  ['a ring’s', 'GetItemCommand', (store) => store.readRecent(aChat(), { limit: 5, keys: ['1#w'] })],
  [
    'a bubble',
    'GetItemCommand',
    (store) => store.readOutbound({ chat: aChat(), turnId: TURN_ID, part: 0 }),
  ],
] satisfies [string, string, (store: DynamoConversationStore) => Promise<unknown>][])(
  'reads %s with strong consistency',
  async (_what, name, read) => {
    const { store, sent } = aStore();
    await read(store);
    const reads = sent.filter((command) => command.name === name);
    expect(reads.map(({ input }) => input.ConsistentRead)).toEqual([true]);
  },
);

it('reads a chat past an item that it cannot read, and names that', async () => {
  const arrival = anArrival(aChat());
  const good = writeInbound(arrival);
  const broken = {
    ...good,
    sk: { S: 'MSG#1790400000001#wamid.BROKEN' },
    v: { S: 'new' },
  };
  const later = { ...good, sk: { S: 'MSG#1790400000003#wamid.LATER' }, v: { N: '99' } };
  const answered = { ...broken, sk: { S: 'MSG#1790400000002#wamid.OLD' } };
  Reflect.deleteProperty(answered, 'unfinishedShard');
  const log = new RecordingLog();
  const client = stubClient(() => ({
    Items: [later, answered, broken, good],
  })).as<DynamoDBClient>();
  const store = new DynamoConversationStore({
    client,
    tableName: 'conversations',
    clock: new ManualClock(),
    log,
  });
  const { messages, unreadable, newer } = await store.readRecent(aChat(), { limit: 5, keys: [] });
  expect(messages).toMatchObject([{ message: { wamid: arrival.message.wamid } }]);
  expect(unreadable).toEqual(['1790400000001#wamid.BROKEN']);
  expect(newer).toEqual(['1790400000003#wamid.LATER']);
  expect(log.lines.map(({ event }) => event)).toEqual(Array(3).fill('record_unreadable'));
});
