import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parsePhoneNumberId, parseTenantId } from '#domain/ids.ts';
import { CANARY_NUMBER, CANARY_TENANT_ID } from '#domain/tenant/canary-tenant.ts';
import { DEFAULT_HAND_OVER } from '#domain/tenant/handover-settings.ts';
import { DEFAULT_MANNERS } from '#domain/tenant/manners-settings.ts';
import { DEFAULT_MEMORY } from '#domain/tenant/memory-settings.ts';
import { DEFAULT_TERMS } from '#domain/tenant/terms.ts';
import { present } from '#test/support/builders.ts';
import { type MetaStage, type Onboarded, startMeta } from '#test/support/meta-stage.ts';
import { Desk } from '#test/support/operator-desk.ts';

let folder: string;
let meta: MetaStage;
let desk: Desk;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tenant-'));
  desk = new Desk();
  meta = await startMeta(desk.clock.now());
  desk.graphUrl = meta.url;
  await desk.vault.write(
    { kind: 'platform' },
    { appId: meta.world.app.id, appSecrets: [meta.world.app.secret], verifyTokens: ['hush-hush'] },
  );
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

function flowers({ number }: Pick<Onboarded, 'number'>, id = 'flowers'): string {
  return `id: ${id}
name: Flower Shop
numbers:
  - phoneNumberId: ${number}
instructions: |
  You answer for a flower shop.
fallbackText: We will get back to you.
manners:
  purpose: Sales.
`;
}

function add(business: Onboarded, ...args: readonly string[]): Promise<number> {
  const token = file('token', `${business.token}\n`);
  const yaml = file('flowers.yaml', flowers(business));
  return desk.run('tenant', 'add', '--local', '--file', yaml, '--token-file', token, ...args);
}

const FLOWERS = present(parseTenantId('flowers'));

async function stored() {
  const entry = await desk.register.find(FLOWERS);
  const secret = await desk.vault.read({ kind: 'tenant', id: FLOWERS });
  return { entry, secret: secret?.fields };
}

/** A few lines that stand for a billion words. */
const ALIAS_BOMB = [
  'a0: &a0 [x, x, x, x, x, x, x, x, x, x]',
  ...Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(10).fill(`*a${n}`)}]`),
].join('\n');

describe('add', () => {
  test('warns of a budget that one call in a long chat may exceed', async () => {
    expect(await add(meta.business(), '--budget-per-month', '0.001')).toBe(0);
    expect(desk.err).toContain('budget.perMonth is 0.001, and one call to gpt-6-luna');
  });

  test('takes on a business from a file, and finds its account by asking Meta', async () => {
    const business = meta.business();
    expect(await add(business)).toBe(0);
    const { entry, secret } = await stored();
    expect(entry).toMatchObject({
      tenant: {
        name: 'Flower Shop',
        status: 'active',
        instructions: 'You answer for a flower shop.',
        burstWait: { kind: 'adaptive' },
      },
      numbers: [{ phoneNumberId: business.number, accountId: business.account }],
    });
    expect(secret).toMatchObject({ accessToken: business.token });
    expect(secret).not.toHaveProperty('pin');
    expect(await desk.register.ownerOf(present(parsePhoneNumberId(business.number)))).toBe(FLOWERS);
    expect(desk.out).toContain('ok       The token never expires');
    expect(desk.out).toContain('Callback URL    https://hooks.example.com/webhook');
    for (const value of [business.token, 'hush-hush', meta.world.app.secret]) {
      expect(desk.out + desk.err).not.toContain(value);
    }
  });

  test('refuses the id and the number of the canary, which is in every stage', async () => {
    const business = meta.business();
    expect(await add({ ...business, number: `"${CANARY_NUMBER}"` })).toBe(2);
    expect(desk.err).toContain('numbers[0].phoneNumberId: is of the check that every stage has');
    const yaml = file('canary.yaml', flowers(business, CANARY_TENANT_ID));
    const args = ['--local', '--file', yaml, '--token-file', file('token', business.token)];
    expect(await desk.run('tenant', 'add', ...args)).toBe(2);
    expect(desk.err).toContain('id: is of the check that every stage has');
    expect(await desk.register.list()).toEqual([]);
  });

  test.each(['show', 'set', 'suspend', 'remove'])(
    'says what it is when asked to %s it',
    async (verb) => {
      const args = verb === 'set' ? ['--name', 'x'] : verb === 'remove' ? ['--yes'] : [];
      expect(await desk.run('tenant', verb, CANARY_TENANT_ID, '--local', ...args)).toBe(1);
      expect(desk.err).toContain('concierge-canary is the check that every stage has built in');
    },
  );

  test('shows the verify token only when asked to', async () => {
    expect(await add(meta.business(), '--show-verify-token')).toBe(0);
    expect(desk.out).toContain('Verify token    hush-hush');
  });

  test('takes JSON from standard input, and flags over it', async () => {
    const { number, token } = meta.business();
    desk.input = JSON.stringify({
      numbers: [{ phoneNumberId: number }],
      instructions: 'Sell.',
      fallbackText: 'Later.',
      manners: { purpose: 'Sales.' },
      name: 'Old name',
    });
    const args = ['--file', '-', '--token-file', file('token', token), '--name', 'New name'];
    expect(await desk.run('tenant', 'add', 'flowers', '--local', '--json', ...args)).toBe(0);
    expect(JSON.parse(desk.out)).toMatchObject({ added: true, tenant: 'flowers', checked: true });
    expect(await stored()).toMatchObject({ entry: { tenant: { name: 'New name' } } });
  });

  test('takes all from flags, and the token from standard input', async () => {
    const { number, account, token } = meta.business();
    desk.input = `${token}\n`;
    const flags = [
      '--name',
      'Flower Shop',
      '--number',
      `${number}:${account}`,
      '--burst-wait',
      '2.5',
    ];
    const texts = [
      '--instructions-file',
      file('how', 'Sell.'),
      '--fallback-text',
      'Later.',
      '--purpose',
      'Sales.',
    ];
    expect(await desk.run('tenant', 'add', 'flowers', '--local', ...flags, ...texts)).toBe(0);
    expect(await stored()).toMatchObject({
      entry: { tenant: { burstWait: { kind: 'fixed', seconds: 2.5 } } },
      secret: { accessToken: token },
    });
  });

  test('keeps what is said of retention and opting out, and forgets it with null', async () => {
    const { number, token } = meta.business();
    const optOut = { optOutWords: ['SCHLUSS', 'stopp'], optOutText: 'Gut.' };
    desk.input = JSON.stringify({
      name: 'Blumen',
      numbers: [{ phoneNumberId: number }],
      instructions: 'Sell.',
      fallbackText: 'Later.',
      manners: { purpose: 'Sales.' },
      ...optOut,
    });
    const args = ['--file', '-', '--token-file', file('token', token), '--retention-days', '365'];
    expect(await desk.run('tenant', 'add', 'flowers', '--local', ...args)).toBe(0);
    expect(await stored()).toMatchObject({ entry: { tenant: { retentionDays: 365, optOut } } });
    expect(await desk.run('tenant', 'show', 'flowers', '--local', '--yaml')).toBe(0);
    expect(desk.out).toContain('retentionDays: 365');
    expect(desk.out).toContain('- SCHLUSS');
    desk.input = JSON.stringify({ retentionDays: null, optOutWords: [] });
    expect(await desk.run('tenant', 'set', 'flowers', '--local', '--file', '-')).toBe(0);
    expect((await stored()).entry).toMatchObject({
      tenant: { retentionDays: undefined, optOut: { optOutWords: [], optOutText: 'Gut.' } },
    });
  });

  test('keeps when a person takes over, and when one is there; a part of it changes by itself', async () => {
    const { number, token } = meta.business();
    desk.input = JSON.stringify({
      name: 'Blumen',
      numbers: [{ phoneNumberId: number }],
      instructions: 'Sell.',
      manners: { purpose: 'Sells flowers.' },
      fallbackText: 'Later.',
      handOver: { lowConfidence: 'hand-over', personWords: ['Chef'] },
      hours: {
        timeZone: 'Europe/Berlin',
        locale: 'de',
        week: { mon: [{ from: '09:00', to: '18:00' }] },
        closed: ['2026-12-25'],
      },
    });
    const args = ['--file', '-', '--token-file', file('token', token)];
    expect(await desk.run('tenant', 'add', 'flowers', '--local', ...args)).toBe(0);
    const week = [[], [{ from: '09:00', to: '18:00' }], [], [], [], [], []];
    const hours = { timeZone: 'Europe/Berlin', locale: 'de', week, closed: ['2026-12-25'] };
    expect((await stored()).entry).toMatchObject({
      tenant: {
        hours,
        handOver: {
          ...DEFAULT_HAND_OVER,
          lowConfidence: 'hand-over',
          personWords: ['Chef'],
        },
      },
    });
    expect(await desk.run('tenant', 'show', 'flowers', '--local', '--yaml')).toBe(0);
    expect(desk.out).toContain('- Chef');
    expect(desk.out).toContain('timeZone: Europe/Berlin');
    desk.input = desk.out;
    expect(await desk.run('tenant', 'set', 'flowers', '--local', '--file', '-')).toBe(0);
    expect((await stored()).entry).toMatchObject({ tenant: { hours } });
    desk.input = JSON.stringify({ hours: null });
    expect(await desk.run('tenant', 'set', 'flowers', '--local', '--file', '-')).toBe(0);
    expect((await stored()).entry).toMatchObject({ tenant: { hours: undefined } });
  });

  test('keeps what is to be done with what customers send, each key by itself', async () => {
    const business = meta.business();
    expect(await add(business)).toBe(0);
    const media = { images: true, audio: true, documents: true, reactions: 'recorded' };
    expect((await stored()).entry).toMatchObject({ tenant: { media } });
    const set = async (file: object) => {
      desk.input = JSON.stringify(file);
      return desk.run('tenant', 'set', 'flowers', '--local', '--file', '-');
    };
    expect(await set({ media: { audio: false, transcriptionModel: 'gpt-hears' } })).toBe(0);
    expect(await set({ media: { reactions: 'answered' } })).toBe(0);
    expect(await set({ media: { transcriptionModel: null } })).toBe(0);
    expect((await stored()).entry).toMatchObject({
      tenant: { media: { ...media, audio: false, reactions: 'answered' } },
    });
    expect(await set({ media: { images: 'yes', vidoes: true } })).not.toBe(0);
    expect(desk.err).toContain('media.images');
    expect(desk.err).toContain('known are images, audio, documents, transcriptionModel, reactions');
  });

  test('has Meta register the number and subscribe the app, and keeps the PIN', async () => {
    const business = meta.business({ registered: false, subscribed: false });
    expect(await add(business)).toBe(1);
    expect(desk.out).toContain('failed   The number is not registered');
    expect(desk.out).toContain('failed   Our app does not get the webhooks of the account');
    expect(await stored()).toEqual({ entry: undefined, secret: undefined });
    expect(await add(business, '--subscribe', '--register')).toBe(0);
    expect(meta.world.numbers.isRegistered(business.number)).toBe(true);
    expect(meta.world.isSubscribed(business.account)).toBe(true);
    const { secret } = await stored();
    expect(secret).toMatchObject({
      accessToken: business.token,
      pin: expect.stringMatching(/^\d{6}$/),
    });
    expect(desk.out).not.toContain(String(secret?.['pin']));
  });

  test('keeps the PIN also where something else failed, and names the way on', async () => {
    const business = meta.business({ registered: false, subscribed: false });
    expect(await add(business, '--register')).toBe(1);
    const command = 'secret put access-token --tenant flowers --subscribe --local';
    expect(desk.err).toContain(`It was added, since its number is registered by now`);
    expect(desk.err).toContain(`npx concierge ${command}`);
    expect((await stored()).secret).toMatchObject({ pin: expect.stringMatching(/^\d{6}$/) });
    desk.input = business.token;
    expect(await desk.run(...command.split(' '))).toBe(0);
    expect(meta.world.isSubscribed(business.account)).toBe(true);
    expect((await stored()).secret).toMatchObject({ pin: expect.stringMatching(/^\d{6}$/) });
  });

  test('registers the number of a business that is there, with a PIN from a file', async () => {
    const business = meta.business({ registered: false, subscribed: true });
    expect(await add(business, '--no-check')).toBe(0);
    const put = (...options: readonly string[]) => {
      desk.input = business.token;
      return desk.run(
        ...['secret', 'put', 'access-token', '--tenant', 'flowers', '--local'],
        ...options,
      );
    };
    expect(await put()).toBe(1);
    expect(desk.out).toContain('--register does, with tenant add or secret put access-token');
    expect(await put('--register', '--pin-file', file('pin', '246810'))).toBe(0);
    expect(meta.world.numbers.isRegistered(business.number)).toBe(true);
    expect((await stored()).secret).toMatchObject({ pin: '246810' });
    expect(desk.out + desk.err).not.toContain('246810');
  });

  test('registers it again with the PIN that is kept', async () => {
    const business = meta.business({ registered: false, subscribed: true });
    expect(await add(business, '--no-check')).toBe(0);
    await desk.vault.write({ kind: 'tenant', id: FLOWERS }, { pin: '135790' });
    desk.input = business.token;
    const args = ['secret', 'put', 'access-token', '--tenant', 'flowers', '--register', '--local'];
    expect(await desk.run(...args)).toBe(0);
    expect(meta.world.numbers.isRegistered(business.number)).toBe(true);
    expect((await stored()).secret).toMatchObject({ pin: '135790' });
  });

  test('keeps the PIN of a business that is there also where something else failed', async () => {
    const business = meta.business({ registered: false, subscribed: false });
    expect(await add(business, '--no-check')).toBe(0);
    const args = ['secret', 'put', 'access-token', '--tenant', 'flowers', '--register', '--local'];
    desk.input = business.token;
    expect(await desk.run(...args)).toBe(1);
    expect(desk.err).toContain('It was stored, since a number is registered by now');
    expect((await stored()).secret).toMatchObject({ pin: expect.stringMatching(/^\d{6}$/) });
  });

  test.each([
    ['lacks whatsapp_business_management', { scopes: ['whatsapp_business_messaging'] }],
    ['lacks whatsapp_business_messaging and whatsapp_business_management', { scopes: [] }],
  ])('says that the token %s, and stores nothing', async (words, over) => {
    expect(await add(meta.business(over))).toBe(1);
    expect(desk.out).toContain(words);
    expect(desk.err).toContain('Nothing was stored');
    expect(await stored()).toEqual({ entry: undefined, secret: undefined });
  });

  test('warns of a token that expires soon, and refuses one that has expired', async () => {
    const soon = meta.business({ expires_in: 3 * 86_400 });
    expect(await add(soon)).toBe(0);
    expect(desk.out).toMatch(/warning {2}The token expires on 20..-..-.., in 3 days/);
    const token = meta.world.app.issueToken({
      scopes: [],
      accountIds: [soon.account],
      expiresAtMs: meta.world.now(),
    });
    const other = { ...meta.business(), token };
    const yaml = file('other.yaml', flowers(other, 'other'));
    const args = ['--file', yaml, '--token-file', file('token', token)];
    expect(await desk.run('tenant', 'add', '--local', ...args)).toBe(1);
    expect(desk.out).toContain('failed   The token has expired on');
  });

  test.each([
    ['a token that Meta does not know', { token: 'EAAmadeup' }, 'Meta does not know the token'],
    ['another’s number', { number: '100000000000002' }, 'has the number 100000000000002'],
  ])('refuses %s', async (_, over, words) => {
    expect(await add({ ...meta.business(), ...over })).toBe(1);
    expect(desk.out).toContain(words);
    expect(desk.out + desk.err).not.toContain('EAAmadeup');
  });

  test('refuses an account that is not the number’s', async () => {
    const [one, other] = [meta.business(), meta.business()];
    const yaml = file(
      'wrong.yaml',
      flowers(one).replace(one.number, `${one.number}\n    accountId: "${other.account}"`),
    );
    const args = ['--file', yaml, '--token-file', file('token', one.token)];
    expect(await desk.run('tenant', 'add', '--local', ...args)).toBe(1);
    expect(desk.out).toContain(`may not see account ${other.account} (error 100)`);
  });

  test('says that app id and secret do not belong together, or that they lack', async () => {
    const business = meta.business();
    expect(await add(business, '--app-id', '123456')).toBe(1);
    expect(desk.out).toContain("Meta does not take the app's id together with its secret");
    await desk.vault.write({ kind: 'platform' }, {});
    expect(await add(business)).toBe(1);
    expect(desk.err).toContain("the app's id (--app-id");
    expect(desk.err).toContain('--no-check');
    expect(await add(business, '--no-check')).toBe(0);
    expect(desk.out).toContain('Meta was not asked (--no-check)');
    expect(await stored()).toMatchObject({ secret: { accessToken: business.token } });
  });

  test('says that Meta cannot be reached', async () => {
    const business = meta.business();
    desk.graphUrl = 'http://127.0.0.1:1';
    expect(await add(business)).toBe(1);
    expect(desk.out).toMatch(/failed {3}Meta gave no answer \(/);
    expect(desk.out + desk.err).not.toContain(business.token);
  });

  test('refuses a tenant that exists and a number that is taken, and touches neither', async () => {
    const business = meta.business();
    expect(await add(business)).toBe(0);
    const before = await stored();
    expect(await add({ ...business, token: meta.business().token }, '--no-check')).toBe(1);
    expect(desk.err).toContain('There is a tenant flowers already; nothing was changed');
    const thief = file('thief.yaml', flowers(business, 'thief'));
    const args = ['--file', thief, '--token-file', file('token', business.token)];
    expect(await desk.run('tenant', 'add', '--local', ...args)).toBe(1);
    expect(desk.err).toContain(`Number ${business.number} is taken by tenant flowers`);
    expect(await stored()).toEqual(before);
    expect(await desk.register.list()).toHaveLength(1);
  });

  test('of two that claim a number at the same time one gets it, and the other leaves no trace', async () => {
    const business = meta.business();
    const token = file('token', business.token);
    const desks = ['one', 'other'].map((id) => {
      const each = Object.assign(new Desk(), { register: desk.register, vault: desk.vault });
      const yaml = file(`${id}.yaml`, flowers(business, id));
      const args = ['--no-check', '--file', yaml, '--token-file', token];
      return each.run('tenant', 'add', '--local', ...args);
    });
    expect((await Promise.all(desks)).sort()).toEqual([0, 1]);
    const [winner, ...others] = await desk.register.list();
    expect(others).toEqual([]);
    const number = present(parsePhoneNumberId(business.number));
    expect(await desk.register.ownerOf(number)).toBe(winner?.id);
    for (const id of ['one', 'other'].flatMap((text) => parseTenantId(text) ?? [])) {
      const secret = await desk.vault.read({ kind: 'tenant', id });
      expect(secret !== undefined).toBe(id === winner?.id);
    }
  });
});

describe('connect', () => {
  /** What a business hands over at the end of Embedded Signup. */
  function signUp(account: string, over: { accounts?: string[]; scopes?: string[] } = {}): string {
    return meta.world.app.issueCode({
      scopes: over.scopes ?? ['whatsapp_business_management', 'whatsapp_business_messaging'],
      accountIds: over.accounts ?? [account],
      expiresAtMs: undefined,
    }).code;
  }

  const fields = (): readonly string[] => [
    ...['--name', 'Flower Shop', '--fallback-text', 'Later.', '--purpose', 'Sales.'],
    ...['--instructions-file', file('how', 'You sell flowers.')],
  ];

  function connect(code: string, account: string, ...args: readonly string[]): Promise<number> {
    desk.input = `${code}\n`;
    return desk.run('tenant', 'connect', 'flowers', '--local', '--account', account, ...args);
  }

  test('binds the account that Meta confirms, registers its number and subscribes the app', async () => {
    const { number, account } = meta.business({ registered: false, subscribed: false });
    const code = signUp(account);
    expect(await connect(code, account, ...fields())).toBe(0);
    expect(desk.out).toContain(`Connected flowers: number ${number} of account ${account}`);
    expect(meta.world.numbers.isRegistered(number)).toBe(true);
    expect(meta.world.isSubscribed(account)).toBe(true);
    const { entry, secret } = await stored();
    expect(entry?.numbers).toEqual([{ phoneNumberId: number, accountId: account }]);
    expect(secret).toMatchObject({ pin: expect.stringMatching(/^\d{6}$/) });
    expect(await desk.register.ownerOf(present(parsePhoneNumberId(number)))).toBe(FLOWERS);
    for (const value of [code, secret?.['accessToken'], secret?.['pin']]) {
      expect(desk.out + desk.err).not.toContain(value);
    }
  });

  test('takes a PIN from a file, and registers nothing in coexistence', async () => {
    const one = meta.business({ registered: false });
    const pin = ['--pin-file', file('pin', '123456\n')];
    expect(await connect(signUp(one.account), one.account, ...fields(), ...pin)).toBe(0);
    expect((await stored()).secret).toMatchObject({ pin: '123456' });
    const args = ['--account', one.account, '--coexistence', '--json'];
    const other = meta.business({ registered: false, account_id: one.account });
    desk.input = signUp(one.account);
    const named = [...fields(), '--number', other.number];
    expect(await desk.run('tenant', 'connect', 'other', '--local', ...args, ...named)).toBe(1);
    expect(meta.world.numbers.isRegistered(other.number)).toBe(false);
    expect(JSON.parse(desk.out)).toMatchObject({ connected: true, tenant: 'other' });
    expect(desk.err).toContain('It is connected, and its token is kept');
  });

  test.each<[string, (account: string) => string, string]>([
    [
      'expired',
      (account) => expired(signUp(account)),
      'The code has expired: it lives for 30 seconds',
    ],
    ['used', (account) => used(signUp(account)), 'The code has been used before'],
    ['made up', () => 'AQmade-up', 'Meta does not take the code (error 100)'],
  ])('says that a code is %s, and stores nothing', async (_, code, words) => {
    const { account } = meta.business();
    const given = code(account);
    expect(await connect(given, account, ...fields())).toBe(1);
    expect(desk.err).toContain(words);
    expect(desk.out + desk.err).not.toContain(given);
    expect(await stored()).toEqual({ entry: undefined, secret: undefined });
  });

  function expired(code: string): string {
    const { clock } = meta;
    clock.advanceBy(30_000);
    return code;
  }

  function used(code: string): string {
    meta.world.app.exchange(meta.world.app.secret, code);
    return code;
  }

  test('binds no account that Meta does not confirm', async () => {
    const [one, other] = [meta.business(), meta.business()];
    expect(await connect(signUp(one.account), other.account, ...fields())).toBe(1);
    expect(desk.err).toContain(
      `does not confirm that the business gave us account ${other.account}`,
    );
    const scopes = ['whatsapp_business_messaging'];
    expect(await connect(signUp(one.account, { scopes }), one.account, ...fields())).toBe(1);
    expect(desk.err).toContain('(whatsapp_business_management)');
    const wrong = [...fields(), '--number', other.number];
    expect(await connect(signUp(one.account), one.account, ...wrong)).toBe(1);
    expect(desk.err).toContain(`Account ${one.account} has no number ${other.number}`);
    expect(await stored()).toEqual({ entry: undefined, secret: undefined });
    expect(await desk.register.list()).toEqual([]);
  });

  test('uses no code for what is wrong here', async () => {
    const { account, number } = meta.business();
    const code = signUp(account);
    expect(await connect(code, account, '--name', 'Flower Shop')).toBe(2);
    expect(desk.err).toContain('instructions: is missing');
    expect(await connect(code, 'abc', ...fields())).toBe(2);
    expect(await connect('', account, ...fields())).toBe(2);
    desk.input = '';
    const inArgv = ['--account', account, '--code', code];
    expect(await desk.run('tenant', 'connect', 'flowers', '--local', ...inArgv)).toBe(2);
    expect(desk.err).not.toContain(code);
    const id = present(parseTenantId('other'));
    await desk.register.claim(present(parsePhoneNumberId(number)), id);
    expect(await connect(code, account, ...fields(), '--number', number)).toBe(1);
    await desk.register.release(present(parsePhoneNumberId(number)), id);
    expect(await connect(code, account, ...fields())).toBe(0);
  });

  test('renews the token of a tenant that is there, and nothing else', async () => {
    const business = meta.business();
    await add(business);
    const before = await stored();
    expect(await connect(signUp(business.account), business.account, '--name', 'Other')).toBe(1);
    expect(desk.err).toContain('There is a tenant flowers already');
    expect(desk.err).toContain('To renew its token leave out --file');
    expect(await connect(signUp(business.account), business.account)).toBe(0);
    expect(desk.out).toContain('npx concierge dead-letters redrive --reason token --local');
    const after = await stored();
    expect(after.entry).toMatchObject({
      tenant: before.entry?.tenant,
      numbers: before.entry?.numbers,
    });
    expect(after.secret?.['accessToken']).not.toBe(business.token);
  });
});

describe('what is written', () => {
  const whole = {
    name: 'X',
    numbers: [{ phoneNumberId: '12345' }],
    instructions: 'X',
    fallbackText: 'X',
  };

  test.each<[string, object, readonly string[]]>([
    [
      'several things at once',
      {
        id: 'Bad Id',
        name: undefined,
        nmae: 'X',
        numbers: [{ phone_number_id: 12345 }],
        fallbackText: ' ',
      },
      [
        'The command: 7 things are wrong',
        'id: must be lower-case letters',
        'name: is missing',
        'numbers[0].phoneNumberId: is missing',
        'numbers[0].phone_number_id: unknown key (did you mean phoneNumberId?)',
        'nmae: unknown key (did you mean name?)',
      ],
    ],
    ['a number’s number', { numbers: [{ phoneNumberId: '+34 600' }] }, ['digits only']],
    ['no numbers', { numbers: [] }, ['numbers: must have at least one']],
    ['numbers as a text', { numbers: '12345' }, ['numbers: must be a list']],
    [
      'a number twice',
      { numbers: [{ phoneNumberId: '12345' }, { phoneNumberId: 12345 }] },
      ['numbers[1].phoneNumberId: is listed twice'],
    ],
    ['a name of another type', { name: true }, ['name: must be a text']],
    ['another status', { status: 'paused' }, ['status: must be active or suspended']],
    [
      'too long a wait',
      { burstWait: 60 },
      ['burstWait: must be adaptive, none, or a number of seconds up to 10'],
    ],
    [
      'limits that are no counts',
      {
        limits: { turnsPerMinute: 0, contact: { answersPerMinute: 1.5, messagesPerHour: 'many' } },
      },
      [
        'limits.turnsPerMinute: must be a whole number from 1 to 1000000',
        'limits.contact.answersPerMinute: must be a whole number from 1 to 1000',
        'limits.contact.messagesPerHour: must be a whole number from 1 to 100000',
      ],
    ],
    [
      'budgets that are no amounts',
      { budget: { perDay: '$5', perMonth: 0, contactPerDay: -1, contactPerMonth: '1,000' } },
      ['perDay', 'perMonth', 'contactPerDay', 'contactPerMonth'].map(
        (key) => `budget.${key}: must be an amount in US dollars above 0, such as "12.50"`,
      ),
    ],
    [
      'warnings in per cent',
      { budget: { warnAt: [80] } },
      ['budget.warnAt: must be shares of the budget above 0 and up to 1'],
    ],
    [
      'unknown keys within limits and budget',
      { budget: { perday: 5 }, limits: { contact: { answersPerHour: 5 }, turns: 5 } },
      [
        'budget.perday: unknown key (did you mean perDay?)',
        'limits.contact.answersPerHour: unknown key',
        'limits.turns: unknown key',
      ],
    ],
    ['a budget that is none', { budget: 5 }, ['budget: must be keys and values']],
    ['a blank limit text', { limitText: ' ' }, ['limitText: must not be empty']],
    [
      'too short a retention',
      { retentionDays: 29 },
      ['retentionDays: must be a whole number of days from 30 to 3650'],
    ],
    [
      'half a day',
      { retentionDays: 30.5 },
      ['retentionDays: must be a whole number of days from 30 to 3650'],
    ],
    [
      'hours that are none',
      {
        hours: { timeZone: 'Mars', week: { mon: [{ from: '9', to: '24:01' }] }, closed: ['soon'] },
      },
      [
        'hours.timeZone: must be a time zone such as "Europe/Madrid"',
        'hours.week.mon[0].from: must be a time such as "09:00", up to "24:00"',
        'hours.week.mon[0].to: must be a time',
        'hours.closed[0]: must be a date',
      ],
    ],
    [
      'a hand-over that is none',
      { handOver: { lowConfidence: 'shrug', waitingMinutes: 0, patience: 1 } },
      [
        'handOver.lowConfidence: must be off or flag or hand-over',
        'handOver.waitingMinutes: must be a whole number from 1 to 43200',
        'handOver.patience: unknown key',
      ],
    ],
    ['a word that says nothing', { optOutWords: ['!!'] }, ['must have a letter or digit']],
    [
      'a word that means both',
      { optOutWords: ['Start!'] },
      ['optOutWords: "start" stands for opting out and for coming back'],
    ],
    ['no way back', { optInWords: [] }, ['optInWords: must not be empty while optOutWords is not']],
    [
      'an unknown key without a likeness',
      { colour: 'red' },
      ['colour: unknown key; known are id, name'],
    ],
  ])('is refused for %s', async (_, over, hints) => {
    desk.input = JSON.stringify({ id: 'x', ...whole, ...over });
    const token = file('token', 'EAAx');
    const args = ['--no-check', '--file', '-', '--token-file', token];
    expect(await desk.run('tenant', 'add', '--local', ...args)).toBe(2);
    for (const hint of hints)
      expect(desk.err.replace('Standard input', 'The command')).toContain(hint);
    expect(await desk.register.list()).toEqual([]);
  });

  test.each([
    ['{"id": "x"', 'is neither YAML nor JSON'],
    ['id: x\nid: y\n', 'is neither YAML nor JSON: Map keys must be unique'],
    ['just words', 'must hold the keys id, name'],
    ['id: x\n---\nid: y\n', 'bad.yaml holds several documents (---)'],
    [ALIAS_BOMB, 'cannot be read because of its aliases'],
    ['id: *nowhere\n', 'bad.yaml'],
    ['', 'must hold the keys'],
  ])('%j is refused as a whole', async (text, hint) => {
    const args = ['--file', file('bad.yaml', text), '--token-file', file('token', 'EAAx')];
    expect(await desk.run('tenant', 'add', '--local', ...args)).toBe(2);
    expect(desk.err).toContain(hint);
  });

  test.each([
    [['add', '--local', '--file', '/nowhere/x.yaml'], 'cannot be read: there is no such file'],
    [['add', '--local', '--file', '/'], 'it is a folder'],
    [['add', '--local', '--file', '-', '--token-file', '-'], 'Standard input can be read once'],
    [['add', '--local', '--token=EAAsecret'], 'Values are never given on the command line'],
    [['add', 'flowers', 'EAAsecret', '--local'], 'Values are never given on the command line'],
    [['add', '--local', '--tok=EAAsecret'], "unknown option '--tok'"],
    [['set', 'flowers', 'EAAsecret', '--local'], 'too many arguments'],
    [['show', 'Bad Id', '--local'], 'is no tenant id'],
    [['remove', 'x', '--local'], 'Say --yes'],
    [['ad', '--local'], 'Did you mean add?'],
    [['add', 'x'], '--stage <dev|staging|prod>, or --local'],
  ])('tenant %j is refused with exit code 2', async (args, hint) => {
    expect(await desk.run('tenant', ...args)).toBe(2);
    expect(desk.err).toContain(hint);
    expect(desk.err).not.toContain('EAAsecret');
  });

  test.each([
    ['', 'is empty'],
    ['two words', 'holds more than one word'],
  ])('a token file with %j is refused', async (text, hint) => {
    const yaml = file('flowers.yaml', flowers({ number: '12345' }));
    const args = ['--file', yaml, '--token-file', file('token', text)];
    expect(await desk.run('tenant', 'add', '--local', ...args)).toBe(2);
    expect(desk.err).toContain(hint);
    expect(desk.err).not.toContain('two words');
  });

  test('has a JSON Schema', async () => {
    expect(await desk.run('tenant', 'schema')).toBe(0);
    expect(JSON.parse(desk.out)).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['id', 'name', 'numbers', 'instructions', 'fallbackText'],
    });
  });
});

describe('what is there', () => {
  let business: Onboarded;
  beforeEach(async () => {
    business = meta.business();
    await add(business);
  });

  test('is listed and shown, without the secret', async () => {
    expect(await desk.run('tenant', 'list', '--local')).toBe(0);
    expect(desk.out).toMatch(new RegExp(`flowers +active +${business.number} +Flower Shop`));
    expect(await desk.run('tenant', 'show', 'flowers', '--local', '--json')).toBe(0);
    expect(JSON.parse(desk.out)).toMatchObject({
      tenant: { id: 'flowers', numbers: [{ phoneNumberId: business.number }] },
      secret: 'tenant/flowers',
      problems: [],
    });
    expect(desk.out).not.toContain(business.token);
    expect(await desk.run('tenant', 'show', 'flower', '--local')).toBe(1);
    expect(desk.err).toContain('There is no tenant flower (did you mean flowers?)');
  });

  test('is shown with the defaults that hold where it says nothing', async () => {
    expect(await desk.run('tenant', 'show', 'flowers', '--local')).toBe(0);
    expect(desk.out).toContain('# retentionDays is the default: 90\n');
    expect(desk.out).toMatch(
      /^# optOutWords is the default: stop, stop all, stopall and \d+ more$/m,
    );
    desk.input = JSON.stringify({ retentionDays: 30, optOutWords: [] });
    await desk.run('tenant', 'set', 'flowers', '--local', '--file', '-');
    expect(await desk.run('tenant', 'show', 'flowers', '--local', '--json')).toBe(0);
    const { defaults } = JSON.parse(desk.out);
    expect(Object.keys(defaults)).toEqual([
      'optInWords',
      'optOutText',
      'optInText',
      'personWords',
      'hours',
    ]);
  });

  test.each([
    [
      ['--budget-per-day', '6', '--budget-per-month', '5'],
      'budget.perDay is more than budget.perM',
    ],
    [
      ['--contact-budget-per-day', '6', '--budget-per-day', '5'],
      'budget.contactPerDay is more than',
    ],
    [['--messages-per-minute', '1001'], 'messagesPerMinute is more than messagesPerHour'],
    [['--answers-per-minute', '61'], 'answersPerMinute is more than messagesPerMinute'],
    [['--budget-per-day', '5', '--budget-per-month', '5'], ''],
  ])('%j is taken, and warned of where one makes the other idle', async (args, warning) => {
    expect(await desk.run('tenant', 'set', 'flowers', '--local', ...args)).toBe(0);
    expect(desk.out).toContain('changed');
    if (warning === '') expect(desk.err).toBe('');
    else expect(desk.err).toContain(warning);
  });

  test('instructions with a NUL byte are refused', async () => {
    const path = file('instructions', 'You sell\u0000flowers');
    const args = ['--local', '--instructions-file', path];
    expect(await desk.run('tenant', 'set', 'flowers', ...args)).toBe(2);
    expect(desk.err).toContain('instructions: must hold no NUL byte');
  });

  test('can be written to a file, and set from it without a change', async () => {
    expect(await desk.run('tenant', 'show', 'flowers', '--local', '--yaml')).toBe(0);
    desk.input = desk.out;
    expect(await desk.run('tenant', 'set', 'flowers', '--local', '--file', '-')).toBe(0);
    expect(desk.out).toBe('flowers: nothing changed.\n');
  });

  test('has each part of its memory turned on and off by itself', async () => {
    const set = (...args: readonly string[]) =>
      desk.run('tenant', 'set', 'flowers', '--local', ...args);
    const memory = async () => {
      const tenant = (await stored()).entry?.tenant;
      return tenant === 'misconfigured' ? undefined : tenant?.memory;
    };
    expect(await memory()).toEqual(DEFAULT_MEMORY);
    expect(await set('--memory', 'health=on', '--memory', 'facts=off')).toBe(0);
    expect(await memory()).toEqual({ ...DEFAULT_MEMORY, health: true, facts: false });
    desk.input = JSON.stringify({ memory: { facts: null, summary: false } });
    expect(await set('--file', '-')).toBe(0);
    expect(await memory()).toEqual({ ...DEFAULT_MEMORY, health: true, summary: false });
    desk.input = JSON.stringify({ memory: null });
    expect(await set('--file', '-')).toBe(0);
    expect(await memory()).toEqual(DEFAULT_MEMORY);
    for (const wrong of ['helth=on', 'facts', 'facts=maybe']) {
      expect(await set('--memory', wrong)).toBe(2);
      expect(desk.err).toContain('say on or off of one of summary, profile, facts, health');
    }
    desk.input = JSON.stringify({ memory: { facts: 'yes', fcts: true } });
    expect(await set('--file', '-')).toBe(2);
    expect(desk.err).toContain('memory.facts');
    expect(desk.err).toContain('memory.fcts: unknown key');
  });

  test('gets limits and budgets, each key by itself, and loses them again', async () => {
    const { limits, budget } = DEFAULT_TERMS;
    const set = (...args: readonly string[]) =>
      desk.run('tenant', 'set', 'flowers', '--local', ...args);
    const terms = async () => {
      const tenant = (await stored()).entry?.tenant;
      return tenant === 'misconfigured' ? undefined : tenant;
    };
    expect(await terms()).toMatchObject(DEFAULT_TERMS);
    const rates = ['--answers-per-minute', '3', '--turns-per-minute', '90'];
    const money = ['--budget-per-day', '12.50', '--contact-budget-per-month', '0.000001'];
    const texts = ['--limit-text', 'Later.', '--fallback-model', 'gpt-6-luna'];
    expect(await set(...rates, ...money, ...texts, '--warn-at', '0.9,0.5')).toBe(0);
    expect(desk.out).toContain('changed limits, budget, limitText, fallbackModel;');
    expect(await terms()).toMatchObject({
      limits: { contact: { ...limits.contact, answersPerMinute: 3 }, turnsPerMinute: 90 },
      budget: { ...budget, perDay: 12_500_000, contactPerMonth: 1, warnAt: [0.5, 0.9] },
      limitText: 'Later.',
      fallbackModel: 'gpt-6-luna',
    });
    desk.input =
      'budget:\n  perMonth: 100\n  perDay:\nlimits:\n  contact: { messagesPerHour: 5 }\n';
    expect(await set('--file', '-')).toBe(0);
    expect(await terms()).toMatchObject({
      limits: { contact: { answersPerMinute: 3, messagesPerHour: 5 }, turnsPerMinute: 90 },
      budget: { perDay: undefined, perMonth: 100_000_000, contactPerMonth: 1 },
    });
    expect(await desk.run('tenant', 'show', 'flowers', '--local')).toBe(0);
    expect(desk.out).toContain('perMonth: "100.00"');
    const none = ['--turns-per-minute', 'none', '--fallback-model', 'none', '--warn-at', 'none'];
    desk.input = 'budget:\nlimits:\n  contact:\nlimitText:\n';
    expect(await set('--file', '-', ...none)).toBe(0);
    expect(await terms()).toMatchObject({ ...DEFAULT_TERMS, budget: { ...budget, warnAt: [0.8] } });
  });

  test('gets manners, each key by itself, and loses them again', async () => {
    const set = (...args: readonly string[]) =>
      desk.run('tenant', 'set', 'flowers', '--local', ...args);
    const manners = async () => {
      const tenant = (await stored()).entry?.tenant;
      return tenant === 'misconfigured' ? undefined : tenant?.manners;
    };
    expect(await manners()).toEqual({ ...DEFAULT_MANNERS, purpose: 'Sales.' });
    const flags = ['--effort', 'none', '--max-output-tokens', '900', '--moderation', 'block'];
    expect(await set(...flags, '--greeting', 'Hi!')).toBe(0);
    expect(desk.out).toContain('changed manners;');
    desk.input = `manners:
  language: en
  links: [Shop.Example]
  texts:
    es: { greeting: ¡Hola!, fallback: Ahora no. }
    pt_br: { optIn: Olá! }
`;
    expect(await set('--file', '-'), desk.err).toBe(0);
    expect(await manners()).toEqual({
      ...DEFAULT_MANNERS,
      purpose: 'Sales.',
      greeting: 'Hi!',
      effort: 'none',
      maxOutputTokens: 900,
      moderation: 'block',
      language: 'en',
      links: ['shop.example'],
      texts: { es: { greeting: '¡Hola!', fallback: 'Ahora no.' }, 'pt-BR': { optIn: 'Olá!' } },
    });
    expect(await desk.run('tenant', 'show', 'flowers', '--local', '--yaml')).toBe(0);
    desk.input = desk.out;
    expect(await set('--file', '-')).toBe(0);
    expect(desk.out).toBe('flowers: nothing changed.\n');
    desk.input = 'manners:\n  texts:\n    es: { fallback: null }\n  links:\n  moderation:\n';
    expect(await set('--file', '-', '--effort', 'default', '--max-output-tokens', 'none')).toBe(0);
    expect(await manners()).toMatchObject({
      texts: { es: { greeting: '¡Hola!' }, 'pt-BR': { optIn: 'Olá!' } },
      moderation: 'off',
      effort: undefined,
      maxOutputTokens: undefined,
      links: undefined,
    });
  });

  test.each([
    ['manners: { effort: heroic }', 'manners.effort: must be none or minimal or'],
    ['manners: { maxOutputTokens: 10 }', 'must be a whole number of tokens from 500 to 32000'],
    ['manners: { moderation: yes }', 'manners.moderation: must be off or score or block'],
    ['manners: { porpoise: x }', 'manners.porpoise: unknown key (did you mean purpose?)'],
    ['manners: { texts: { spanish!: { limit: x } } }', 'must be a language tag (BCP 47)'],
    ['manners: { texts: { es: { greting: x } } }', 'unknown key (did you mean greeting?)'],
    ['manners: { links: ["https://a.example"] }', 'must be a host name'],
  ])('is refused for %s', async (text, complaint) => {
    desk.input = text;
    expect(await desk.run('tenant', 'set', 'flowers', '--local', '--file', '-')).toBe(2);
    expect(desk.err).toContain(complaint);
  });

  test('is told of models that end, of keys in its texts, and of a purpose that is missing', async () => {
    desk.input = 'manners: { purpose: }\ninstructions: My key is sk-proj-abcdefghijklmnop0123\n';
    const flags = ['--model', 'gpt-4.1', '--fallback-model', 'gpt-3.5-turbo'];
    desk.clock.advance(Date.parse('2026-11-26') - desk.clock.now());
    expect(
      await desk.run('tenant', 'set', 'flowers', '--local', '--file', '-', ...flags),
      desk.err,
    ).toBe(0);
    expect(desk.err).toContain('OpenAI switches model gpt-4.1 off on 2027-01-14, in 49 days');
    expect(desk.err).toContain('OpenAI has switched model gpt-3.5-turbo off on 2026-10-23');
    expect(desk.err).toContain('holds what looks like a key');
    expect(desk.err).not.toContain('sk-proj');
    expect(desk.err).toContain('It has no manners.purpose');
  });

  test('puts each option of limits and budgets back by none, and sends nobody that word', async () => {
    const set = (...args: readonly string[]) =>
      desk.run('tenant', 'set', 'flowers', '--local', ...args);
    const said = {
      '--answers-per-minute': '3',
      '--messages-per-minute': '4',
      '--messages-per-hour': '5',
      '--turns-per-minute': '90',
      '--budget-per-day': '1',
      '--budget-per-month': '2',
      '--contact-budget-per-day': '3',
      '--contact-budget-per-month': '4',
      '--warn-at': '0.5',
      '--limit-text': 'Later.',
      '--fallback-model': 'gpt-6-luna',
    };
    expect(await set(...Object.entries(said).flat())).toBe(0);
    expect(await set(...Object.keys(said).flatMap((option) => [option, 'none']))).toBe(0);
    expect((await stored()).entry?.tenant).toMatchObject(DEFAULT_TERMS);
  });

  test('keeps the spending of a file that flags go over', async () => {
    desk.input = 'budget: { perDay: 5 }\n';
    const args = ['--file', '-', '--budget-per-month', '9'];
    expect(await desk.run('tenant', 'set', 'flowers', '--local', ...args)).toBe(0);
    expect(await stored()).toMatchObject({
      entry: { tenant: { budget: { perDay: 5_000_000, perMonth: 9_000_000 } } },
    });
  });

  test('is told of a budget that one call in a long chat may exceed', async () => {
    const set = (...args: readonly string[]) =>
      desk.run('tenant', 'set', 'flowers', '--local', ...args);
    expect(await set('--model', 'gpt-6-sol', '--contact-budget-per-day', '0.265')).toBe(0);
    expect(desk.err).toBe('');
    // 12,000 tokens of instructions, at $2.50 a million.
    desk.input = `instructions: ${'x'.repeat(12_000)}\n`;
    expect(await set('--file', '-')).toBe(0);
    expect(desk.err).toMatch(
      /^concierge: warning: budget.contactPerDay is 0.265, and one call to gpt-6-sol in a long chat may cost 0.\d+: there nobody is asked.\n$/,
    );
    expect(await set('--fallback-model', 'gpt-6-luna', '--json')).toBe(0);
    expect(desk.err).toContain('gpt-6-luna is asked there instead');
    expect(await set('--contact-budget-per-day', '5')).toBe(0);
    expect(desk.err).toBe('');
  });

  test('is changed key by key', async () => {
    const flags = ['--name', 'Roses', '--model', 'gpt-6-luna'];
    expect(await desk.run('tenant', 'set', 'flowers', '--local', ...flags)).toBe(0);
    expect(desk.out).toContain('flowers: changed name, model; noticed within a minute.');
    expect(await stored()).toMatchObject({
      entry: {
        tenant: { name: 'Roses', model: 'gpt-6-luna', fallbackText: 'We will get back to you.' },
      },
    });
    desk.input = 'model:\n';
    expect(await desk.run('tenant', 'set', 'flowers', '--local', '--file', '-')).toBe(0);
    expect((await stored()).entry?.tenant).not.toMatchObject({ model: 'gpt-6-luna' });
    expect(await desk.run('tenant', 'set', 'flowers', '--local', '--burst-wait', 'long')).toBe(2);
    desk.input = 'id: other\n';
    expect(await desk.run('tenant', 'set', 'flowers', '--local', '--file', '-')).toBe(2);
    expect(desk.err).toContain('an id never changes');
  });

  test('gets other numbers, which Meta is asked about, and loses those it had', async () => {
    const second = present(parsePhoneNumberId('400000000000002'));
    const first = present(parsePhoneNumberId(business.number));
    const more = ['--number', business.number, '--number', second];
    expect(await desk.run('tenant', 'set', 'flowers', '--local', ...more)).toBe(1);
    expect(desk.out).toContain(`The token may not see number ${second}`);
    meta.business({ phone_number_id: second, account_id: business.account });
    expect(await desk.run('tenant', 'set', 'flowers', '--local', ...more)).toBe(0);
    expect(await desk.register.ownerOf(second)).toBe(FLOWERS);
    expect(await desk.run('tenant', 'set', 'flowers', '--local', '--number', second)).toBe(0);
    expect(await desk.register.ownerOf(first)).toBeUndefined();
    expect((await stored()).entry?.numbers).toMatchObject([{ phoneNumberId: second }]);
  });

  test('gets no number of another tenant', async () => {
    const other = meta.business();
    await desk.register.claim(
      present(parsePhoneNumberId(other.number)),
      present(parseTenantId('other')),
    );
    const args = ['--number', other.number, '--no-check'];
    expect(await desk.run('tenant', 'set', 'flowers', '--local', ...args)).toBe(1);
    expect(desk.err).toContain('is taken by tenant other');
    expect((await stored()).entry?.numbers).toMatchObject([{ phoneNumberId: business.number }]);
  });

  test('is suspended and resumed', async () => {
    expect(await desk.run('tenant', 'suspend', 'flowers', '--local')).toBe(0);
    expect(await stored()).toMatchObject({ entry: { tenant: { status: 'suspended' } } });
    expect(await desk.run('tenant', 'suspend', 'flowers', '--local')).toBe(0);
    expect(desk.out).toBe('flowers is suspended already.\n');
    expect(await desk.run('tenant', 'resume', 'flowers', '--local')).toBe(0);
    expect(desk.out).toContain('redrive --reason tenant-suspended --local');
    expect(await stored()).toMatchObject({ entry: { tenant: { status: 'active' } } });
  });

  test('is removed when that is confirmed, and can be added again', async () => {
    desk.reply = 'no';
    expect(await desk.run('tenant', 'remove', 'flowers', '--local')).toBe(1);
    expect(desk.err).toContain('Nothing was removed');
    desk.reply = 'flowers';
    expect(await desk.run('tenant', 'remove', 'flowers', '--local')).toBe(0);
    expect(desk.out).toContain('its conversations, each until its retention is over');
    expect(await stored()).toEqual({ entry: undefined, secret: undefined });
    expect(
      await desk.register.ownerOf(present(parsePhoneNumberId(business.number))),
    ).toBeUndefined();
    expect(await add(business)).toBe(0);
    expect(await desk.run('tenant', 'remove', 'flowers', '--local', '--yes', '--json')).toBe(0);
    expect(JSON.parse(desk.out)).toMatchObject({ removed: 'flowers', numbers: [business.number] });
  });

  test('is called broken where its secret or its route is not there', async () => {
    await desk.vault.remove({ kind: 'tenant', id: FLOWERS });
    await desk.register.release(present(parsePhoneNumberId(business.number)), FLOWERS);
    expect(await desk.run('tenant', 'show', 'flowers', '--local')).toBe(1);
    expect(desk.err).toContain('It has no secret');
    expect(desk.err).toContain('is not routed to it');
    expect(await desk.run('tenant', 'set', 'flowers', '--local')).toBe(0);
    expect(await desk.register.ownerOf(present(parsePhoneNumberId(business.number)))).toBe(FLOWERS);
  });
});
