import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Callers } from '#local/callers.ts';
import { Faults } from '#local/faults.ts';
import { WebhookReceiver } from '#local/notices/webhook-receiver.ts';
import { listen, type RunningServer, startPeerServer } from '#local/peer-server.ts';
import { Feed } from '#local/simulator-api/feed.ts';
import { createSimulatorApi } from '#local/simulator-api/simulator-api.ts';
import { GraphApi } from '#local/whatsapp/graph-api.ts';
import { signAsMeta } from '#local/whatsapp/webhook-body.ts';
import { present } from '#test/support/builders.ts';
import { textWebhook } from '#test/support/webhooks.ts';
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
      run: async () => 'returned',
      queues: () => [],
      purge() {},
      redrive() {},
      putSecret: async () => false,
    },
    tenants: () => [],
    functions: () => [],
    metrics: () => ({}),
    alarms: () => ({}),
    deadLetters: () => [],
    receiver: new WebhookReceiver(),
    topics: { published: [] },
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

test('an app is told of itself, with its own secret only', async () => {
  const { id } = stage.world.app;
  expect(await call(id, appToken())).toEqual({ id, name: 'Concierge' });
  expect(await call(id, `${id}|wrong`)).toMatchObject({ error: { code: 190 } });
  expect(await call('600000000000009', `600000000000009|x`)).toMatchObject({
    error: { code: 190 },
  });
  expect(await call(id)).toMatchObject({ error: { code: 104 } });
  const other = await simulate('apps', { name: 'Shop', callback: '/webhook/shop' });
  expect(await call(id, `${other.id}|${other.secret}`)).toMatchObject({
    error: { code: 100, error_subcode: 33 },
  });
});

test('a business with an app of its own is served by that, at its own callback', async () => {
  const own = await simulate('apps', { name: 'Shop', callback: '/webhook/shop', secret: 's1' });
  const {
    phone_number_id: number,
    account_id: account,
    access_token: token,
  } = await simulate('businesses', { name: 'Shop', app_id: own.id, registered: true });
  expect(await debug(token, `${own.id}|s1`)).toMatchObject({
    data: { is_valid: true, app_id: own.id },
  });
  expect(await debug(token)).toMatchObject({ error: { code: 100 } });
  expect(await call(`${account}/subscribed_apps`, token)).toEqual({ data: [] });
  await call(`${account}/subscribed_apps`, token, { method: 'POST' });
  expect(await call(`${account}/subscribed_apps`, token)).toEqual({
    data: [{ whatsapp_business_api_data: { id: own.id, name: 'Shop' } }],
  });
  stage.world.receive({ to: number, from: MIRA, text: 'Shoes?' });
  await simulate('app', { app_id: own.id, secret: 's2' });
  stage.world.receive({ to: number, from: MIRA, text: 'Brown ones?' });
  stage.world.receive({ to: BAKERY.phoneNumberId, from: MIRA, text: 'Bread?' });
  const signedBy = ['s1', 's2', stage.world.app.secret];
  expect(stage.arrived.map(({ callback }) => callback)).toEqual([
    '/webhook/shop',
    '/webhook/shop',
    '/webhook',
  ]);
  for (const [index, { bytes, headers }] of stage.arrived.entries()) {
    expect(headers['x-hub-signature-256']).toBe(signAsMeta(bytes, signedBy[index] ?? ''));
  }
});

test('every app that is subscribed to an account gets its webhooks', async () => {
  const own = await simulate('apps', { name: 'Bakery', callback: '/webhook/bakery' });
  const app = present(stage.world.apps.find(own.id));
  stage.world.apps.subscribe(BAKERY.accountId, app, true);
  stage.world.receive({ to: BAKERY.phoneNumberId, from: MIRA, text: 'Bread?' });
  expect(stage.arrived.map(({ callback }) => callback)).toEqual(['/webhook', '/webhook/bakery']);
});

test('what an app signs for an account that it does not serve is not looked at', async () => {
  const own = await simulate('apps', { name: 'Shop', callback: '/webhook/shop', secret: 's1' });
  const forged = Buffer.from(
    textWebhook(BAKERY.phoneNumberId, [{ id: 'w', from: MIRA, text: '' }]),
  );
  stage.world.observe(forged, signAsMeta(forged, 's1'));
  expect(stage.world.transcript(BAKERY.phoneNumberId, MIRA)?.messages).toEqual([]);
  stage.world.apps.subscribe(BAKERY.accountId, present(stage.world.apps.find(own.id)), true);
  stage.world.observe(forged, signAsMeta(forged, 's1'));
  expect(stage.world.transcript(BAKERY.phoneNumberId, MIRA)?.messages).toHaveLength(1);
});

test.each([
  ['businesses', {}, 'name is required'],
  ['businesses', { name: 'X', phone_number_id: 'abc' }, 'digits'],
  ['businesses', { name: 'X', phone_number_id: BAKERY.phoneNumberId }, 'There is a number'],
  ['businesses', { name: 'X', registered: 'yes' }, 'true or false'],
  ['businesses', { name: 'X', app_id: '7' }, 'There is no app 7'],
  ['apps', { name: 'X' }, 'callback is required'],
  ['apps', { name: 'X', callback: 'https://elsewhere.example.com' }, 'a path of this address'],
  ['signup-codes', { account_id: '1' }, 'no account 1'],
])('%s %j is refused', async (path, body, hint) => {
  expect((await simulate(path, body)).error.message).toContain(hint);
});
