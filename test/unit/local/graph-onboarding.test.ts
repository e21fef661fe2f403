import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Callers } from '#local/callers.ts';
import { Faults } from '#local/faults.ts';
import { listen, type RunningServer, startPeerServer } from '#local/peer-server.ts';
import { Feed } from '#local/simulator-api/feed.ts';
import { createSimulatorApi } from '#local/simulator-api/simulator-api.ts';
import { GraphApi } from '#local/whatsapp/graph-api.ts';
import { aWorld, BAKERY, MIRA } from '#test/support/whatsapp-world.ts';

let stage: ReturnType<typeof aWorld>;
let graph: RunningServer;
let simulator: RunningServer;

beforeEach(async () => {
  stage = aWorld();
  const faults = new Faults();
  graph = await startPeerServer(new GraphApi(stage.world), {
    faults,
    callers: new Callers(faults),
  });
  const api = createSimulatorApi({
    world: stage.world,
    faults,
    feed: new Feed(),
    model: undefined,
    cloud: {
      kill: () => 0,
      queues: () => [],
      purge() {},
      redrive() {},
      putSecret: async () => false,
    },
    tenants: () => [],
    functions: () => [],
    metrics: () => ({}),
    deadLetters: () => [],
    stack: () => ({}),
  });
  simulator = await listen(createServer(api), 0);
});

afterEach(async () => {
  await graph.close();
  await simulator.close();
});

// biome-ignore lint/suspicious/noExplicitAny: tests read deep into answers
async function json(response: Promise<Response>): Promise<any> {
  return (await response).json();
}

function simulate(path: string, body: object) {
  return json(
    fetch(`${simulator.url}/simulator/api/${path}`, { method: 'POST', body: JSON.stringify(body) }),
  );
}

function call(path: string, token?: string, init: RequestInit = {}) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return json(fetch(`${graph.url}/v26.0/${path}`, { headers, ...init }));
}

function appToken(): string {
  return `${stage.world.app.id}|${stage.world.app.secret}`;
}

function debug(token: string, caller = appToken()) {
  return call(`debug_token?input_token=${token}`, caller);
}

test('a new business can do nothing before its number is registered and the app subscribed', async () => {
  const {
    phone_number_id: number,
    account_id: account,
    access_token: token,
  } = await simulate('businesses', { name: 'Flower Shop' });
  const fields = await call(`${number}?fields=status,health_status`, token);
  expect(fields).toMatchObject({
    status: 'PENDING',
    health_status: { can_send_message: 'BLOCKED' },
  });
  expect(await call(`${account}/subscribed_apps`, token)).toEqual({ data: [] });
  expect(await call(`${account}/phone_numbers?fields=status`, token)).toEqual({
    data: [{ id: number, status: 'PENDING' }],
  });
  stage.world.receive({ to: number, from: MIRA, text: 'Roses?' });
  const reply = { messaging_product: 'whatsapp', to: MIRA, type: 'text', text: { body: 'Yes' } };
  const send = () =>
    call(`${number}/messages`, token, { method: 'POST', body: JSON.stringify(reply) });
  expect(await send()).toMatchObject({ error: { code: 133010 } });
  const register = (pin: string) =>
    call(`${number}/register`, token, {
      method: 'POST',
      body: JSON.stringify({ messaging_product: 'whatsapp', pin }),
    });
  expect(await register('12')).toMatchObject({ error: { code: 100 } });
  expect(await register('123456')).toEqual({ success: true });
  expect(await call(`${account}/subscribed_apps`, token, { method: 'POST' })).toEqual({
    success: true,
  });
  expect(await call(`${number}?fields=status`, token)).toMatchObject({ status: 'CONNECTED' });
  expect(await send()).toMatchObject({ messages: [{}] });
  expect(stage.arrived).toEqual([]);
  stage.world.receive({ to: number, from: MIRA, text: 'Red ones?' });
  await stage.pass(0);
  expect(stage.arrived).toHaveLength(1);
});

test('debug_token tells scopes, accounts and expiry, to the app only', async () => {
  const token = 'bakery-token';
  const both = ['whatsapp_business_management', 'whatsapp_business_messaging'];
  expect(await debug(token)).toMatchObject({
    data: {
      is_valid: true,
      app_id: '600000000000001',
      expires_at: 0,
      scopes: [...both, 'public_profile'],
      granular_scopes: both.map((scope) => ({ scope, target_ids: [BAKERY.accountId] })),
    },
  });
  expect(await debug('nobodys')).toMatchObject({ data: { is_valid: false, scopes: [] } });
  expect(await debug(token, '600000000000001|wrong')).toMatchObject({ error: { code: 190 } });
  expect(await call(`debug_token?input_token=${token}`)).toMatchObject({ error: { code: 104 } });
  expect(await call('debug_token', appToken())).toMatchObject({ error: { code: 100 } });
});

test('a token ends, and does only what it has the permission for', async () => {
  const short = await simulate('businesses', { name: 'Short', expires_in: 60 });
  expect(await call(short.phone_number_id, short.access_token)).toMatchObject({
    verified_name: 'Short',
  });
  await stage.pass(60_000);
  expect(await call(short.phone_number_id, short.access_token)).toMatchObject({
    error: { code: 190, error_subcode: 463 },
  });
  expect(await debug(short.access_token)).toMatchObject({ data: { is_valid: false } });
  const scopes = ['whatsapp_business_messaging'];
  const weak = await simulate('businesses', { name: 'Weak', scopes });
  expect(await call(`${weak.account_id}/subscribed_apps`, weak.access_token)).toMatchObject({
    error: { code: 10 },
  });
  expect(await call(`${BAKERY.accountId}/subscribed_apps`, 'clinic-token')).toMatchObject({
    error: { code: 100, error_subcode: 33 },
  });
});

test('a code of Embedded Signup is exchanged once, within 30 seconds, by the app', async () => {
  const account = { account_id: BAKERY.accountId };
  const exchange = (code: string, secret = stage.world.app.secret, id = stage.world.app.id) =>
    call(`oauth/access_token?client_id=${id}&client_secret=${secret}&code=${code}`);
  const { code } = await simulate('signup-codes', account);
  expect(await exchange(code, 'wrong')).toMatchObject({ error: { code: 1 } });
  expect(await exchange(code, undefined, '1')).toMatchObject({ error: { code: 101 } });
  const { access_token: token } = await exchange(code);
  expect(await debug(token)).toMatchObject({ data: { is_valid: true } });
  expect(await exchange(code)).toMatchObject({ error: { code: 100, error_subcode: 36009 } });
  const late = await simulate('signup-codes', { ...account, expires_in: 86_400 });
  await stage.pass(30_000);
  expect(await exchange(late.code)).toMatchObject({ error: { code: 100, error_subcode: 36007 } });
  expect(await exchange('made-up')).toMatchObject({ error: { code: 100 } });
});

test('a reset app secret signs from then on, and no other is the app’s', async () => {
  const former = appToken();
  expect(await simulate('app', { secret: 'next' })).toMatchObject({ secret: 'next' });
  expect(await debug('bakery-token', former)).toMatchObject({ error: { code: 190 } });
  expect(await debug('bakery-token')).toMatchObject({ data: { is_valid: true } });
});

test.each([
  ['businesses', {}, 'name is required'],
  ['businesses', { name: 'X', phone_number_id: 'abc' }, 'digits'],
  ['businesses', { name: 'X', phone_number_id: BAKERY.phoneNumberId }, 'There is a number'],
  ['businesses', { name: 'X', registered: 'yes' }, 'true or false'],
  ['signup-codes', { account_id: '1' }, 'no account 1'],
])('%s %j is refused', async (path, body, hint) => {
  expect((await simulate(path, body)).error.message).toContain(hint);
});
