import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseAppId, parsePhoneNumberId, parseTenantId } from '#domain/ids.ts';
import { listen, type RunningServer } from '#local/peer-server.ts';
import type { MetaApp } from '#local/whatsapp/meta-app.ts';
import { present } from '#test/support/builders.ts';
import { type MetaStage, type Onboarded, startMeta } from '#test/support/meta-stage.ts';
import { Desk } from '#test/support/operator-desk.ts';

const SHOP = present(parseTenantId('shop'));
const APP = present(parseAppId('shop-app'));
const [SECRET, TOKEN] = ['hush-own-secret', 'hush-verify-token'];

let folder: string;
let meta: MetaStage;
let desk: Desk;
/** The app that the shop has made, and its number. */
let app: MetaApp;
let shop: Onboarded;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'own-app-'));
  desk = new Desk();
  meta = await startMeta(desk.clock.now());
  desk.graphUrl = meta.url;
  await desk.vault.write(
    { kind: 'platform' },
    { appId: meta.world.app.id, appSecrets: [meta.world.app.secret], verifyTokens: ['hush-v'] },
  );
  app = meta.world.apps.add({ name: 'Shop', callback: '/webhook/shop-app', secret: SECRET });
  shop = meta.business({ app_id: app.id });
});

afterEach(async () => {
  rmSync(folder, { recursive: true });
  await meta.close();
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function secret(args: readonly string[], input = ''): Promise<number> {
  desk.input = input;
  return desk.run('secret', ...args, '--app', APP, '--local');
}

async function putAll(): Promise<void> {
  expect(await secret(['put', 'app-id'], app.id)).toBe(0);
  expect(await secret(['put', 'app-secret'], SECRET)).toBe(0);
  expect(await secret(['put', 'verify-token'], TOKEN)).toBe(0);
}

function add(id: string, { number, token }: Onboarded, ...args: readonly string[]) {
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
  const files = ['--instructions-file', file('how', 'Sell.'), '--token-file', file('t', token)];
  return desk.run('tenant', 'add', id, '--local', ...fields, ...files, ...args);
}

async function heldBy() {
  return (await desk.vault.read({ kind: 'app', id: APP }))?.fields;
}

function expectSilence(): void {
  for (const value of [SECRET, TOKEN, shop.token]) expect(desk.out + desk.err).not.toContain(value);
}

describe('its secret', () => {
  test('is made value by value, beside the platform’s, and rotates like that', async () => {
    expect(await secret(['put', 'app-id'], app.id)).toBe(0);
    expect(desk.out).toContain('secret app/shop-app');
    expect(desk.out).toContain('Still missing there: app-secret, verify-token');
    expect(desk.out).toContain('secret put <what> --app shop-app --local');
    expect(desk.out).toContain('No tenant has the app shop-app yet');
    expect(await secret(['put', 'app-secret'], 'hush-of-another')).toBe(1);
    await secret(['put', 'app-secret'], SECRET);
    expect(await secret(['put', 'verify-token', '--generate'])).toBe(0);
    expect(desk.out).not.toContain('Still missing');
    app.resetSecret('hush-next');
    expect(await secret(['rotate', 'app-secret', '--overlap', '1m'], 'hush-next')).toBe(0);
    expect(desk.out).toContain('rotate app-secret --finish --app shop-app --local');
    expect(await heldBy()).toMatchObject({ appSecrets: ['hush-next', SECRET] });
    expect(await secret(['show-age'])).toBe(0);
    expect(desk.out).toMatch(/app\/shop-app +app-secret +0 s +2 +20/);
    desk.clock.advance(60_000);
    expect(await secret(['rotate', 'app-secret', '--finish'])).toBe(0);
    expect(await heldBy()).toMatchObject({ appSecrets: ['hush-next'] });
    const shared = await desk.vault.read({ kind: 'platform' });
    expect(shared?.fields).toMatchObject({ appSecrets: [meta.world.app.secret] });
    expectSilence();
  });
});

test('the audit trail says whose value was put or rotated', async () => {
  await putAll();
  app.resetSecret('hush-next');
  await secret(['rotate', 'app-secret'], 'hush-next');
  const { actions } = await desk.audit.list({ tenant: undefined, sinceMs: 0 });
  expect(actions.map(({ fields }) => fields)).toEqual([
    ['shop-app/app-id'],
    ['shop-app/app-secret'],
    ['shop-app/verify-token'],
    ['shop-app/app-secret'],
  ]);
});

describe('a tenant that brings one', () => {
  test('is checked with it, bound to it, and told its own callback URL', async () => {
    await putAll();
    expect(await add('shop', shop, '--app', APP)).toBe(0);
    expect(desk.out).toContain('Callback URL    https://hooks.example.com/webhook/shop-app');
    expect(desk.out).toContain('In the dashboard of shop-app');
    expect(desk.out).toContain('verifyTokens in secret app/shop-app');
    expectSilence();
    expect(await desk.register.find(SHOP)).toMatchObject({ tenant: { app: APP } });
    expect(await desk.register.findApp(APP)).toEqual({
      tenantId: SHOP,
      accountIds: [shop.account],
    });
    expect(await desk.run('tenant', 'show', 'shop', '--yaml', '--local')).toBe(0);
    expect(desk.out).toContain('app: shop-app');
    expect(await desk.run('secret', 'show-age', '--tenants', '--local')).toBe(0);
    expect(desk.out).toMatch(/app\/shop-app +verify-token/);
  });

  test('shows its own verify token where that is asked for, also as JSON', async () => {
    await putAll();
    const args = ['--app', APP, '--show-verify-token', '--json'];
    expect(await add('shop', shop, ...args)).toBe(0);
    expect(JSON.parse(desk.out).dashboard).toMatchObject({
      callbackUrl: 'https://hooks.example.com/webhook/shop-app',
      verifyToken: TOKEN,
      verifyTokenIn: 'app/shop-app',
    });
  });

  test('is subscribed to by its own app', async () => {
    await putAll();
    const late = meta.business({ app_id: app.id, subscribed: false });
    expect(await add('shop', late, '--app', APP)).toBe(1);
    expect(desk.out).toContain('failed   Our app does not get the webhooks of the account');
    expect(await add('shop', late, '--app', APP, '--subscribe')).toBe(0);
    expect(meta.world.apps.subscribedTo(late.account)).toEqual([app]);
  });

  test('needs a token of that app, and the shared app one of its own', async () => {
    await putAll();
    expect(await add('shop', meta.business(), '--app', APP)).toBe(1);
    expect(desk.out).toContain(`failed   The token is of another app than ours (${app.id})`);
    expect(await add('shop', shop)).toBe(1);
    expect(desk.out).toContain('failed   The token is of another app');
    expect(await desk.register.findApp(APP)).toBeUndefined();
  });

  test('needs its values first', async () => {
    expect(await add('shop', shop, '--app', APP)).toBe(1);
    expect(desk.err).toContain('appId in the secret of app shop-app');
    expect(await add('shop', shop, '--app', 'Not An App')).toBe(2);
    expect(desk.err).toContain('app: must be lower-case letters');
  });

  test('has it for itself', async () => {
    await putAll();
    expect(await add('shop', shop, '--app', APP)).toBe(0);
    const other = meta.business({ app_id: app.id });
    expect(await add('other', other, '--app', APP)).toBe(1);
    expect(desk.err).toContain('App shop-app is taken by tenant shop; nothing was changed');
    expect(await desk.register.find(present(parseTenantId('other')))).toBeUndefined();
    expect(await desk.register.ownerOf(present(parsePhoneNumberId(other.number)))).toBeUndefined();
    // Both at once: the claim decides, and whoever loses leaves no trace.
    desk.register.findApp = async () => undefined;
    expect(await add('other', other, '--app', APP)).toBe(1);
    expect(await desk.register.find(present(parseTenantId('other')))).toBeUndefined();
    expect(
      await desk.vault.read({ kind: 'tenant', id: present(parseTenantId('other')) }),
    ).toBeUndefined();
  });

  test('goes through Embedded Signup of its own app', async () => {
    await putAll();
    const grant = {
      scopes: ['whatsapp_business_messaging', 'whatsapp_business_management'],
      accountIds: [shop.account],
      expiresAtMs: undefined,
    };
    const fields = [
      '--name',
      'Shop',
      '--fallback-text',
      'Later.',
      '--purpose',
      'Sales.',
      '--app',
      APP,
    ];
    const rest = ['--instructions-file', file('how', 'Sell.'), '--account', shop.account];
    desk.input = app.issueCode(grant).code;
    expect(await desk.run('tenant', 'connect', 'shop', '--local', ...fields, ...rest)).toBe(0);
    expect(await desk.register.findApp(APP)).toMatchObject({ accountIds: [shop.account] });
    desk.input = app.issueCode(grant).code;
    const again = ['tenant', 'connect', 'shop', '--local', '--account', shop.account];
    expect(await desk.run(...again)).toBe(0);
    expect(await desk.register.find(SHOP)).toMatchObject({ tenant: { app: APP } });
  });

  test('keeps it when something else changes, and has its new accounts bound', async () => {
    await putAll();
    await add('shop', shop, '--app', APP);
    await desk.run('tenant', 'suspend', 'shop', '--local');
    await desk.run('tenant', 'resume', 'shop', '--local');
    const second = meta.business({ app_id: app.id });
    const grant = {
      scopes: ['whatsapp_business_messaging', 'whatsapp_business_management'],
      accountIds: [shop.account, second.account],
      expiresAtMs: undefined,
    };
    desk.input = app.issueToken(grant);
    const put = ['secret', 'put', 'access-token', '--tenant', 'shop', '--local'];
    expect(await desk.run(...put)).toBe(0);
    const numbers = ['--number', shop.number, '--number', second.number];
    expect(await desk.run('tenant', 'set', 'shop', '--local', ...numbers)).toBe(0);
    expect(await desk.register.findApp(APP)).toMatchObject({
      tenantId: SHOP,
      accountIds: expect.arrayContaining([second.account]),
    });
  });

  test('that is another’s by now keeps its secret when the tenant is removed', async () => {
    await putAll();
    await add('shop', shop, '--app', APP);
    await desk.register.releaseApp(APP, SHOP);
    const other = present(parseTenantId('other'));
    await desk.register.claimApp(APP, { tenantId: other, accountIds: [] });
    expect(await desk.run('tenant', 'remove', 'shop', '--yes', '--local')).toBe(0);
    expect(desk.out).not.toContain('the secret of its app');
    expect(await heldBy()).toMatchObject({ appSecrets: [SECRET] });
    expect(await desk.register.findApp(APP)).toMatchObject({ tenantId: other });
  });

  test('is removed also where it was interrupted after its secret', async () => {
    await putAll();
    await add('shop', shop, '--app', APP);
    const { releaseApp } = desk.register;
    desk.register.releaseApp = () => Promise.reject(new Error('no network'));
    expect(await desk.run('tenant', 'remove', 'shop', '--yes', '--local')).toBe(1);
    desk.register.releaseApp = releaseApp;
    expect(await desk.run('tenant', 'remove', 'shop', '--yes', '--local')).toBe(0);
    expect(await desk.register.findApp(APP)).toBeUndefined();
    expect(await heldBy()).toBeUndefined();
  });

  test('that is another’s by now is said to be so, with what was changed', async () => {
    await putAll();
    await add('shop', shop, '--app', APP);
    await desk.register.releaseApp(APP, SHOP);
    const other = present(parseTenantId('other'));
    await desk.register.claimApp(APP, { tenantId: other, accountIds: [] });
    expect(await desk.run('tenant', 'set', 'shop', '--local', '--name', 'Roses')).toBe(1);
    expect(desk.err).toContain(
      'shop was changed (name), but its app shop-app is bound to tenant other',
    );
    expect(desk.err).not.toContain('nothing was changed');
    expect(await desk.register.find(SHOP)).toMatchObject({ tenant: { name: 'Roses' } });
    const { actions } = await desk.audit.list({ tenant: SHOP, sinceMs: 0 });
    expect(actions.at(-1)).toMatchObject({ end: { outcome: 'failed', changed: ['name'] } });
  });

  test('is removed with it and its secret', async () => {
    await putAll();
    await add('shop', shop, '--app', APP);
    expect(await desk.run('tenant', 'remove', 'shop', '--yes', '--local')).toBe(0);
    expect(desk.out).toContain('the secret of its app, app/shop-app, likewise');
    expect(await desk.register.findApp(APP)).toBeUndefined();
    expect(await heldBy()).toBeUndefined();
  });
});

describe('a tenant of the shared app', () => {
  let bakery: Onboarded;
  beforeEach(async () => {
    bakery = meta.business();
    expect(await add('shop', bakery)).toBe(0);
  });

  const set = (...args: readonly string[]) => desk.run('tenant', 'set', 'shop', '--local', ...args);

  test('moves to its own when that is complete, and is told the rest', async () => {
    expect(await set('--app', APP)).toBe(1);
    await secret(['put', 'app-id'], app.id);
    await secret(['put', 'app-secret'], SECRET);
    expect(await set('--app', APP)).toBe(1);
    expect(desk.err).toContain('app/shop-app has no verify token');
    expect(await desk.register.findApp(APP)).toBeUndefined();
    await secret(['put', 'verify-token'], TOKEN);
    expect(await set('--app', APP)).toBe(0);
    expect(desk.out).toContain('shop: changed app; noticed within a minute');
    expect(desk.out).toContain('What the shared app brings of its numbers is still taken');
    expect(desk.out).toContain('secret put access-token --tenant shop --subscribe --local');
    expect(desk.out).toContain('https://hooks.example.com/webhook/shop-app');
    expect(await desk.register.findApp(APP)).toMatchObject({ accountIds: [bakery.account] });
    desk.input = app.issueToken({
      scopes: ['whatsapp_business_messaging', 'whatsapp_business_management'],
      accountIds: [bakery.account],
      expiresAtMs: undefined,
    });
    const put = ['secret', 'put', 'access-token', '--tenant', 'shop', '--subscribe', '--local'];
    expect(await desk.run(...put)).toBe(0);
    expect(meta.world.apps.subscribedTo(bakery.account)).toEqual([meta.world.app, app]);
  });

  test('moves back, and the app is nobody’s then', async () => {
    await putAll();
    await set('--app', APP);
    expect(await set('--file', file('back.yaml', 'app: null\n'))).toBe(0);
    expect(desk.out).toContain('What app shop-app brings is refused from now on');
    expect(await desk.register.findApp(APP)).toBeUndefined();
    expect(await heldBy()).toMatchObject({ appSecrets: [SECRET] });
  });

  test('gets no app of another tenant', async () => {
    await putAll();
    await desk.register.claimApp(APP, {
      tenantId: present(parseTenantId('other')),
      accountIds: [],
    });
    expect(await set('--app', APP)).toBe(1);
    expect(desk.err).toContain('App shop-app is taken by tenant other; nothing was changed');
    expect(await desk.register.find(SHOP)).toMatchObject({ tenant: { app: undefined } });
  });
});

describe('doctor', () => {
  let api: RunningServer;
  /** What the API answers, by method and path. */
  let answers: Record<string, [status: number, body: string]>;
  const asked: string[] = [];

  beforeEach(async () => {
    answers = {
      'GET /webhook/shop-app': [200, 'concierge-doctor'],
      'POST /webhook/shop-app': [401, ''],
    };
    asked.length = 0;
    api = await listen(
      createServer((request, response) => {
        const url = new URL(request.url ?? '', 'http://api');
        asked.push(url.searchParams.get('hub.verify_token') ?? '');
        const [status, body] = answers[`${request.method} ${url.pathname}`] ?? [404, ''];
        response.writeHead(status).end(body);
      }),
      0,
    );
    desk.webhookUrl = `${api.url}/webhook`;
    await putAll();
    await add('shop', shop, '--app', APP);
  });
  afterEach(() => api.close());

  const lookAtShop = () => desk.run('doctor', '--local', '--tenant', 'shop');

  test('looks at an own app as Meta would, with its credentials and its verify token', async () => {
    await lookAtShop();
    expect(desk.out).toContain(
      'ok       shop: GET /webhook/shop-app: 200, its verify token is taken',
    );
    expect(desk.out).toContain('ok       shop: POST /webhook/shop-app: 401');
    expect(desk.out).toContain('ok       shop: Our app gets the webhooks of the account');
    expect(desk.out).not.toContain('failed   shop');
    expect(asked).toContain(TOKEN);
    expectSilence();
  });

  test.each<[string, () => unknown, string]>([
    [
      'a route that knows another token',
      () => {
        answers['GET /webhook/shop-app'] = [403, ''];
      },
      'shop: GET /webhook/shop-app: 403 in place of 200',
    ],
    [
      'an answer that is no echo',
      () => {
        answers['GET /webhook/shop-app'] = [200, 'welcome'];
      },
      'failed   shop: GET /webhook/shop-app',
    ],
    [
      'a webhook that takes anything',
      () => {
        answers['POST /webhook/shop-app'] = [200, ''];
      },
      'shop: POST /webhook/shop-app: 200 in place of 401',
    ],
    [
      'an app that is not bound',
      () => desk.register.releaseApp(APP, SHOP),
      'shop: its app shop-app is not bound to it',
    ],
    [
      'an app that is bound without the account',
      () => desk.register.claimApp(APP, { tenantId: SHOP, accountIds: [] }),
      'shop: its app shop-app is not bound to it and its accounts',
    ],
    [
      'a secret without values',
      () => desk.vault.write({ kind: 'app', id: APP }, { appId: '1' }),
      'shop: secret app/shop-app lacks app-secret, verify-token',
    ],
    [
      'a secret that Meta does not take',
      () => app.resetSecret('hush-elsewhere'),
      "shop: Meta does not take the app's id together with its secret",
    ],
  ])('finds %s', async (_, spoil, words) => {
    await spoil();
    expect(await lookAtShop()).toBe(1);
    expect(desk.out).toContain(words);
    expectSilence();
  });

  test('warns where an account is not known', async () => {
    await desk.run('tenant', 'remove', 'shop', '--yes', '--local');
    await putAll();
    await add('shop', shop, '--app', APP, '--no-check');
    await lookAtShop();
    expect(desk.out).toContain(`warning  shop: the account of number ${shop.number} is not known`);
    await desk.run(
      'tenant',
      'set',
      'shop',
      '--local',
      '--number',
      `${shop.number}:${shop.account}`,
    );
    await lookAtShop();
    expect(desk.out).not.toContain('is not known');
  });

  test('repairs a binding by setting the tenant anew', async () => {
    await desk.register.releaseApp(APP, SHOP);
    expect(await desk.run('tenant', 'set', 'shop', '--local')).toBe(0);
    expect(await desk.register.findApp(APP)).toMatchObject({ tenantId: SHOP });
  });
});
