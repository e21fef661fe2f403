import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { DynamoConversationStore } from '#adapters/dynamodb/dynamo-conversation-store.ts';
import { parseTurnId } from '#domain/ids.ts';
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
