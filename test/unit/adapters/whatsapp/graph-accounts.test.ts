import { createServer } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { GraphAccounts } from '#adapters/whatsapp/graph-accounts.ts';
import { listen, type RunningServer } from '#local/peer-server.ts';
import { PHONE_NUMBER_ID } from '#test/support/builders.ts';

let server: RunningServer | undefined;
afterEach(() => server?.close());

const TOKEN = 'EAAhush';
const APP = { id: '600', secret: 'hush' };

async function metaThatSays(status: number, body: string, headers = {}): Promise<GraphAccounts> {
  server = await listen(
    createServer((_, response) => response.writeHead(status, headers).end(body)),
    0,
  );
  return new GraphAccounts({ baseUrl: server.url, version: 'v26.0', timeoutMs: 200 });
}

test.each<[string, number, string, object]>([
  [
    'an error that repeats the token',
    400,
    `{"error":{"message":"Malformed access token ${TOKEN}","code":190,"error_subcode":467}}`,
    { kind: 'refused', code: 190, subcode: 467 },
  ],
  ['no JSON', 502, '<html>', { kind: 'unreachable', code: 'HTTP status 502' }],
  ['a list', 200, '[]', { kind: 'unreachable', code: 'HTTP status 200' }],
  [
    'an error without a code',
    500,
    '{"error":{}}',
    { kind: 'unreachable', code: 'unexpected answer' },
  ],
  ['an answer of another shape', 200, '{}', { kind: 'unreachable', code: 'unexpected answer' }],
])('reduces %s to a code', async (_, status, body, expected) => {
  const meta = await metaThatSays(status, body);
  const answer = await meta.describeToken(TOKEN, APP);
  expect(answer).toEqual(expected);
  expect(JSON.stringify(answer)).not.toContain(TOKEN);
});

test('follows no redirect, which would carry the token elsewhere', async () => {
  const meta = await metaThatSays(302, '', { location: 'http://127.0.0.1:1/' });
  expect(await meta.describeNumber(PHONE_NUMBER_ID, TOKEN)).toMatchObject({ kind: 'unreachable' });
});

test('gives up a peer that does not answer, and names no address', async () => {
  server = await listen(
    createServer(() => {}),
    0,
  );
  const meta = new GraphAccounts({ baseUrl: server.url, version: 'v26.0', timeoutMs: 50 });
  expect(await meta.exchangeCode('hush', APP)).toEqual({
    kind: 'unreachable',
    code: 'TimeoutError',
  });
});

test('a permission without targets holds for all, and no expiry is for ever', async () => {
  const scopes = '[{"scope":"a"},{"scope":"b","target_ids":["1"]}]';
  const meta = await metaThatSays(
    200,
    `{"data":{"is_valid":true,"app_id":"600","scopes":["a","b"],"granular_scopes":${scopes},"expires_at":0}}`,
  );
  expect(await meta.describeToken(TOKEN, APP)).toEqual({
    kind: 'answered',
    value: {
      isValid: true,
      appId: '600',
      scopes: ['a', 'b'],
      targets: new Map([['b', ['1']]]),
      expiresAtMs: undefined,
    },
  });
});
