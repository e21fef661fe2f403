import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, test } from 'vitest';
import { DynamoUnfinishedIndex } from '#adapters/dynamodb/dynamo-unfinished-index.ts';
import { chatPartition } from '#adapters/dynamodb/keys.ts';
import { aChat } from '#test/support/builders.ts';
import { stubClient } from '#test/support/stub-client.ts';

/** An index in which each shard has so many messages, and those of shard `U#0` are the oldest. */
function anIndex(sizeOf: (shard: string) => number) {
  const stub = stubClient(({ input }) => {
    const shard: string = input.ExpressionAttributeValues[':shard'].S;
    const from = Number(input.ExclusiveStartKey?.from?.N ?? 0);
    const to = Math.min(sizeOf(shard), from + input.Limit);
    const Items = Array.from({ length: to - from }, (_, index) =>
      marshall({
        pk: chatPartition(aChat()),
        sk: `MSG#${shard}.${from + index}`,
        acceptedAt: Number(shard.slice(2)) * 100_000 + from + index,
      }),
    );
    return { Items, ...(to < sizeOf(shard) && { LastEvaluatedKey: { from: { N: String(to) } } }) };
  });
  const client = stub.as<DynamoDBClient>();
  return { index: new DynamoUnfinishedIndex({ client, tableName: 'table' }), sent: stub.sent };
}

const WANTED = { acceptedBeforeMs: 1_000_000, limit: 5_000 };

test('one full shard is read as far as the others leave room', async () => {
  const { index } = anIndex((shard) => (shard === 'U#0' ? 4_500 : 10));
  expect(await index.listUnfinished(WANTED)).toHaveLength(4_500 + 7 * 10);
});

test('little more is read than is wanted where all shards are full', async () => {
  const { index, sent } = anIndex(() => 100_000);
  const listed = await index.listUnfinished(WANTED);
  expect(listed).toHaveLength(5_000);
  expect(listed[0]?.acceptedAtMs).toBe(0);
  expect(sent.length * 1_000).toBeLessThanOrEqual(WANTED.limit + 8 * 1_000);
});
