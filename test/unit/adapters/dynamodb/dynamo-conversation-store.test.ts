import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { DynamoConversationStore } from '#adapters/dynamodb/dynamo-conversation-store.ts';
import { writeInbound } from '#adapters/dynamodb/inbound-record.ts';
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
    v: { N: '99' },
  };
  const answered = { ...broken, sk: { S: 'MSG#1790400000002#wamid.OLD' } };
  Reflect.deleteProperty(answered, 'unfinishedShard');
  const log = new RecordingLog();
  const client = stubClient(() => ({ Items: [answered, broken, good] })).as<DynamoDBClient>();
  const store = new DynamoConversationStore({
    client,
    tableName: 'conversations',
    clock: new ManualClock(),
    log,
  });
  const { messages, unreadable } = await store.readRecent(aChat(), { limit: 5, keys: [] });
  expect(messages).toMatchObject([{ message: { wamid: arrival.message.wamid } }]);
  expect(unreadable).toEqual(['1790400000001#wamid.BROKEN']);
  expect(log.lines.map(({ event }) => event)).toEqual(['record_unreadable', 'record_unreadable']);
});
