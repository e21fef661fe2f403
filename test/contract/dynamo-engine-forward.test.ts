import { afterEach, expect, test } from 'vitest';
import { Callers } from '#local/callers.ts';
import { VirtualClock } from '#local/clock.ts';
import { DynamoEngineError, type TableDefinition } from '#local/dynamodb/dynamo-engine.ts';
import { forwardDynamo } from '#local/dynamodb/forward-dynamo.ts';
import { startDynamoEngine } from '#local/dynamodb/start-dynamo-engine.ts';
import { Faults } from '#local/faults.ts';
import { startPeerServer } from '#local/peer-server.ts';

const NOTES: TableDefinition = {
  TableName: 'notes',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  timeToLiveAttribute: 'expiresAt',
};

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

/** A DynamoDB at an address of its own; it refuses what carries no signature, as they all do. */
async function aDistantDynamo() {
  const engine = await startDynamoEngine({
    clock: new VirtualClock(),
    region: 'eu-central-1',
    accountId: '000000000000',
  });
  toClose.push(() => engine.close());
  const faults = new Faults();
  const server = await startPeerServer(
    {
      peerOf: () => 'dynamodb',
      respond: ({ headers, body }) => {
        const target = String(headers['x-amz-target']);
        expect(target).toMatch(/^DynamoDB_20120810\./);
        expect(headers.authorization).toMatch(
          /^AWS4-HMAC-SHA256 Credential=\w+\/\d{8}\/eu-central-1/,
        );
        return engine.handle(target.slice(target.indexOf('.') + 1), body.toString());
      },
      refuse: ({ kind }) => ({ status: 503, body: kind }),
    },
    { faults, callers: new Callers(faults) },
  );
  toClose.push(() => server.close());
  return { engine, faults, endpoint: server.url };
}

test('tables are created at the other endpoint, with their time to live', async () => {
  const distant = await aDistantDynamo();
  const forward = forwardDynamo({ endpoint: distant.endpoint, region: 'eu-central-1' });
  await forward.createTable(NOTES);
  const { body } = await distant.engine.handle('DescribeTimeToLive', '{"TableName":"notes"}');
  expect(JSON.parse(body).TimeToLiveDescription).toEqual({
    TimeToLiveStatus: 'ENABLED',
    AttributeName: 'expiresAt',
  });
});

test('tables that are there already keep their items', async () => {
  const distant = await aDistantDynamo();
  await distant.engine.createTable(NOTES);
  const put = { TableName: 'notes', Item: { pk: { S: 'kept' } } };
  await distant.engine.handle('PutItem', JSON.stringify(put));
  const forward = forwardDynamo({ endpoint: distant.endpoint, region: 'eu-central-1' });
  await forward.createTable(NOTES);
  expect(await forward.scan('notes')).toEqual([{ pk: { S: 'kept' } }]);
});

test('calls and their errors pass through', async () => {
  const distant = await aDistantDynamo();
  const forward = forwardDynamo({ endpoint: distant.endpoint, region: 'eu-central-1' });
  const get = '{"TableName":"none","Key":{"pk":{"S":"a"}}}';
  const { status, body } = await forward.handle('GetItem', get);
  expect(status).toBe(400);
  expect(body).toBe((await distant.engine.handle('GetItem', get)).body);
});

test('an endpoint that fails while tables are created is an error that says so', async () => {
  const distant = await aDistantDynamo();
  distant.faults.arm('dynamodb', { kind: 'status', status: 503 }, 1);
  const forward = forwardDynamo({ endpoint: distant.endpoint, region: 'eu-central-1' });
  await expect(forward.createTable(NOTES)).rejects.toThrow(
    new DynamoEngineError('CreateTable was answered with 503: status'),
  );
});
