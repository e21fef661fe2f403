import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { DynamoTenantDirectory } from '#adapters/dynamodb/dynamo-tenant-directory.ts';
import { writeRouteRecord } from '#adapters/dynamodb/route-record.ts';
import { writeTenantRecord } from '#adapters/dynamodb/tenant-record.ts';
import { CachedSecretSource } from '#adapters/secrets/cached-secret-source.ts';
import { SecretsManagerSecretReader } from '#adapters/secrets/secrets-manager-secret-reader.ts';
import { Circuits } from '#app/circuits.ts';
import { parsePhoneNumberId, parseTenantId } from '#domain/ids.ts';
import { aTenant, present } from '#test/support/builders.ts';
import { ManualClock, RecordingLog, RecordingMetrics } from '#test/support/recorders.ts';
import { stubClient } from '#test/support/stub-client.ts';

const TENANTS = Array.from({ length: 10_000 }, (_, index) => ({
  id: present(parseTenantId(`shop-${index}`)),
  phoneNumberId: present(parsePhoneNumberId(String(100_000_000_000_000 + index))),
}));
const MINUTE_MS = 60_000;

/** A directory over a table that has all of them, and how often it was read. */
function aDirectory(instructions = 'You answer for a shop.') {
  const byId = new Map(TENANTS.map((each) => [`TENANT#${each.id}`, each]));
  const byNumber = new Map(TENANTS.map((each) => [`PHONE#${each.phoneNumberId}`, each]));
  const stub = stubClient(({ input }) => {
    const pk: string = input.Key.pk.S;
    const routed = byNumber.get(pk);
    if (routed) return { Item: writeRouteRecord({ ...routed, tenantId: routed.id }) };
    const { id, phoneNumberId } = present(byId.get(pk));
    const numbers = [{ phoneNumberId, accountId: undefined }];
    return { Item: writeTenantRecord(aTenant({ id, instructions }), { numbers, revision: 1 }) };
  });
  const clock = new ManualClock();
  const client = stub.as<DynamoDBClient>();
  const directory = new DynamoTenantDirectory({ client, tableName: 'tenants', clock });
  return {
    clock,
    /** Finds the tenants of these numbers, one after the other. @returns how many reads it took */
    async find(tenants: typeof TENANTS): Promise<number> {
      const before = stub.sent.length;
      const wrong: unknown[] = [];
      for (const { id, phoneNumberId } of tenants) {
        const found = await directory.findByPhoneNumber(phoneNumberId);
        // An assertion for each would take longer than all the rest.
        if (typeof found !== 'object' || found.id !== id) wrong.push(found);
      }
      expect(wrong).toEqual([]);
      return stub.sent.length - before;
    },
  };
}

test('to read a tenant again is one read, among ten thousand as among ten', async () => {
  const { clock, find } = aDirectory();
  expect(await find(TENANTS)).toBe(20_000);
  for (let minute = 0; minute < 2; minute += 1) {
    clock.advance(MINUTE_MS);
    expect(await find(TENANTS)).toBe(10_000);
  }
  // Now and then the routes are looked at too, though nothing says that they have changed.
  clock.advance(10 * MINUTE_MS);
  expect(await find(TENANTS)).toBe(20_000);
}, 30_000);

test('the thousand that were asked for last are remembered, and no more', async () => {
  const { find } = aDirectory();
  await find(TENANTS);
  expect(await find(TENANTS.slice(-1_000))).toBe(0);
  expect(await find(TENANTS.slice(-1_001, -1_000))).toBe(1);
});

test('of tenants with the longest instructions only as many are remembered as fit', async () => {
  const { find } = aDirectory('x'.repeat(100_000));
  const some = TENANTS.slice(0, 400);
  await find(some);
  expect(await find(some.slice(-160))).toBe(0);
  expect(await find(some.slice(-161, -160))).toBe(1);
});

test('the secrets of a thousand tenants are remembered, and no more', async () => {
  const stub = stubClient(() => ({ SecretString: '{"accessToken":"token"}' }));
  const secrets = new CachedSecretSource({
    platform: new SecretsManagerSecretReader({
      client: stub.as<SecretsManagerClient>(),
      platformSecretId: 'platform',
      tenantSecretPrefix: 'tenant/',
    }),
    clock: new ManualClock(),
    log: new RecordingLog(),
  });
  for (const { id } of TENANTS) await secrets.tenant(id);
  expect(stub.sent).toHaveLength(10_000);
  for (const { id } of TENANTS.slice(-1_000)) await secrets.tenant(id);
  expect(stub.sent).toHaveLength(10_000);
  await secrets.tenant(present(TENANTS[0]).id);
  expect(stub.sent).toHaveLength(10_001);
});

test('the circuits of a thousand tenants are remembered, and no more', () => {
  const deps = { clock: new ManualClock(), metrics: new RecordingMetrics() };
  const circuits = new Circuits('GraphCircuit', deps);
  for (const { id } of TENANTS) {
    circuits.failed(id, { class: 'fix-needed', code: 'graph:190' });
    circuits.begin(id);
  }
  const open = TENANTS.filter(({ id }) => circuits.refusal(id) !== undefined);
  expect(open).toEqual(TENANTS.slice(-1_000));
});
