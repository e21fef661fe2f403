import { beforeEach, describe, expect, test } from 'vitest';
import { readTenantRecord, writeTenantRecord } from '#adapters/dynamodb/tenant-record.ts';
import { tenantShape } from '#adapters/secrets/secret-shapes.ts';
import { isWebhookSecret } from '#domain/notice/webhook-secret.ts';
import { isCallerOf } from '#domain/tenant/api-settings.ts';
import { DEFAULT_INTEGRATION } from '#domain/tenant/integration-settings.ts';
import { NOTICE_KINDS } from '#domain/tenant/notices-settings.ts';
import { aTenant, PHONE_NUMBER_ID, present, TENANT_ID } from '#test/support/builders.ts';
import { Desk } from '#test/support/operator-desk.ts';

const ROLE = 'arn:aws:iam::123456789012:role/bakery-backend';
const URL = 'https://hooks.bakery.example/concierge';

let desk: Desk;

beforeEach(async () => {
  desk = new Desk();
  const numbers = [{ phoneNumberId: PHONE_NUMBER_ID, accountId: undefined }];
  await desk.register.create({ tenant: aTenant(), numbers });
  await desk.register.claim(PHONE_NUMBER_ID, TENANT_ID);
});

async function set(document: object): Promise<number> {
  desk.input = JSON.stringify(document);
  return desk.run('tenant', 'set', 'bakery', '--file', '-', '--local');
}

async function settings() {
  const entry = present(await desk.register.find(TENANT_ID));
  const { notices, api } = entry.tenant === 'misconfigured' ? DEFAULT_INTEGRATION : entry.tenant;
  return { notices, api };
}

describe('the integration of a business', () => {
  test('are set, shown, and shut again', async () => {
    expect(await set({ notices: { webhook: { url: URL } }, api: { callers: [ROLE] } })).toBe(0);
    const notices = { webhook: { url: URL, events: NOTICE_KINDS } };
    expect(await settings()).toEqual({ notices, api: { callers: [ROLE] } });
    expect(await desk.run('tenant', 'show', 'bakery', '--yaml', '--local')).toBe(0);
    expect(desk.out).toContain(`url: ${URL}`);
    expect(desk.out).toContain(`- ${ROLE}`);
    desk.input = desk.out;
    expect(await desk.run('tenant', 'set', 'bakery', '--file', '-', '--local')).toBe(0);
    expect(desk.out).toContain('nothing changed');
    expect(await set({ notices: null, api: null })).toBe(0);
    expect(await settings()).toEqual(DEFAULT_INTEGRATION);
  });

  test.each([
    [
      { notices: { webhook: { url: 'http://hooks.bakery.example' } } },
      'notices.webhook.url: must be an https',
    ],
    [
      { notices: { webhook: { url: 'https://user:pw@bakery.example' } } },
      'notices.webhook.url: must',
    ],
    [
      { notices: { webhook: { url: URL, events: ['chat.takn'] } } },
      'notices.webhook.events[0]: must be',
    ],
    [
      { notices: { webhook: { url: URL, evnts: [] } } },
      'evnts: unknown key (did you mean events?)',
    ],
    [{ api: { callers: ['bakery-backend'] } }, 'api.callers[0]: must be the ARN'],
    [{ api: { callers: [`${ROLE} `] } }, 'api.callers[0]: must be the ARN'],
    [{ api: { callers: ['arn:aws:iam::123456789012:root'] } }, 'api.callers[0]: must be the ARN'],
    [{ api: { callers: ['arn:aws:sts::123456789012:assumed-role/a/b'] } }, 'must be the ARN'],
  ])('are refused for %j', async (document, hint) => {
    expect(await set(document)).toBe(2);
    expect(desk.err).toContain(hint);
    expect(await settings()).toEqual(DEFAULT_INTEGRATION);
  });

  test('are read as they were written, and shut in a record from before there were any', () => {
    const webhook = { url: URL, events: ['chat.taken'] as const };
    const tenant = aTenant({ notices: { webhook }, api: { callers: [ROLE] } });
    expect(readTenantRecord(writeTenantRecord(tenant))).toEqual(tenant);
    const { notices: _, api: __, ...older } = writeTenantRecord(tenant);
    expect(readTenantRecord(older)).toMatchObject(DEFAULT_INTEGRATION);
    const broken = { ...older, api: { M: { callers: { L: [{ S: '*' }] } } } };
    expect(() => readTenantRecord(broken)).toThrow('api');
    const odd = { ...older, notices: { M: { webhook: { M: { url: { S: 'ftp://x' } } } } } };
    expect(() => readTenantRecord(odd)).toThrow('notices');
  });
});

test.each([
  [ROLE, 'arn:aws:sts::123456789012:assumed-role/bakery-backend/session', true],
  [
    'arn:aws:iam::123456789012:role/shops/bakery',
    'arn:aws:sts::123456789012:assumed-role/bakery/x',
    true,
  ],
  [
    'arn:aws:iam::123456789012:user/shops/bakery',
    'arn:aws:iam::123456789012:user/shops/bakery',
    true,
  ],
  ['arn:aws:iam::123456789012:user/shops/bakery', 'arn:aws:iam::123456789012:user/bakery', false],
  [ROLE, 'arn:aws:sts::210987654321:assumed-role/bakery-backend/session', false],
  [ROLE, 'arn:aws:sts::123456789012:assumed-role/bakery-backend-2/bakery-backend', false],
  [ROLE, 'arn:aws-cn:sts::123456789012:assumed-role/bakery-backend/session', false],
  [ROLE, 'arn:aws:sts::123456789012:federated-user/bakery-backend', false],
])('whoever is listed as %s, and signs as %s, is let in: %s', (listed, signed, isLetIn) => {
  expect(isCallerOf({ callers: [listed] }, signed)).toBe(isLetIn);
});

describe('the secret by which a business knows us', () => {
  async function held() {
    return (await desk.vault.read({ kind: 'tenant', id: TENANT_ID }))?.fields ?? {};
  }

  function secret(...args: readonly string[]): Promise<number> {
    return desk.run('secret', ...args, '--tenant', 'bakery', '--local');
  }

  beforeEach(async () => {
    await desk.vault.write({ kind: 'tenant', id: TENANT_ID }, { accessToken: 'token' });
  });

  test('is made and printed for the business, once, and not asked about at Meta', async () => {
    expect(await secret('put', 'notices-secret', '--generate', '--show-notices-secret')).toBe(0);
    const [shown = ''] = /whsec_\S+/.exec(desk.out) ?? [];
    expect(isWebhookSecret(shown)).toBe(true);
    expect(await held()).toMatchObject({ accessToken: 'token', noticesSecrets: [shown] });
    expect(tenantShape.read(JSON.stringify(await held()))).toEqual({
      accessToken: 'token',
      noticesSecrets: [shown],
    });
    expect(await secret('put', 'notices-secret', '--generate')).toBe(1);
    expect(desk.err).toContain('There is a notices secret already');
    expect(desk.out + desk.err).not.toContain('whsec_');
  });

  test('is rotated: both sign, until that is finished', async () => {
    await secret('put', 'notices-secret', '--generate');
    expect(await secret('rotate', 'notices-secret', '--generate', '--show-notices-secret')).toBe(0);
    expect(desk.out).toMatch(/Have the business's server know the new one: whsec_\S+\.\n/);
    const { noticesSecrets } = tenantShape.read(JSON.stringify(await held())) ?? {};
    expect(noticesSecrets).toHaveLength(2);
    desk.clock.advance(16 * 60_000);
    expect(await secret('show-age')).toBe(0);
    expect(desk.out).toMatch(/notices-secret +\S+ s|notices-secret +16 min/);
    expect(await secret('rotate', 'notices-secret', '--finish')).toBe(0);
    expect(tenantShape.read(JSON.stringify(await held()))?.noticesSecrets).toEqual([
      noticesSecrets?.[0],
    ]);
  });

  test('is refused where it is none, or nobody’s', async () => {
    desk.input = 'whsec_short';
    expect(await secret('put', 'notices-secret')).toBe(2);
    expect(desk.err).toContain('24 to 64 random bytes');
    expect(desk.err).not.toContain('whsec_short');
    const whose = ['secret', 'put', 'notices-secret', '--generate', '--local'];
    expect(await desk.run(...whose)).toBe(2);
    expect(desk.err).toContain('Say whose notices secret it is');
    expect(await desk.run(...whose, '--app', 'bakery-app')).toBe(2);
    expect(desk.err).toContain("A notices secret is a tenant's");
    expect(await secret('put', 'access-token', '--show-notices-secret')).toBe(2);
  });
});
