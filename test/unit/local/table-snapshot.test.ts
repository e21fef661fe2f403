import { expect, test } from 'vitest';
import { realClock } from '#local/clock.ts';
import { call, type Item } from '#local/dynamodb/dynamo-engine.ts';
import { startDynamoEngine } from '#local/dynamodb/start-dynamo-engine.ts';
import { putBack, takeSnapshot } from '#local/restore/table-snapshot.ts';

const TABLE = 'Conversations';

function anItem(sk: string, text: string): Item {
  return { pk: { S: 'CHAT#1' }, sk: { S: sk }, text: { S: text } };
}

test('a table is put back as it was: changed, deleted and added items included', async () => {
  const engine = await startDynamoEngine({
    clock: realClock(),
    region: 'eu-central-1',
    accountId: '000000000000',
  });
  const put = (item: Item) => call(engine.handle, 'PutItem', { TableName: TABLE, Item: item });
  await engine.createTable({
    TableName: TABLE,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  });
  const before = [anItem('a', 'kept'), anItem('b', 'changed'), anItem('c', 'deleted')];
  for (const item of before) await put(item);
  const snapshot = await takeSnapshot(engine);
  await put(anItem('b', 'as it is now'));
  await put(anItem('d', 'added'));
  const Key = { pk: { S: 'CHAT#1' }, sk: { S: 'c' } };
  await call(engine.handle, 'DeleteItem', { TableName: TABLE, Key });
  expect(await engine.scan(TABLE)).not.toEqual(before);

  await putBack(engine, snapshot);
  expect(await engine.scan(TABLE)).toEqual(before);
  await engine.close();
});
