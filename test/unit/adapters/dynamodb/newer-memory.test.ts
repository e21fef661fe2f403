import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { DynamoChatMemories } from '#adapters/dynamodb/dynamo-chat-memories.ts';
import { writeBook, writeMemoryItem } from '#adapters/dynamodb/memory-record.ts';
import type { Item } from '#adapters/dynamodb/stored-record.ts';
import { aChat, aMemoryItem, TENANT_ID } from '#test/support/builders.ts';
import { ManualClock } from '#test/support/recorders.ts';
import { stubClient } from '#test/support/stub-client.ts';

const memory = {
  revision: 'r1',
  tenantId: TENANT_ID,
  beganAtMs: 1,
  headVersion: 4,
  extractedUpTo: 3,
  summarisedUpTo: 2,
  forgottenUpTo: 1,
  items: [aMemoryItem(), aMemoryItem({ id: 'm2' })],
};
const book = writeBook(aChat(), memory, 1);
const items = memory.items.map((item) => writeMemoryItem(aChat(), item, 4));
const later = (item: Item | undefined): Item => ({ ...item, v: { N: '9' } });

it.each([
  ['the book', [later(book), ...items], []],
  ['one item', [book, items[0] ?? {}, later(items[1])], ['m1']],
])(
  'reads as far as it can where a later release wrote %s, and writes nothing over it',
  async (_, stored, read) => {
    const conditions: unknown[] = [];
    const client = stubClient(({ name, input }) => {
      if (name !== 'QueryCommand') conditions.push([name, input.ExpressionAttributeValues]);
      return { Items: stored };
    }).as<DynamoDBClient>();
    const memories = new DynamoChatMemories({ client, tableName: 't', clock: new ManualClock() });
    const found = await memories.readWithHead(aChat());
    expect(found.stored.memory.items.map(({ id }) => id)).toEqual(read);
    // What is listed by nobody would be deleted.
    expect(found.stored.strays).toEqual([]);
    await memories.drop(aChat(), found.stored);
    // No stored revision is called so: DynamoDB refuses the write.
    expect(conditions).toEqual([
      ['DeleteItemCommand', { ':read': { S: 'newer-version' } }],
      ...read.map(() => expect.anything()),
    ]);
  },
);
