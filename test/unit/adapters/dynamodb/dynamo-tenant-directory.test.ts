import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { DynamoTenantDirectory } from '#adapters/dynamodb/dynamo-tenant-directory.ts';
import { writeRouteRecord } from '#adapters/dynamodb/route-record.ts';
import { writeTenantRecord } from '#adapters/dynamodb/tenant-record.ts';
import { parsePhoneNumberId, parseTenantId } from '#domain/ids.ts';
import { classifyAwsError } from '#runtime/aws-failure.ts';
import { aTenant, PHONE_NUMBER_ID, present, TENANT_ID } from '#test/support/builders.ts';
import { ManualClock } from '#test/support/recorders.ts';
import { stubClient } from '#test/support/stub-client.ts';

type Item = ReturnType<typeof writeTenantRecord>;

/** A directory over a table with these items, which a test may change. */
function aDirectory(...items: readonly Item[]) {
  const table = new Map<string, Item>();
  const put = (item: Item) => table.set(`${item['pk']?.S}/${item['sk']?.S}`, item);
  for (const item of items) put(item);
  const stub = stubClient(({ input }) => ({
    Item: table.get(`${input.Key.pk.S}/${input.Key.sk.S}`),
  }));
  const clock = new ManualClock();
  const client = stub.as<DynamoDBClient>();
  const directory = new DynamoTenantDirectory({ client, tableName: 'tenants', clock });
  return {
    find: () => directory.findByPhoneNumber(PHONE_NUMBER_ID),
    directory,
    put,
    clock,
    sent: stub.sent,
  };
}

const NUMBERS = [{ phoneNumberId: PHONE_NUMBER_ID, accountId: undefined }];

function numbersOf(phoneNumberId: string) {
  return { L: [{ M: { phoneNumberId: { S: phoneNumberId } } }] };
}

const ROUTE = writeRouteRecord({ phoneNumberId: PHONE_NUMBER_ID, tenantId: TENANT_ID });

describe('DynamoTenantDirectory', () => {
  it('finds the tenant of a number, with everything the operator wrote', async () => {
    const tenant = aTenant({ model: 'gpt-6.1-terra', status: 'suspended' });
    expect(await aDirectory(ROUTE, writeTenantRecord(tenant)).find()).toEqual(tenant);
    const bare = aTenant({ instructions: '' });
    expect(await aDirectory(ROUTE, writeTenantRecord(bare)).find()).toEqual(bare);
  });

  it.each([
    ['60', 60],
    // As they could be set once.
    ['7', 30],
    ['100000', 3_650],
  ])('reads records that say %s days of retention', async (days, retentionDays) => {
    const older = { ...writeTenantRecord(aTenant()), retentionDays: { N: days } };
    expect(await aDirectory(ROUTE, older).find()).toEqual(aTenant({ retentionDays }));
  });

  it('reads back how contacts opt out', async () => {
    const optOut = {
      optOutWords: ['SCHLUSS'],
      optInWords: [],
      optOutText: 'Gut.',
      optInText: 'Ja!',
    };
    const tenant = aTenant({ optOut, retentionDays: 365 });
    expect(await aDirectory(ROUTE, writeTenantRecord(tenant)).find()).toEqual(tenant);
    const spoilt = { ...writeTenantRecord(tenant), optOutWords: { S: 'SCHLUSS' } };
    expect(await aDirectory(ROUTE, spoilt).find()).toBe('misconfigured');
  });

  it('reads records from before there were limits and budgets', async () => {
    const { limits, budget, limitText, ...older } = writeTenantRecord(aTenant());
    expect([limits, budget, limitText]).not.toContain(undefined);
    expect(await aDirectory(ROUTE, older).find()).toEqual(aTenant());
  });

  it('takes the defaults for what limits and budgets leave out', async () => {
    const sparing = {
      ...writeTenantRecord(aTenant()),
      ...marshall({ limits: { contact: { answersPerMinute: 3 } }, budget: { perDay: 5 } }),
    };
    expect(await aDirectory(ROUTE, sparing).find()).toMatchObject({
      limits: { contact: { answersPerMinute: 3, messagesPerHour: 1_000 } },
      budget: { perDay: 5, perMonth: undefined, warnAt: [0.8] },
    });
  });

  it.each([
    { limits: 'none' },
    { limits: { contact: [] } },
    { limits: { turnsPerMinute: 0 } },
    { limits: { contact: { answersPerMinute: 1.5 } } },
    { limits: { contact: { messagesPerHour: 1_000_000 } } },
    { budget: 12 },
    { budget: { perDay: -1 } },
    { budget: { perMonth: 0 } },
    { budget: { contactPerDay: '5' } },
    { budget: { contactPerMonth: 0.5 } },
    { budget: { warnAt: [80] } },
    { limitText: ' ' },
    { manners: 'kind' },
    { manners: { purpose: '' } },
    { manners: { moderation: 'perhaps' } },
    { manners: { effort: 'heroic' } },
    { manners: { maxOutputTokens: 12 } },
    { manners: { maxOutputTokens: 100_000 } },
    { manners: { language: 'klingonese language' } },
    { manners: { texts: { es: 'Hola' } } },
    { manners: { texts: { es: { fallback: ' ' } } } },
    { manners: { texts: { '!': {} } } },
    { manners: { links: ['https://shop.example/'] } },
  ])('calls a record misconfigured that says %j', async (change) => {
    const record = { ...writeTenantRecord(aTenant()), ...marshall(change) };
    expect(await aDirectory(ROUTE, record).find()).toBe('misconfigured');
  });

  it('knows nothing of a number that no tenant has', async () => {
    expect(await aDirectory().find()).toBeUndefined();
  });

  it.each([
    ['no tenant behind the route', [ROUTE]],
    ['a route to nowhere', [{ ...ROUTE, tenantId: { S: 'Not An Id' } }]],
    ['a tenant of no version', [{ v: { NULL: true } }]],
    ['a tenant without a name', [{ name: { N: '1' } }]],
    ['an unknown status', [{ status: { S: 'asleep' } }]],
    ['no fallback text', [{ fallbackText: { S: '' } }]],
    ['a blank fallback text', [{ fallbackText: { S: ' \n\t' } }]],
    ['the id of another tenant', [{ tenantId: { S: 'clinic' } }]],
  ] as const)('calls a record misconfigured that has %s', async (_what, [change]) => {
    const items =
      'pk' in change ? [change] : [ROUTE, { ...writeTenantRecord(aTenant()), ...change }];
    expect(await aDirectory(...(items as Item[])).find()).toBe('misconfigured');
  });

  it.each([
    ['route', [{ ...ROUTE, v: { N: '2' } }, writeTenantRecord(aTenant())]],
    ['record', [ROUTE, { ...writeTenantRecord(aTenant()), v: { N: '2' } }]],
  ] as const)(
    'has its caller try again later where a later release wrote the %s',
    async (_, items) => {
      const found = aDirectory(...(items as readonly Item[])).find();
      await expect(found).rejects.toThrow(expect.objectContaining({ name: 'NewerVersionError' }));
      await found.catch((error) => expect(classifyAwsError(error)?.class).toBe('retry'));
    },
  );

  it('remembers a tenant for a minute, also for callers that come together', async () => {
    const { find, put, clock, sent } = aDirectory(ROUTE, writeTenantRecord(aTenant()));
    await Promise.all([find(), find(), find()]);
    put(writeTenantRecord(aTenant({ name: 'New name' })));
    clock.advance(59_999);
    expect(await find()).toMatchObject({ name: 'The Bakery' });
    expect(sent).toHaveLength(2);
    clock.advance(1);
    expect(await find()).toMatchObject({ name: 'New name' });
  });

  describe('whose record names its numbers', () => {
    const named = (over: Parameters<typeof aTenant>[0] = {}) =>
      writeTenantRecord(aTenant(over), { numbers: NUMBERS, revision: 1 });
    const clinic = present(parseTenantId('clinic'));
    const toClinic = writeRouteRecord({ phoneNumberId: PHONE_NUMBER_ID, tenantId: clinic });

    it('is read again with one read, and its suspension is seen', async () => {
      const { find, put, clock, sent } = aDirectory(ROUTE, named());
      await find();
      put(named({ status: 'suspended' }));
      clock.advance(60_000);
      expect(await find()).toMatchObject({ status: 'suspended' });
      expect(sent).toHaveLength(3);
    });

    it.each([
      ['names no number', { ...named(), numbers: { L: [] } }],
      ['names another number', { ...named(), numbers: numbersOf('100000000000009') }],
    ])('is found by its route again where the record %s', async (_what, changed) => {
      const { find, put, clock } = aDirectory(ROUTE, named(), named({ id: clinic }));
      await find();
      put(changed);
      put(toClinic);
      clock.advance(60_000);
      expect(await find()).toMatchObject({ id: clinic });
    });

    it('is believed for ten minutes, should a removal have stopped half way', async () => {
      const { find, put, clock } = aDirectory(ROUTE, named(), named({ id: clinic }));
      await find();
      put(toClinic);
      clock.advance(599_999);
      expect(await find()).toMatchObject({ id: TENANT_ID });
      clock.advance(60_000);
      expect(await find()).toMatchObject({ id: clinic });
    });
  });

  it('sees a newly connected number within seconds', async () => {
    const { find, put, clock } = aDirectory();
    expect(await find()).toBeUndefined();
    put(ROUTE);
    put(writeTenantRecord(aTenant()));
    clock.advance(5_000);
    expect(await find()).toMatchObject({ name: 'The Bakery' });
  });

  it('does not remember that the table did not answer', async () => {
    let isDown = true;
    const stub = stubClient(() => {
      if (isDown) throw new Error('no answer');
      return {};
    });
    const client = stub.as<DynamoDBClient>();
    const clock = new ManualClock();
    const directory = new DynamoTenantDirectory({ client, tableName: 'tenants', clock });
    await expect(directory.findByPhoneNumber(PHONE_NUMBER_ID)).rejects.toThrow('no answer');
    isDown = false;
    expect(await directory.findByPhoneNumber(PHONE_NUMBER_ID)).toBeUndefined();
  });

  it('forgets the oldest of more numbers than it has room for', async () => {
    const { directory, sent } = aDirectory();
    for (let index = 0; index <= 1_000; index += 1) {
      await directory.findByPhoneNumber(present(parsePhoneNumberId(String(index))));
    }
    const asked = sent.length;
    await directory.findByPhoneNumber(present(parsePhoneNumberId('1000')));
    expect(sent).toHaveLength(asked);
    await directory.findByPhoneNumber(present(parsePhoneNumberId('0')));
    expect(sent).toHaveLength(asked + 1);
  });
});
