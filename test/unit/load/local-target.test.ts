import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { UsageError } from '#operator/operator-error.ts';
import { findLoadTarget } from '../../../load/targets/find-load-target.ts';
import { isLocalStack, localTarget } from '../../../load/targets/local-target.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
  vi.unstubAllEnvs();
});

/** Answers as the simulator's API does, and remembers what it was told. */
async function aSimulator(answers: Readonly<Record<string, unknown>>) {
  const told: string[] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace('/simulator/api/', '');
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      if (request.method === 'POST') told.push(`${path} ${body}`);
      response.statusCode = path in answers || request.method === 'POST' ? 200 : 404;
      response.end(JSON.stringify(answers[path] ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, told };
}

const SCRIPTED = { kind: 'scripted', latency_ms: 40 };
const queue = (name: string, available: number, in_flight = 0) => ({ name, available, in_flight });

it('reads of a local stack what it counted, what waits, and what customers saw', async () => {
  const { url } = await aSimulator({
    stack: { aws_url: 'http://127.0.0.1:1' },
    model: SCRIPTED,
    metrics: { MessagesAccepted: 7, StatusesMerged: 1, StatusesUnmatched: 2 },
    queues: {
      queues: [
        queue('x-ChatsQueue.fifo', 2, 3),
        queue('x-EventsQueue', 1),
        queue('x-JobsQueue', 50),
        queue('x-JobsDeadLetters', 4),
      ],
    },
    'chats/100000000000001': {
      chats: [{ messages: [{ direction: 'out', at: 5, text: 'You said: load-ab-1' }] }],
    },
    'chats/100000000000002': { chats: [] },
  });
  expect(await isLocalStack(url)).toBe(true);
  const { witness, numbers } = await localTarget(url, undefined, async () => undefined);
  expect(await witness?.look()).toMatchObject({
    counts: { accepted: 7, handled: 3 },
    backlog: 6,
    deadLetters: 4,
  });
  expect([...((await witness?.readAnswers?.())?.times ?? [])]).toEqual([['load-ab-1', 1]]);
  expect(numbers).toMatchObject({ noisy: ['100000000000001'], quiet: ['100000000000002'] });
});

it('makes the model as slow as a real one for the run, and leaves all as it was', async () => {
  const { url, told } = await aSimulator({ model: SCRIPTED });
  let closed = 0;
  const target = await localTarget(url, undefined, async () => {
    closed += 1;
  });
  expect(told).toEqual(['model {"latency_ms":3000}', 'statuses {"delivery":"lost"}']);
  await target.close();
  expect(told.slice(2)).toEqual(['statuses {"delivery":"normal"}', 'model {"latency_ms":40}']);
  expect(closed).toBe(1);
});

it('sends nothing where the real OpenAI would have to be paid', async () => {
  const { url, told } = await aSimulator({ model: { kind: 'openai' } });
  const target = localTarget(url, undefined, async () => undefined);
  await expect(target).rejects.toThrow(UsageError);
  expect(told).toEqual([]);
});

it('is no local stack where something else answers, or nobody', async () => {
  const { url } = await aSimulator({});
  expect(await isLocalStack(url)).toBe(false);
  for (const end of ends.splice(0)) end();
  vi.unstubAllEnvs();
  expect(await isLocalStack('http://127.0.0.1:1')).toBe(false);
});

it('sends nothing to an address where nothing answers, and says so', async () => {
  vi.stubEnv('LOAD_APP_SECRET', 'any');
  const target = { url: 'http://127.0.0.1:9', isLocal: false };
  await expect(findLoadTarget({ scenarios: [], target })).rejects.toThrow(
    'Nothing answers at http://127.0.0.1:9',
  );
});
