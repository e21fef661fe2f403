import { DEMO_BUSINESSES } from '../../../local/demo.ts';
import type { Item } from '../../../local/dynamodb/dynamo-engine.ts';
import { tenantKey } from '../../../src/adapters/dynamodb/keys.ts';
import { writeRouteRecord } from '../../../src/adapters/dynamodb/route-record.ts';
import { writeTenantRecord } from '../../../src/adapters/dynamodb/tenant-record.ts';
import { parsePhoneNumberId, parseTenantId } from '../../../src/domain/ids.ts';
import type { Tenant } from '../../../src/domain/tenant/tenant.ts';
import { type StandInCloud, variableOf } from './cloud.ts';
import { putAll } from './put-all.ts';

/** Meta's id of the number of a tenant that was added. */
export function numberOfTenant(tenant: number): string {
  return `2${String(tenant).padStart(14, '0')}`;
}

/** Whether a tenant can be found: only every so many have a whole record, which takes long to put. */
export function isWhole(tenant: number): boolean {
  return tenant < 1_000 || tenant % 100 === 0;
}

/**
 * Tenants from one number up to another, that one not included, each with a route: records as the
 * operator's command writes them, of most tenants cut short.
 */
export async function addTenants(cloud: StandInCloud, from: number, to: number): Promise<void> {
  const [model] = DEMO_BUSINESSES;
  if (!model) throw new Error('Give local/demo.ts a business: tenants are copies of the first');
  const items = Array.from({ length: to - from }, (_, nth) => recordsOf(model.tenant, from + nth));
  await putAll(cloud, variableOf(cloud, 'processor', 'TENANTS_TABLE'), items.flat());
}

function recordsOf(model: Tenant, number: number): readonly Item[] {
  const tenantId = parseTenantId(`tenant-${number}`);
  const phoneNumberId = parsePhoneNumberId(numberOfTenant(number));
  if (!tenantId || !phoneNumberId) throw new Error(`Tenant ${number} has no id`);
  const numbers = [{ phoneNumberId, accountId: `3${number}` }];
  const record = isWhole(number)
    ? writeTenantRecord({ ...model, id: tenantId }, { numbers, revision: 1 })
    : { ...tenantKey(tenantId), name: { S: model.name } };
  return [record, writeRouteRecord({ phoneNumberId, tenantId })];
}
