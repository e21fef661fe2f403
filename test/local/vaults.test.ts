import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, expect, test } from 'vitest';
import { type LocalStack, startStack } from '#test/support/local-stack.ts';
import { runConcierge } from '#test/support/operator.ts';
import { SimulatorClient } from '#test/support/simulator-client.ts';
import { BAKERY, CLINIC } from '#test/support/webhooks.ts';

const data = mkdtempSync(join(tmpdir(), 'vaults-'));
let running: LocalStack | undefined;
afterEach(() => running?.close());
afterAll(() => rmSync(data, { recursive: true }));

const [FROM, LATER, LAST] = ['34600777001', '34600777002', '34600777003'];

function concierge(url: string, args: readonly string[], input = '') {
  return runConcierge([...args, '--local', url], {}, input);
}

/** Answers the customer with the shop's token: WhatsApp takes no other for its number. */
async function expectAnswer(simulator: SimulatorClient, to: string, from = FROM): Promise<void> {
  const before = (await simulator.textsTo(from)).length;
  await simulator.write(to, from, 'Open?');
  await expect.poll(async () => (await simulator.textsTo(from)).length).toBe(before + 1);
  // The process that has answered takes the next message, and no other is started.
  await expect.poll(() => ringsOf(simulator)).toBe(0);
}

test('secrets move to the tenants table and are opened there, by no other tenant and after no change', async () => {
  running = await startStack(['--data', data]);
  const before = new SimulatorClient(running.url);
  const ready = { registered: true, subscribed: true };
  const business = await before.business(ready);
  const { phone_number_id: number, account_id, access_token: token } = business;
  const fields = [
    '--name',
    'Shop',
    '--number',
    number,
    '--fallback-text',
    'Later.',
    '--purpose',
    'Sales.',
  ];
  const rest = ['--instructions-file', 'README.md', '--burst-wait', 'none'];
  const added = await concierge(running.url, ['tenant', 'add', 'shop', ...fields, ...rest], token);
  expect(added.exitCode, added.stdout + added.stderr).toBe(0);
  const ownSecret = ['secret', 'put', 'notices-secret', '--generate', '--tenant', 'bakery'];
  expect((await concierge(running.url, ownSecret)).exitCode).toBe(0);
  const migrated = await concierge(running.url, ['secret', 'migrate', '--to', 'tenants-table']);
  expect(migrated).toMatchObject({ exitCode: 0, stderr: '' });
  expect(migrated.stdout).toContain('Copied 3 secrets to tenants-table');
  await expectAnswer(before, number);
  const renamed = ['tenant', 'set', 'clinic', '--name', 'Renamed Clinic'];
  expect((await concierge(running.url, renamed)).exitCode).toBe(0);
  expect((await concierge(running.url, ['secret', 'migrate', '--finish'])).exitCode).toBe(1);
  await running.close();

  // The deployment: the same data, and functions that read the other vault.
  running = await startStack(['--data', data, '--vault', 'tenants-table']);
  const { url } = running;
  const simulator = new SimulatorClient(url);
  await simulator.business({ ...ready, phone_number_id: number, account_id });
  await simulator.replaceAccessTokens(number, [token]);
  // What the operator changed of a demo business is kept.
  const kept = await concierge(url, ['tenant', 'show', 'clinic', '--json']);
  expect(JSON.parse(kept.stdout).tenant).toMatchObject({ name: 'Renamed Clinic' });
  expect((await concierge(url, ownSecret)).stderr).toContain('There is a notices secret already');
  const finished = await concierge(url, ['secret', 'migrate', '--finish', '--json']);
  expect(JSON.parse(finished.stdout)).toMatchObject({ finished: true, removed: 3 });
  await expectAnswer(simulator, number);

  // KMS is down: who has the token goes on, who starts waits, and nothing is parked.
  await simulator.fault('kms', 'status:500', 1_000);
  await expectAnswer(simulator, number);
  await simulator.kill('processor', 'all');
  await simulator.write(number, LATER, 'Is it cold?');
  await expect.poll(async () => simulator.faultsLeft()).toBeLessThan(1_000);
  expect(await simulator.textsTo(LATER)).toEqual([]);
  await simulator.clearFaults();
  await expect.poll(() => simulator.textsTo(LATER)).toEqual(['You said: Is it cold?']);
  expect(await simulator.deadLetters()).toEqual([]);

  // Somebody who can write the table lends the clinic the shop's secret.
  await copySecret(url, 'shop', 'clinic');
  await simulator.kill('processor', 'all');
  await simulator.write(CLINIC, LAST, 'With whose token?');
  await expect.poll(async () => (await simulator.deadLetters()).length).toBe(1);
  expect(await simulator.deadLetters()).toMatchObject([{ reason: 'token' }]);
  expect(await simulator.textsTo(LAST)).toEqual([]);
  await expectAnswer(simulator, BAKERY, LATER);
  const doctor = await concierge(url, ['doctor', '--tenant', 'clinic', '--no-check']);
  expect(doctor.stdout).toContain('clinic: its secret has no access token');
  const told = [added, migrated, finished, doctor].map(({ stdout, stderr }) => stdout + stderr);
  expect([...told, ...running.functionLog()].join('\n')).not.toContain(token);
});

async function ringsOf(simulator: SimulatorClient): Promise<number> {
  const chats = (await simulator.queues()).filter(({ name }) => name.includes('ChatsQueue'));
  return chats.reduce((sum, { available, in_flight }) => sum + available + in_flight, 0);
}

async function copySecret(url: string, from: string, to: string): Promise<void> {
  const response = await fetch(`${url}/simulator/api/stack`);
  const stack = (await response.json()) as {
    aws_url: string;
    region: string;
    access_key_id: string;
    outputs: { TenantsTableName: string };
  };
  const client = new DynamoDBClient({
    endpoint: stack.aws_url,
    region: stack.region,
    credentials: { accessKeyId: stack.access_key_id, secretAccessKey: 'local' },
  });
  const TableName = stack.outputs.TenantsTableName;
  const keyOf = (id: string) => ({ pk: { S: `TENANT#${id}` }, sk: { S: 'SECRET' } });
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: keyOf(from) }));
  await client.send(new PutItemCommand({ TableName, Item: { ...Item, ...keyOf(to) } }));
  client.destroy();
}
