import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseTenantId } from '#domain/ids.ts';
import { aMessage, aTenant, PHONE_NUMBER_ID, present, TENANT_ID } from '#test/support/builders.ts';
import { type MetaStage, startMeta } from '#test/support/meta-stage.ts';
import { Desk } from '#test/support/operator-desk.ts';

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

function secret(args: readonly string[], input = ''): Promise<number> {
  desk.input = input;
  return desk.run('secret', ...args, '--local');
}

async function platform() {
  return (await desk.vault.read({ kind: 'platform' }))?.fields;
}

/** Nothing that was read may be written. */
function expectSilence(...values: readonly string[]): void {
  for (const value of values) expect(desk.out + desk.err).not.toContain(value);
}

describe('put', () => {
  test('fills the platform’s secret value by value, and says what is missing', async () => {
    expect(await secret(['put', 'app-secret'], 'hush-1\n')).toBe(0);
    expect(desk.out).toContain('Stored the app-secret in secret platform');
    expect(desk.out).toContain('Still missing there: app-id, verify-token, openai-key');
    expectSilence('hush-1');
    expect(await secret(['put', 'app-id', '--no-check'], '123456')).toBe(0);
    expect(await secret(['put', 'verify-token', '--generate'])).toBe(0);
    expect(await secret(['put', 'openai-key', '--json'], 'hush-2')).toBe(0);
    expect(JSON.parse(desk.out)).toMatchObject({ stored: true, missing: [] });
    expectSilence('hush-2');
    expect(await platform()).toMatchObject({
      appId: '123456',
      appSecrets: ['hush-1'],
      verifyTokens: [expect.stringMatching(/^[\w-]{32}$/)],
      openAiApiKey: 'hush-2',
    });
  });

  test('asks a person for the value without showing it', async () => {
    desk.reply = 'hush-1';
    expect(await secret(['put', 'app-secret'])).toBe(0);
    expect(desk.err).toContain('app-secret (is not shown; then Enter): ');
    expectSilence('hush-1');
    expect(await platform()).toMatchObject({ appSecrets: ['hush-1'] });
  });

  test('replaces what is accepted with its successor only when told so', async () => {
    await secret(['put', 'app-secret'], 'hush-1');
    expect(await secret(['put', 'app-secret'], 'hush-2')).toBe(1);
    expect(desk.err).toContain('npx concierge secret rotate app-secret');
    expect(await platform()).toMatchObject({ appSecrets: ['hush-1'] });
    expect(await secret(['put', 'app-secret', '--replace'], 'hush-2')).toBe(0);
    expect(await platform()).toMatchObject({ appSecrets: ['hush-2'] });
  });

  test.each<[readonly string[], string, string]>([
    [['put', 'app-secret', 'hush-hush'], '', 'Values are never given on the command line'],
    [['put', 'app-secret', '--value', 'hush-hush'], '', 'Values are never given'],
    [['put', 'app-secret', '--secret=hush-hush'], '', 'Values are never given'],
    [['put', 'access-token', '--token', 'hush-hush'], '', 'Values are never given'],
    [['rotate', 'app-secret', 'hush-hush'], '', 'Values are never given'],
    [['put', 'app-secret', '--hush=hush-hush'], '', "unknown option '--hush'"],
    [['put', 'EAAhush-hush-hush-hush-hush-hush'], '', 'Allowed choices are app-id'],
    [['show-age', 'hush-hush'], '', 'too many arguments'],
    [['put', 'app-secret'], '', 'Standard input is empty'],
    [['put', 'app-secret'], 'hush-hush hush', 'more than one word'],
    [['put', 'app-secret', '--value-file', '/nowhere'], '', 'there is no such file'],
    [['put', 'hush-hush'], '', "invalid for argument 'what'. Allowed choices are app-id"],
    [['rotate', 'hush-hush'], '', "invalid for argument 'what'"],
    [['put', 'openai-key', '--value-file', 'hush-hush'], '', 'The file that was named cannot be'],
    [['put', 'app-secret', '--show-verify-token'], 'hush-hush', 'Only a verify token is printed'],
    [['put', 'app-id'], 'hush-hush', 'must be digits only'],
    [['put', 'verify-token'], 'hush', 'at least 8 characters'],
    [['put', 'app-secret', '--generate'], '', 'are ours to choose'],
    [['put', 'access-token'], 'hush-hush', 'Say whose access token it is'],
    [['put', 'app-secret', '--tenant', 'bakery'], 'hush-hush', "the platform's, not a tenant's"],
    [['put', 'openai-key', '--app', 'shop'], 'hush-hush', "the platform's, not an app's"],
    [['put', 'access-token', '--app', 'shop'], 'hush-hush', "a tenant's, not an app's"],
    [['put', 'app-secret', '--app', 'Bad App'], 'hush-hush', 'is no name of an own app'],
    [['put', 'app-secret', '--subscribe'], 'hush-hush', 'Only an access token can --subscribe'],
    [['put', 'app-secret', '--register'], 'hush-hush', 'Only an access token can --register'],
    [
      ['put', 'access-token', '--tenant', 'bakery', '--register', '--no-check'],
      'hush-hush',
      'With --no-check Meta is not asked, so it cannot register',
    ],
    [
      ['put', 'access-token', '--tenant', 'bakery', '--pin-file', '/nowhere'],
      'hush-hush',
      'give --register too',
    ],
    [
      ['put', 'access-token', '--tenant', 'bakery', '--register', '--pin-file', '-'],
      'hush-hush',
      'Standard input can be read once',
    ],
    [['rotate', 'app-secret', '--app', '600001|x'], 'hush-hush', 'is no name of an own app'],
    [['rotate', 'openai-key'], 'hush-hush', 'Allowed choices are app-secret, verify-token'],
    [['rotate', 'app-secret', '--overlap', 'long'], 'hush-hush', 'such as 30m, 24h or 7d'],
  ])('%j is refused with exit code 2', async (args, input, hint) => {
    expect(await secret(args, input)).toBe(2);
    expect(desk.err).toContain(hint);
    expectSilence('hush-hush');
    expect(await platform()).toBeUndefined();
  });

  test('does not go over a platform secret that it cannot read', async () => {
    desk.vault.read = async () => 'unreadable' as never;
    expect(await secret(['put', 'app-secret'], 'hush-1')).toBe(1);
    expect(desk.err).toContain('Nothing was changed');
    expectSilence('hush-1');
  });
});

describe('an app’s id and its secret', () => {
  let meta: MetaStage;
  beforeEach(async () => {
    meta = await startMeta(desk.clock.now());
    desk.graphUrl = meta.url;
  });
  afterEach(() => meta.close());

  const [OURS, OTHER] = ['local-app-secret', 'another-apps-secret'];

  test.each([
    ['the secret last', ['app-id', 'app-secret']],
    ['the id last', ['app-secret', 'app-id']],
  ])('are stored together only where Meta takes both: %s', async (_, [first = '', last = '']) => {
    const right: Record<string, string> = { 'app-id': meta.world.app.id, 'app-secret': OURS };
    const wrong: Record<string, string> = { 'app-id': '600000000000009', 'app-secret': OTHER };
    expect(await secret(['put', first], right[first])).toBe(0);
    const before = await platform();
    expect(await secret(['put', last], wrong[last])).toBe(1);
    expect(desk.err).toContain("Meta does not take the app's id together with its secret");
    expect(desk.err).toContain('Nothing was stored');
    expectSilence(OURS, OTHER);
    expect(await platform()).toEqual(before);
    expect(await secret(['put', last], right[last])).toBe(0);
    expect(await secret(['put', last, '--replace', '--no-check'], wrong[last])).toBe(0);
  });

  test('are asked about with the id that the command gives', async () => {
    const { id } = meta.world.app;
    expect(await secret(['put', 'app-secret', '--app-id', id], OTHER)).toBe(1);
    expect(await secret(['put', 'app-secret', '--app-id', id], OURS)).toBe(0);
  });

  test('rotate only to a secret that Meta has', async () => {
    await secret(['put', 'app-id'], meta.world.app.id);
    await secret(['put', 'app-secret'], OURS);
    const before = await platform();
    expect(await secret(['rotate', 'app-secret'], OTHER)).toBe(1);
    expect(desk.err).toContain('compare both with the app dashboard');
    expectSilence(OURS, OTHER);
    expect(await platform()).toEqual(before);
    meta.world.app.resetSecret(OTHER);
    expect(await secret(['rotate', 'app-secret'], OTHER)).toBe(0);
    expect(await platform()).toMatchObject({ appSecrets: [OTHER, OURS] });
  });

  test('are not stored unseen where Meta cannot be reached', async () => {
    desk.graphUrl = 'http://127.0.0.1:1';
    await secret(['put', 'app-id'], meta.world.app.id);
    expect(await secret(['put', 'app-secret'], OURS)).toBe(1);
    expect(desk.err).toContain('Meta gave no answer');
    expect(desk.err).toContain('With --no-check Meta is not asked');
  });

  test('that were put wrongly: the help says how to put them right', async () => {
    expect(await secret(['put', '--help'])).toBe(0);
    expect(desk.out).toContain('put wrongly is put again with --replace');
  });
});

describe('a tenant’s access token', () => {
  let meta: MetaStage;
  beforeEach(async () => {
    meta = await startMeta(desk.clock.now());
    desk.graphUrl = meta.url;
    const { id, secret: appSecret } = meta.world.app;
    await desk.vault.write({ kind: 'platform' }, { appId: id, appSecrets: [appSecret] });
    const numbers = [{ phoneNumberId: PHONE_NUMBER_ID, accountId: undefined }];
    await desk.register.create({ tenant: aTenant(), numbers });
  });
  afterEach(() => meta.close());

  const put = (...args: readonly string[]) => ['put', 'access-token', '--tenant', ...args];

  test('is stored once Meta says that it covers the numbers, and keeps what lies beside it', async () => {
    await desk.vault.write(
      { kind: 'tenant', id: TENANT_ID },
      { accessToken: 'old', pin: '123456' },
    );
    expect(await secret(put('bakery'), 'clinic-token')).toBe(1);
    expect(desk.out).toContain(`may not see number ${PHONE_NUMBER_ID}`);
    expectSilence('clinic-token');
    expect(await secret(put('bakery'), 'bakery-token')).toBe(0);
    expectSilence('bakery-token');
    const stored = await desk.vault.read({ kind: 'tenant', id: TENANT_ID });
    expect(stored?.fields).toMatchObject({ accessToken: 'bakery-token', pin: '123456' });
  });

  test('is followed by the command that has parked messages answered', async () => {
    await desk.park(aMessage());
    await desk.park(aMessage(), 'bug');
    expect(await secret(put('bakery'), 'bakery-token')).toBe(0);
    expect(desk.out).toContain('1 message of the tenant waits for a token');
    expect(desk.out).toContain('npx concierge dead-letters redrive --reason token --local');
    expect(await secret([...put('bakery'), '--json'], 'bakery-token')).toBe(0);
    expect(JSON.parse(desk.out)).toMatchObject({ stored: true, parked: 1 });
  });

  test('is not stored for a tenant that there is not', async () => {
    expect(await secret(put('bakry', '--no-check'), 'any-token')).toBe(1);
    expect(desk.err).toContain('There is no tenant bakry (did you mean bakery?)');
    const id = present(parseTenantId('bakry'));
    expect(await desk.vault.read({ kind: 'tenant', id })).toBeUndefined();
  });
});

describe('rotate', () => {
  const MINUTE_MS = 60_000;
  beforeEach(() => secret(['put', 'app-secret'], 'hush-old'));

  test('accepts both until it is finished, not before the overlap is over', async () => {
    expect(await secret(['rotate', 'app-secret', '--overlap', '30m'], 'hush-new')).toBe(0);
    expect(desk.out).toContain('npx concierge secret rotate app-secret --finish --local');
    expectSilence('hush-old', 'hush-new');
    expect(await platform()).toMatchObject({ appSecrets: ['hush-new', 'hush-old'] });
    expect(await secret(['rotate', 'app-secret'], 'hush-newer')).toBe(1);
    expect(desk.err).toContain('finish that rotation first');
    desk.clock.advance(29 * MINUTE_MS);
    expect(await secret(['rotate', 'app-secret', '--finish'])).toBe(1);
    expect(desk.err).toContain('The overlap lasts until 20');
    desk.clock.advance(MINUTE_MS);
    expect(await secret(['rotate', 'app-secret', '--finish'])).toBe(0);
    expect(await platform()).toMatchObject({ appSecrets: ['hush-new'] });
    expect(await secret(['rotate', 'app-secret', '--finish', '--json'])).toBe(0);
    expect(JSON.parse(desk.out)).toMatchObject({ accepted: 1, dropped: 0 });
  });

  test('can be finished at once by force', async () => {
    await secret(['rotate', 'app-secret'], 'hush-new');
    expect(await secret(['rotate', 'app-secret', '--finish', '--force'])).toBe(0);
    expect(await platform()).toMatchObject({ appSecrets: ['hush-new'] });
  });

  test('a verify token is printed where that is asked for, to be pasted', async () => {
    expect(await secret(['put', 'verify-token', '--generate', '--show-verify-token'])).toBe(0);
    const stored = async () => (await platform())?.['verifyTokens'];
    expect(await stored()).toEqual([/^Verify token: (\S+)$/m.exec(desk.out)?.[1]]);
    expect(await secret(['rotate', 'verify-token'], 'second-token')).toBe(0);
    expect(desk.out).toContain('--show-verify-token prints it');
    expectSilence('second-token');
    await secret(['rotate', 'verify-token', '--finish', '--force']);
    const shown = ['rotate', 'verify-token', '--generate', '--show-verify-token', '--json'];
    expect(await secret(shown)).toBe(0);
    expect(await stored()).toEqual([JSON.parse(desk.out).verifyToken, 'second-token']);
  });

  test('needs a value to begin with, and another one', async () => {
    expect(await secret(['rotate', 'verify-token', '--generate'])).toBe(1);
    expect(desk.err).toContain('secret put verify-token');
    expect(await secret(['rotate', 'app-secret'], 'hush-old')).toBe(1);
    expect(desk.err).toContain('the current app-secret already');
    expectSilence('hush-old');
  });

  test('its state and each value’s age are shown', async () => {
    desk.clock.advance(3 * 24 * 60 * MINUTE_MS);
    await secret(['rotate', 'app-secret'], 'hush-new');
    const numbers = [{ phoneNumberId: PHONE_NUMBER_ID, accountId: undefined }];
    await desk.register.create({ tenant: aTenant(), numbers });
    await desk.vault.write({ kind: 'tenant', id: TENANT_ID }, { accessToken: 'by-hand' });
    desk.clock.advance(10 * MINUTE_MS);
    expect(await secret(['show-age', '--tenants'])).toBe(0);
    expect(desk.out).toMatch(/platform +app-secret +10 min +2 +20/);
    expect(desk.out).toMatch(/platform +openai-key +missing +0 +-/);
    expect(desk.out).toMatch(/tenant\/bakery +access-token +10 min +1 +-/);
    expectSilence('hush-new', 'by-hand');
    expect(await secret(['show-age', '--tenant', 'bakery', '--json'])).toBe(0);
    expect(JSON.parse(desk.out).secrets).toHaveLength(5);
  });

  test('a value that was put by hand is not made young by the rotation of another', async () => {
    const byHand = { appSecrets: ['hush-old'], openAiApiKey: 'by-hand' };
    await desk.vault.write({ kind: 'platform' }, byHand);
    desk.clock.advance(10 * MINUTE_MS);
    expect(await secret(['show-age'])).toBe(0);
    expect(desk.out).toMatch(/platform +openai-key +10 min +1 +-/);
    await secret(['rotate', 'app-secret'], 'hush-new');
    expect(await secret(['show-age'])).toBe(0);
    expect(desk.out).toMatch(/platform +app-secret +0 s +2 /);
    expect(desk.out).toMatch(/platform +openai-key +unknown +1 +-/);
    expect(await secret(['show-age', '--json'])).toBe(0);
    const key = { what: 'openai-key', values: 1, ageSeconds: null };
    expect(JSON.parse(desk.out).secrets).toContainEqual(expect.objectContaining(key));
  });
});
