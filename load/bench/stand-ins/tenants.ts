import { DEMO_BUSINESSES } from '../../../local/demo.ts';
import { writeRouteRecord } from '../../../src/adapters/dynamodb/route-record.ts';
import { writeTenantRecord } from '../../../src/adapters/dynamodb/tenant-record.ts';
import { parsePhoneNumberId, parseTenantId } from '../../../src/domain/ids.ts';
import { type StandInCloud, variableOf } from './cloud.ts';
import { putAll } from './put-all.ts';

/** Meta's id of the number of a tenant that was added. */
export function numberOfTenant(tenant: number): string {
  return `2${String(tenant).padStart(14, '0')}`;
}

/** Tenants from one number up to another, that one not included: records as the operator's command writes them. */
export async function addTenants(cloud: StandInCloud, from: number, to: number): Promise<void> {
  const [model] = DEMO_BUSINESSES;
  if (!model) throw new Error('Give local/demo.ts a business: tenants are copies of the first');
  const items = Array.from({ length: to - from }, (_, nth) => recordsOf(model.tenant, from + nth));
  await putAll(cloud, variableOf(cloud, 'processor', 'TENANTS_TABLE'), items.flat());
}

function recordsOf(model: (typeof DEMO_BUSINESSES)[number]['tenant'], number: number) {
  const tenantId = parseTenantId(`tenant-${number}`);
  const phoneNumberId = parsePhoneNumberId(numberOfTenant(number));
  if (!tenantId || !phoneNumberId) throw new Error(`Tenant ${number} has no id`);
  const numbers = [{ phoneNumberId, accountId: `3${number}` }];
  return [
    writeTenantRecord({ ...model, id: tenantId }, { numbers, revision: 1 }),
    writeRouteRecord({ phoneNumberId, tenantId }),
  ];
}
