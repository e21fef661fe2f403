import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { VirtualClock } from '#local/clock.ts';
import type { DynamoEngine, TableDefinition } from '#local/dynamodb/dynamo-engine.ts';
import { startDynamoEngine } from '#local/dynamodb/start-dynamo-engine.ts';

const START_MS = Date.UTC(2026, 10, 1);
const NOTES: TableDefinition = {
  TableName: 'notes',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'kind', AttributeType: 'S' },
  ],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byKind',
      KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
  timeToLiveAttribute: 'expiresAt',
};

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

async function anEngine(clock = new VirtualClock(START_MS), dataDirectory?: string) {
  const engine = await startDynamoEngine({
    clock,
    region: 'eu-central-1',
    accountId: '000000000000',
    ...(dataDirectory !== undefined && { dataDirectory }),
  });
  toClose.push(() => engine.close());
  return engine;
}

async function ask(engine: DynamoEngine, operation: string, input: object) {
  const { status, body } = await engine.handle(operation, JSON.stringify(input));
  return { status, body: JSON.parse(body) };
}

function put(engine: DynamoEngine, Item: object, more: object = {}) {
  return ask(engine, 'PutItem', { TableName: 'notes', Item, ...more });
}

test('a created table is active and its ARNs are those of the account', async () => {
  const engine = await anEngine();
  await engine.createTable(NOTES);
  const { body } = await ask(engine, 'DescribeTable', { TableName: 'notes' });
  expect(body.Table).toMatchObject({
    TableStatus: 'ACTIVE',
    TableArn: 'arn:aws:dynamodb:eu-central-1:000000000000:table/notes',
    GlobalSecondaryIndexes: [{ IndexName: 'byKind', IndexStatus: 'ACTIVE' }],
  });
});

test('a failed condition returns the item that made it fail, where that was asked for', async () => {
  const engine = await anEngine();
  await engine.createTable(NOTES);
  await put(engine, { pk: { S: 'a' }, text: { S: 'first' } });
  const condition = { ConditionExpression: 'attribute_not_exists(pk)' };
  const plain = await put(engine, { pk: { S: 'a' } }, condition);
  expect(plain.status).toBe(400);
  expect(plain.body.__type).toMatch(/#ConditionalCheckFailedException$/);
  expect(plain.body).not.toHaveProperty('Item');
  const asked = await put(
    engine,
    { pk: { S: 'a' } },
    { ...condition, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
  );
  expect(asked.body.Item).toEqual({ pk: { S: 'a' }, text: { S: 'first' } });
});

test('a failed condition on an item that is not there returns none', async () => {
  const engine = await anEngine();
  await engine.createTable(NOTES);
  const { body } = await ask(engine, 'UpdateItem', {
    TableName: 'notes',
    Key: { pk: { S: 'a' } },
    UpdateExpression: 'SET n = :one',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: { ':one': { N: '1' } },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  expect(body.__type).toMatch(/#ConditionalCheckFailedException$/);
  expect(body).not.toHaveProperty('Item');
});

test('fifty writers that create the same item have one winner', async () => {
  const engine = await anEngine();
  await engine.createTable(NOTES);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) =>
      put(
        engine,
        { pk: { S: 'a' }, writer: { N: String(n) } },
        {
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      ),
    ),
  );
  const [stored] = await engine.scan('notes');
  const losers = answers.filter(({ status }) => status === 400);
  expect(losers).toHaveLength(49);
  for (const { body } of losers) expect(body.Item).toEqual(stored);
});

test('a value that is assigned from another attribute is a copy of it', async () => {
  const engine = await anEngine();
  await engine.createTable(NOTES);
  await put(engine, { pk: { S: 'a' }, m: { M: { n: { N: '1' } } } });
  const nested = await ask(engine, 'UpdateItem', {
    TableName: 'notes',
    Key: { pk: { S: 'a' } },
    UpdateExpression: 'SET m.j = m, k = m, m.n = :two',
    ExpressionAttributeValues: { ':two': { N: '2' } },
    ReturnValues: 'ALL_NEW',
  });
  expect(nested.body.Attributes).toEqual({
    pk: { S: 'a' },
    k: { M: { n: { N: '1' } } },
    m: { M: { n: { N: '2' }, j: { M: { n: { N: '1' } } } } },
  });
});

test('an item is deleted some time after it expired, and no other is', async () => {
  const clock = new VirtualClock(START_MS);
  const engine = await anEngine(clock);
  await engine.createTable(NOTES);
  const seconds = START_MS / 1000;
  await put(engine, { pk: { S: 'soon' }, expiresAt: { N: String(seconds + 30) } });
  await put(engine, { pk: { S: 'later' }, expiresAt: { N: String(seconds + 3600) } });
  await put(engine, { pk: { S: 'never' } });
  await put(engine, { pk: { S: 'text' }, expiresAt: { S: String(seconds) } });
  await put(engine, { pk: { S: 'long ago' }, expiresAt: { N: '1' } });
  clock.advanceBy(60_000);
  await expect.poll(async () => keysOf(engine)).toEqual(['later', 'long ago', 'never', 'text']);
});

async function keysOf(engine: DynamoEngine) {
  return (await engine.scan('notes')).map(({ pk }) => pk?.S).sort();
}

test('the time to live of a table can be read, and is set once', async () => {
  const engine = await anEngine();
  await engine.createTable(NOTES);
  expect((await ask(engine, 'DescribeTimeToLive', { TableName: 'notes' })).body).toEqual({
    TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' },
  });
  const again = await ask(engine, 'UpdateTimeToLive', {
    TableName: 'notes',
    TimeToLiveSpecification: { Enabled: true, AttributeName: 'other' },
  });
  expect(again.body).toMatchObject({ message: 'TimeToLive is already enabled' });
});

test('a kept table keeps its items, and must have the keys that the template says', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'dynamo-'));
  toClose.push(() => rm(directory, { recursive: true }));
  const first = await startDynamoEngine({
    clock: new VirtualClock(START_MS),
    region: 'eu-central-1',
    accountId: '000000000000',
    dataDirectory: directory,
  });
  await first.createTable(NOTES);
  await put(first, { pk: { S: 'kept' } });
  await first.close();
  const second = await anEngine(new VirtualClock(START_MS), directory);
  await second.createTable(NOTES);
  expect(await keysOf(second)).toEqual(['kept']);
  const { GlobalSecondaryIndexes: _, ...withoutIndex } = NOTES;
  await expect(
    second.createTable({
      ...withoutIndex,
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    }),
  ).rejects.toThrow(/other keys or indexes/);
});

test('kept tables are their owner’s only, and one engine’s at a time', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'dynamo-'));
  toClose.push(() => rm(directory, { recursive: true }));
  await chmod(directory, 0o755);
  await anEngine(new VirtualClock(START_MS), directory);
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  const second = anEngine(new VirtualClock(START_MS), directory);
  await expect(second).rejects.toThrow(/another npm start keeps its data there/);
  const file = join(directory, 'file');
  await writeFile(file, '');
  await expect(anEngine(new VirtualClock(START_MS), file)).rejects.toThrow(/it is no folder/);
});

test('a scan reads every page', async () => {
  const engine = await anEngine();
  await engine.createTable(NOTES);
  const big = 'x'.repeat(300_000);
  for (let n = 0; n < 6; n += 1) {
    await put(engine, { pk: { S: `item-${n}` }, text: { S: big } });
  }
  expect(await keysOf(engine)).toHaveLength(6);
});

test.each([
  ['an operation that it lacks', 'ExecuteStatement', '{}', 'UnknownOperationException'],
  ['what is not JSON', 'PutItem', '{', 'SerializationException'],
  ['a number where a text belongs', 'PutItem', '{"TableName":1}', 'SerializationException'],
  ['a missing parameter', 'PutItem', '{}', 'ValidationException'],
  [
    'a table that is not there',
    'GetItem',
    '{"TableName":"none","Key":{"pk":{"S":"a"}}}',
    'ResourceNotFoundException',
  ],
  [
    'an expression with an unused value',
    'PutItem',
    '{"TableName":"notes","Item":{"pk":{"S":"a"}},"ConditionExpression":"attribute_exists(pk)","ExpressionAttributeValues":{":v":{"S":"a"}}}',
    'ValidationException',
  ],
])('refuses %s', async (_, operation, body, type) => {
  const engine = await anEngine();
  await engine.createTable(NOTES);
  const answer = await engine.handle(operation, body);
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.body).__type).toMatch(new RegExp(`#${type}$`));
});

test.each([
  [32, 200],
  [33, 400],
  [5000, 400],
])('answers a value that is nested %i levels deep with %i', async (levels, status) => {
  const engine = await anEngine();
  await engine.createTable(NOTES);
  const value = `${'{"L":['.repeat(levels)}{"S":"a"}${']}'.repeat(levels)}`;
  const item = `{"pk":{"S":"a"},"deep":${value}}`;
  const put = await engine.handle('PutItem', `{"TableName":"notes","Item":${item}}`);
  expect(put.status).toBe(status);
  const batch = `{"RequestItems":{"notes":[{"PutRequest":{"Item":${item}}}]}}`;
  expect((await engine.handle('BatchWriteItem', batch)).status).toBe(status);
});
