import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, it } from 'vitest';
import { DynamoParkedMessages } from '#adapters/dynamodb/dynamo-parked-messages.ts';
import { aChat } from '#test/support/builders.ts';
import { stubClient } from '#test/support/stub-client.ts';

const KEY = '1790400000000#wamid.LATER';

/** A table whose every item is this one. */
function parkedWith(fields: Record<string, unknown>) {
  const item = marshall({ pk: 'CHAT#1#2', sk: `MSG#${KEY}`, ...fields });
  const client = stubClient(() => ({ Item: item }));
  return new DynamoParkedMessages({ client: client.as<DynamoDBClient>(), tableName: 'chats' });
}

it.each([
  [{ outcome: 'answered' }, 'answered'],
  [{ unfinishedShard: 'P#3', parkReason: 'bug' }, 'parked'],
  [{ unfinishedShard: 'U#3' }, 'unfinished'],
  // A bubble that was followed up: nothing waits under its key.
  [{ direction: 'out', followUp: 'person' }, 'gone'],
])('knows the fate of what only a later version can read: %j', async (fields, fate) => {
  const parked = parkedWith({ v: 99, ...fields });
  expect(await parked.readFate(aChat(), KEY)).toBe(fate);
});

it('says that another release can read it', async () => {
  const parked = parkedWith({ v: 99, unfinishedShard: 'P#3' });
  await expect(parked.readMessage(aChat(), KEY)).rejects.toThrow(/deploy the release/);
});
