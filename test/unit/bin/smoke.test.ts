import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { findTarget } from '../../../bin/smoke/find-target.ts';
import { readSmokeOptions, UsageError } from '../../../bin/smoke/options.ts';
import { smokeTest } from '../../../bin/smoke/smoke-test.ts';

const READINESS = JSON.stringify({
  ready: false,
  checks: [
    { name: 'chat queue', ok: false },
    { name: 'tables', ok: true },
  ],
});

type Answer = (path: string, init: RequestInit) => number;

const healthy: Answer = (path, { headers, body }) => {
  if (path.startsWith('/webhook?')) return 403;
  if (path !== '/webhook') return 200;
  const good = `sha256=${createHmac('sha256', 'app-secret').update(String(body)).digest('hex')}`;
  return new Headers(headers).get('x-hub-signature-256') === good ? 200 : 401;
};

async function tried(answer: Answer, appSecret?: string) {
  const calls: string[] = [];
  const findings = await smokeTest(
    { url: 'https://api.example.com', appSecret },
    {
      fetch: async (url, init = {}) => {
        const path = url.replace('https://api.example.com', '');
        calls.push(path.replace(/\?.*/, '?'));
        return new Response(READINESS, { status: answer(path, init) });
      },
      pause: async () => undefined,
    },
  );
  const failed = findings.filter(({ verdict }) => verdict === 'failed');
  return { calls, findings, failed: failed.map(({ message }) => message) };
}

it('is content with what answers as it should, each asked once', async () => {
  const { calls, failed, findings } = await tried(healthy);
  expect(failed).toEqual([]);
  expect(calls.sort()).toEqual(['/healthz', '/readyz', '/webhook', '/webhook', '/webhook?']);
  // Without the app secret it does not claim that webhooks are taken.
  expect(findings.at(-1)).toMatchObject({
    verdict: 'warning',
    message: 'Not tried: a signed webhook',
  });
});

it('tells what is not ready, and asks again before it does', async () => {
  const { calls, failed } = await tried((path, init) =>
    path === '/readyz' ? 503 : healthy(path, init),
  );
  expect(failed).toEqual(['ready: 503 instead of 200: chat queue']);
  expect(calls.filter((path) => path === '/readyz')).toHaveLength(3);
});

it('fails what takes a webhook that nobody signed', async () => {
  const { failed } = await tried((path) => (path.startsWith('/webhook?') ? 403 : 200));
  expect(failed).toEqual([
    'no signature: 200 instead of 401',
    'wrong signature: 200 instead of 401',
  ]);
});

it('signs by the app secret, and fails what does not take it', async () => {
  expect((await tried(healthy, 'app-secret')).findings.map(({ verdict }) => verdict)).toEqual(
    Array(6).fill('ok'),
  );
  const { failed } = await tried(healthy, 'another secret');
  expect(failed).toEqual(['signed webhook: 401 instead of 200']);
});

it('fails what does not answer at all', async () => {
  const findings = await smokeTest(
    { url: 'https://api.example.com', appSecret: undefined },
    {
      fetch: async () => Promise.reject(new TypeError('fetch failed')),
      pause: async () => undefined,
    },
  );
  expect(findings.filter(({ verdict }) => verdict === 'failed')).toHaveLength(5);
});

it('finds a stage by its output, and says where nobody but Meta gets in', async () => {
  const account = (url?: string) => () => ({
    findStack: async () => ({ status: '', outputs: new Map(url ? [['WebhookUrl', url]] : []) }),
  });
  const options = readSmokeOptions(['staging']);
  if (options === 'help') throw new Error('only help');
  expect(await findTarget(options, account('https://x.example/webhook'))).toEqual({
    kind: 'reachable',
    url: 'https://x.example',
  });
  await expect(findTarget(options, account())).rejects.toThrow('npm run deploy -- staging');
  expect(await findTarget(options, account(), () => true)).toMatchObject({ kind: 'unreachable' });
});

it.each([[[]], [['live']], [['ftp://x']], [['staging', 'prod']]])(
  'says what to try for %j',
  (argv) => {
    expect(() => readSmokeOptions(argv)).toThrow(UsageError);
  },
);

it.each([
  ['https://api.example.com', 'is the address right, and the DNS record there?'],
  ['http://127.0.0.1:3000', 'does npm start run here, and on this port?'],
])('says where to look when %s does not answer', async (url, advice) => {
  const findings = await smokeTest(
    { url, appSecret: undefined },
    { fetch: () => Promise.reject(new TypeError('fetch failed')), pause: async () => undefined },
  );
  expect(findings[0]).toMatchObject({ verdict: 'failed', advice });
});
