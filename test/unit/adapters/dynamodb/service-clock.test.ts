import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DynamoAuditTrail } from '#adapters/dynamodb/dynamo-audit-trail.ts';
import { ServiceClock } from '#adapters/dynamodb/service-clock.ts';
import { ManualClock } from '#test/support/recorders.ts';

const HERE = 1_790_400_000_500;
const HOUR_MS = 3_600_000;

let server: Server;
let client: DynamoDBClient;
/** What the service says in its answers; undefined: nothing. */
let date: Date | undefined;

beforeEach(async () => {
  server = createServer((_request, response) => {
    response.sendDate = false;
    if (date) response.setHeader('date', date.toUTCString());
    response.end('{"TableNames":[]}');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'any' },
  });
});

afterEach(async () => {
  client.destroy();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

it.each([
  ['an hour ahead', HERE - HOUR_MS, HERE - HOUR_MS - 500],
  ['an hour behind', HERE + HOUR_MS, HERE + HOUR_MS - 500],
  ['right to the second', HERE - 900, HERE],
])('tells the service’s time where this machine is %s', async (_what, there, expected) => {
  date = new Date(there);
  const clock = new ServiceClock(client, new ManualClock(HERE));
  expect(clock.now()).toBe(HERE);
  await client.send(new ListTablesCommand({}));
  expect(clock.now()).toBe(expected);
});

it('goes by this machine where the service tells no time', async () => {
  date = undefined;
  const clock = new ServiceClock(client, new ManualClock(HERE));
  await client.send(new ListTablesCommand({}));
  expect(clock.now()).toBe(HERE);
});

it('is the time of an audit entry, asked for before the first', async () => {
  date = new Date(HERE - HOUR_MS);
  const trail = new DynamoAuditTrail({ client, tableName: 't', clock: new ManualClock(HERE) });
  expect(await trail.now()).toBe(HERE - HOUR_MS - 500);
});
