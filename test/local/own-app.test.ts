import { beforeAll, expect, test } from 'vitest';
import { useLocalStack } from '#test/support/local-stack.ts';
import { runConcierge } from '#test/support/operator.ts';
import type { BusinessAtMeta } from '#test/support/simulator-client.ts';
import {
  BAKERY,
  postWebhook,
  signatureOf,
  textWebhook,
  webhookBody,
} from '#test/support/webhooks.ts';

const local = useLocalStack();

const OWN = '/webhook/shop-app';
const SHARED_SECRET = 'local-app-secret';
const VERIFY_TOKEN = 'own-verify-token';
const NEXT_SECRET = 'a-new-own-secret';
const [MIRA, NOAH] = ['34600777001', '34600777002'];

let app: { readonly id: string; readonly secret: string };
let shop: BusinessAtMeta;

function concierge(args: readonly string[], input = '') {
  return runConcierge([...args, '--local', local().stack.url], {}, input);
}

async function done(args: readonly string[], input = '') {
  const result = await concierge(args, input);
  expect(result, args.join(' ')).toMatchObject({ exitCode: 0, stderr: '' });
  for (const secret of [app.secret, VERIFY_TOKEN, NEXT_SECRET, shop.access_token]) {
    expect(result.stdout).not.toContain(secret);
  }
  return result.stdout;
}

beforeAll(async () => {
  const { simulator } = local();
  app = await simulator.app({ name: 'Shop', callback: OWN });
  shop = await simulator.business({ name: 'Shop', app_id: app.id });
  const put = (what: string, value: string) =>
    done(['secret', 'put', what, '--app', 'shop-app'], value);
  await put('app-id', app.id);
  await put('app-secret', app.secret);
  await put('verify-token', VERIFY_TOKEN);
  const fields = ['--name', 'Shop', '--number', shop.phone_number_id, '--app', 'shop-app'];
  const rest = [
    '--fallback-text',
    'Later.',
    '--purpose',
    'Sales.',
    '--instructions-file',
    'README.md',
  ];
  const cures = ['--burst-wait', 'none', '--subscribe', '--register'];
  const added = await done(
    ['tenant', 'add', 'shop', ...fields, ...rest, ...cures],
    shop.access_token,
  );
  expect(added).toContain(`Callback URL    ${local().stack.url}${OWN}`);
});

let messages = 0;

/** A customer's message to a number, signed with an app secret. @returns the webhook's status */
async function post(number: string, secret: string, path = OWN): Promise<number> {
  messages += 1;
  const message = { id: `wamid.OWNAPP${messages}`, from: NOAH, text: 'Hello?' };
  return send(textWebhook(number, [message]), secret, path);
}

async function send(body: string, secret: string, path = OWN): Promise<number> {
  const signature = { 'x-hub-signature-256': signatureOf(body, secret) };
  return (await postWebhook(local().stack.url, body, signature, path)).status;
}

function verify(path: string, token: string): Promise<Response> {
  const query = new URLSearchParams({
    'hub.mode': 'subscribe',
    'hub.challenge': '4402918375',
    'hub.verify_token': token,
  });
  return fetch(`${local().stack.url}${path}?${query}`);
}

// First, since a wrong signature would use up the look for fresh secrets of the next half minute.
test('its app secret rotates while webhooks come, and none is refused', async () => {
  const { simulator } = local();
  const rotate = ['secret', 'rotate', 'app-secret', '--app', 'shop-app'];
  // Meta has it only after the reset, so it cannot be asked yet.
  const refused = await concierge(rotate, NEXT_SECRET);
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain("Meta does not take the app's id together with its secret");

  const statuses: number[] = [];
  const postWhile = async (work: Promise<unknown>, secret: () => string) => {
    let isOver = false;
    const ended = work.finally(() => {
      isOver = true;
    });
    while (!isOver) statuses.push(await post(shop.phone_number_id, secret()));
    await ended;
  };
  await postWhile(
    done([...rotate, '--no-check', '--overlap', '1h'], NEXT_SECRET),
    () => app.secret,
  );
  await simulator.resetAppSecret(NEXT_SECRET, app.id);
  const both = () => (messages % 2 === 0 ? app.secret : NEXT_SECRET);
  await postWhile(done(['secret', 'show-age', '--app', 'shop-app']), both);
  await simulator.write(shop.phone_number_id, '34600777007', 'Signed anew');
  await expect.poll(() => simulator.textsTo('34600777007')).toEqual(['You said: Signed anew']);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(statuses.length).toBeGreaterThan(10);
});

test('a tenant with its own app and one of the shared app are both answered', async () => {
  const { simulator } = local();
  await simulator.write(shop.phone_number_id, MIRA, 'Shoes?');
  await simulator.write(BAKERY, '34600777008', 'Bread?');
  await expect.poll(() => simulator.textsTo(MIRA)).toEqual(['You said: Shoes?']);
  await expect.poll(() => simulator.textsTo('34600777008')).toEqual(['You said: Bread?']);
  const healthy = JSON.parse(await done(['doctor', '--json']));
  expect(healthy).toMatchObject({ failed: 0, warnings: 0 });
});

test('each callback URL verifies by its own token, and tells nothing of others', async () => {
  const echoed = await verify(OWN, VERIFY_TOKEN);
  expect([echoed.status, await echoed.text()]).toEqual([200, '4402918375']);
  const statuses = [
    verify(OWN, 'local-verify-token'),
    verify('/webhook', VERIFY_TOKEN),
    verify('/webhook/nobodys-app', VERIFY_TOKEN),
    verify('/webhook/Not%20An%20App', VERIFY_TOKEN),
    verify(`${OWN}/more`, VERIFY_TOKEN),
  ].map(async (answer) => (await answer).status);
  expect(await Promise.all(statuses)).toEqual([403, 403, 403, 404, 404]);
});

test('whoever has an own app’s secret can do nothing to another tenant', async () => {
  const { simulator } = local();
  const before = await simulator.metrics();
  const wamid = 'wamid.FOREFRONT';
  const text = (number: string, words: string) =>
    textWebhook(number, [{ id: wamid, from: '34600777003', text: words }]);
  expect(await send(text(BAKERY, 'Forged'), NEXT_SECRET)).toBe(403);
  const status = { id: wamid, status: 'failed', timestamp: '1790400000', recipient_id: NOAH };
  const event = { statuses: [status], errors: [{ code: 131000 }] };
  expect(await send(webhookBody(BAKERY, event), NEXT_SECRET)).toBe(200);
  const account = [{ id: '200000000000001', changes: [{ field: 'account_update', value: {} }] }];
  expect(await send(JSON.stringify({ entry: account }), NEXT_SECRET)).toBe(200);
  for (const [secret, path] of [
    [NEXT_SECRET, '/webhook'],
    [SHARED_SECRET, OWN],
    [NEXT_SECRET, '/webhook/nobodys-app'],
  ] as const) {
    expect(await post(BAKERY, secret, path)).toBe(401);
  }
  await expect.poll(async () => (await simulator.metrics())['MessagesUnbound']).toBe(1);
  await expect.poll(async () => (await simulator.metrics())['EventsUnbound']).toBe(3);
  // The key of the forged message is free: the customer's own one with it is answered.
  expect(await send(text(BAKERY, 'Genuine'), SHARED_SECRET, '/webhook')).toBe(200);
  await expect.poll(() => simulator.textsTo('34600777003')).toEqual(['You said: Genuine']);
  const after = await simulator.metrics();
  const grown = (name: string) => (after[name] ?? 0) - (before[name] ?? 0);
  expect(grown('MessagesAccepted')).toBe(1);
  for (const untouched of ['MessagesDuplicate', 'StatusesUnmatched', 'EventsUnhandled']) {
    expect(grown(untouched), untouched).toBe(0);
  }
});

test('of a body with several numbers the tenant’s own is taken', async () => {
  const { simulator } = local();
  const one = (number: string, from: string) =>
    JSON.parse(textWebhook(number, [{ id: `wamid.BOTH${from}`, from, text: 'Both' }]));
  const entry = [one(BAKERY, '34600777004'), one(shop.phone_number_id, '34600777005')].flatMap(
    (body) => body.entry,
  );
  expect(await send(JSON.stringify({ entry }), NEXT_SECRET)).toBe(403);
  await expect.poll(() => simulator.textsTo('34600777005')).toEqual(['You said: Both']);
  expect(await simulator.textsTo('34600777004')).toEqual([]);
});

test('a number with its own app may also come by the shared one: it speaks for all', async () => {
  const { simulator } = local();
  const message = { id: 'wamid.SHARED', from: '34600777006', text: 'Moving' };
  const body = textWebhook(shop.phone_number_id, [message]);
  expect(await send(body, NEXT_SECRET)).toBe(200);
  await expect.poll(() => simulator.textsTo('34600777006')).toEqual(['You said: Moving']);
  const duplicates = async () => (await simulator.metrics())['MessagesDuplicate'] ?? 0;
  const before = await duplicates();
  expect(await send(body, SHARED_SECRET, '/webhook')).toBe(200);
  await expect.poll(duplicates).toBe(before + 1);
  expect(await simulator.textsTo('34600777006')).toEqual(['You said: Moving']);
});

test('the former app secret is refused once the rotation is finished', async () => {
  const { simulator } = local();
  await done(['secret', 'rotate', 'app-secret', '--app', 'shop-app', '--finish', '--force']);
  await simulator.kill('ingest', 'all');
  expect(await post(shop.phone_number_id, app.secret)).toBe(401);
  expect(await post(shop.phone_number_id, NEXT_SECRET)).toBe(200);
});

test('a tenant that is removed leaves no door behind, and no word of it all was logged', async () => {
  const { simulator, stack } = local();
  await done(['tenant', 'remove', 'shop', '--yes']);
  await simulator.kill('ingest', 'all');
  expect(await post(shop.phone_number_id, NEXT_SECRET)).toBe(401);
  const log = stack.functionLog().join('\n');
  expect(log).toContain('webhook_part_refused');
  for (const secret of [app.secret, NEXT_SECRET, VERIFY_TOKEN, 'Forged', 'FOREFRONT', '34600777']) {
    expect(log).not.toContain(secret);
  }
});
