import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { realClock } from '#local/clock.ts';
import type { DynamoEngine } from '#local/dynamodb/dynamo-engine.ts';
import { startDynamoEngine } from '#local/dynamodb/start-dynamo-engine.ts';
import { TableMeter, type TableUse } from '../../../../tools/cost/table-meter.ts';

const CALL = { endpoint: '', principalId: 'AKIA' };
const TableName = 'stage-Conversations';

let engine: DynamoEngine;
let meter: TableMeter;
let used: TableUse[] = [];

beforeAll(async () => {
  engine = await startDynamoEngine({ clock: realClock(), region: 'r', accountId: '000000000000' });
  await engine.createTable({
    TableName,
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: ['pk', 'openAt'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    BillingMode: 'PAY_PER_REQUEST',
    GlobalSecondaryIndexes: [
      {
        IndexName: 'open',
        KeySchema: [{ AttributeName: 'openAt', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  });
  meter = new TableMeter(engine, (use) => used.push(use));
});
afterAll(() => engine.close());
beforeEach(() => {
  used = [];
});

function ask(operation: string, input: object) {
  return meter.handle(operation, JSON.stringify({ TableName, ...input }), CALL);
}

it('counts what a write costs the table and its index, by the item before and after it', async () => {
  await ask('PutItem', { Item: { pk: { S: 'a' }, openAt: { S: 'U#1' } } });
  const Key = { pk: { S: 'a' } };
  await ask('UpdateItem', {
    Key,
    UpdateExpression: 'SET words = :words',
    ExpressionAttributeValues: { ':words': { S: 'x'.repeat(2_000) } },
  });
  await ask('UpdateItem', { Key, UpdateExpression: 'REMOVE openAt' });
  await ask('DeleteItem', { Key });
  expect(used.map(({ operation, writeUnits }) => [operation, writeUnits])).toEqual([
    ['PutItem', 2],
    ['UpdateItem', 2],
    ['UpdateItem', 3],
    ['DeleteItem', 2],
  ]);
});

it('counts a write that was refused', async () => {
  const ConditionExpression = 'attribute_not_exists(pk)';
  const Item = { pk: { S: 'b' }, words: { S: 'x'.repeat(1_500) } };
  await ask('PutItem', { Item });
  const answer = await ask('PutItem', { Item: { pk: { S: 'b' } }, ConditionExpression });
  expect(answer.status).toBe(400);
  expect(used.map(({ writeUnits }) => writeUnits)).toEqual([2, 2]);
});

it('counts reads, also of what is not there, and hands on what was found', async () => {
  await engine.handle('PutItem', JSON.stringify({ TableName, Item: { pk: { S: 'c' } } }));
  const found = await ask('GetItem', { Key: { pk: { S: 'c' } }, ConsistentRead: true });
  expect(JSON.parse(found.body).Item).toEqual({ pk: { S: 'c' } });
  await ask('GetItem', { Key: { pk: { S: 'nobody' } } });
  const query = { KeyConditionExpression: 'openAt = :at', IndexName: 'open' };
  await ask('Query', { ...query, ExpressionAttributeValues: { ':at': { S: 'U#9' } } });
  expect(used.map(({ readUnits }) => readUnits)).toEqual([1, 0.5, 0.5]);
});

it('lets no operation pass that it cannot count', async () => {
  await expect(ask('TransactWriteItems', {})).rejects.toThrow('TransactWriteItems is not known');
});

it('tells what is kept in a table', async () => {
  await engine.handle('DeleteItem', JSON.stringify({ TableName, Key: { pk: { S: 'b' } } }));
  // The item `c`, of three bytes.
  expect(await meter.storedBytes('Conversations')).toBe(3 + 100);
});
