// `node tools/session-credentials.ts`: what credentials of its own per tenant would cost the processor
// (docs/adr/017-key-conditions-and-no-session-per-tenant.md). Everything is asked of a stub on loopback: CPU and
// memory are this machine's, waiting for STS is not measured.

import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
// The SDK's own STS client, which its credential providers bring along.
import { AssumeRoleCommand, STSClient } from '@aws-sdk/nested-clients/sts';
import { LeastRecent } from '../src/domain/least-recent.ts';
import { awsClientOptions } from '../src/runtime/aws-client-options.ts';

const REGION = 'eu-central-1';
const TENANTS = [1, 10, 100, 1_000];
const MODES = ['shared', 'client per tenant', 'client per tenant, one connection pool'] as const;
type Mode = (typeof MODES)[number];
/** Calls of one turn to the tables: four reads and nine writes, as `npm run cost` counts them. */
const CALLS_PER_TURN = 13;
const TURNS = 500;

interface Measured {
  /** From nothing to a client that has answered once, its credentials included. */
  readonly setUpCpuMs: number;
  readonly heapKb: number;
  readonly turnCpuMs: number;
}

/** Answers for STS and DynamoDB; counts connections. */
async function startStub() {
  const sockets = new Set<object>();
  const server = createServer((request, response) => {
    sockets.add(request.socket);
    request.resume().on('end', () => {
      const isTable = request.headers['x-amz-target'] !== undefined;
      response.setHeader('content-type', isTable ? 'application/x-amz-json-1.0' : 'text/xml');
      response.end(isTable ? '{}' : ASSUMED);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, sockets, server };
}

const ASSUMED = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIA0000000000000000</AccessKeyId><SecretAccessKey>${'s'.repeat(40)}</SecretAccessKey><SessionToken>${'t'.repeat(900)}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

async function assumeRole(sts: STSClient, tenant: number) {
  const { Credentials: credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: 'arn:aws:iam::000000000000:role/tenant',
      RoleSessionName: `tenant-${tenant}`,
      Tags: [{ Key: 'tenant', Value: `tenant-${tenant}` }],
      DurationSeconds: 3_600,
    }),
  );
  return {
    accessKeyId: credentials?.AccessKeyId ?? '',
    secretAccessKey: credentials?.SecretAccessKey ?? '',
    sessionToken: credentials?.SessionToken ?? '',
  };
}

/** In a process of its own, so that nothing is warm and the heap is only this mode's. */
async function measure(mode: Mode, tenants: number, url: string): Promise<Measured> {
  const own = { accessKeyId: 'own', secretAccessKey: 'own' };
  const base = { region: REGION, endpoint: url, ...awsClientOptions() };
  const sts = new STSClient({ ...base, credentials: own });
  const shared = new DynamoDBClient({ ...base, credentials: own });
  const { requestHandler } = shared.config;
  const clientOf = async (tenant: number) => {
    if (mode === 'shared') return shared;
    const credentials = await assumeRole(sts, tenant);
    return mode === 'client per tenant'
      ? new DynamoDBClient({ ...base, credentials })
      : new DynamoDBClient({ ...base, requestHandler, credentials });
  };
  const read = (client: DynamoDBClient) =>
    client.send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' }, sk: { S: 'b' } } }));
  // Loads what every client needs, so that the first tenant does not pay for all.
  await read(shared);
  await assumeRole(sts, 0);
  await read(await clientOf(0));

  const clients: DynamoDBClient[] = [];
  const before = heapBytes();
  const setUp = cpuMs();
  for (let tenant = 0; tenant < tenants; tenant += 1) {
    const client = await clientOf(tenant);
    await read(client);
    clients.push(client);
  }
  const setUpCpuMs = cpuMs() - setUp;
  const heapKb = (heapBytes() - before) / 1_024;
  const warm = cpuMs();
  for (let turn = 0; turn < TURNS; turn += 1) {
    const client = clients[(turn * 7) % tenants] ?? shared;
    for (let call = 0; call < CALLS_PER_TURN; call += 1) await read(client);
  }
  return { setUpCpuMs, heapKb, turnCpuMs: (cpuMs() - warm) / TURNS };
}

function heapBytes(): number {
  for (let times = 0; times < 3; times += 1) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** AssumeRole calls per turn of one process, with the credentials of so many tenants remembered for an hour. */
function callsPerTurn(tenants: number, remembered: number, turnsPerHour: number): number {
  const known = new LeastRecent<number, number>({ mostEntries: remembered });
  const [hours, hourMs] = [24, 3_600_000];
  let seed = 1;
  const next = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  let calls = 0;
  for (let turn = 0; turn < turnsPerHour * hours; turn += 1) {
    const nowMs = (turn / turnsPerHour) * hourMs;
    // A few tenants have most of the turns: the share of the kth falls as 1/k.
    const tenant = Math.floor(tenants ** next());
    if ((known.get(tenant) ?? 0) > nowMs) continue;
    known.set(tenant, nowMs + hourMs - 300_000);
    calls += 1;
  }
  return calls / (turnsPerHour * hours);
}

async function printAll(): Promise<void> {
  const stub = await startStub();
  console.log(
    'mode | tenants | CPU to set up, ms a tenant | heap, KB a tenant | CPU of a turn, ms | connections',
  );
  for (const mode of MODES) {
    for (const tenants of TENANTS) {
      stub.sockets.clear();
      const child = ['--expose-gc', import.meta.filename, mode, String(tenants), stub.url];
      const { setUpCpuMs, heapKb, turnCpuMs } = await inChild(child);
      const cells = [setUpCpuMs / tenants, heapKb / tenants, turnCpuMs].map((n) => n.toFixed(2));
      console.log([mode, tenants, ...cells, stub.sockets.size].join(' | '));
    }
  }
  stub.server.close();
  stub.server.closeAllConnections();
  console.log(
    '\nAssumeRole calls per turn of one process: tenants | remembered | 100 turns an hour | 1,000 | 10,000',
  );
  for (const tenants of [100, 1_000, 10_000]) {
    for (const remembered of [50, 200, 1_000]) {
      const cells = [100, 1_000, 10_000].map((n) =>
        callsPerTurn(tenants, remembered, n).toFixed(2),
      );
      console.log([tenants, remembered, ...cells].join(' | '));
    }
  }
}

async function inChild(args: readonly string[]): Promise<Measured> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, (error, stdout) =>
      error ? reject(error) : resolve(JSON.parse(stdout)),
    );
  });
}

const [mode, tenants, url] = process.argv.slice(2);
const chosen = MODES.find((each) => each === mode);
if (chosen && url) {
  process.stdout.write(JSON.stringify(await measure(chosen, Number(tenants), url)));
  process.exit(0);
}
await printAll();
