import { writeRouteRecord } from '#adapters/dynamodb/route-record.ts';
import { writeTenantRecord } from '#adapters/dynamodb/tenant-record.ts';
import type { LocalCloud } from './cloud/start-local-cloud.ts';
import { APP_SECRET, DEMO_BUSINESSES, type DemoBusiness, VERIFY_TOKEN } from './demo.ts';
import { putSecret, SeedError, variable } from './put-secret.ts';
import { SHARED_APP_ID } from './whatsapp/numbers.ts';

/** What an operator does after the first deployment: the platform's secret, then each business. */
export async function seed(cloud: LocalCloud, openAiApiKey: string): Promise<void> {
  const platform = {
    appId: SHARED_APP_ID,
    appSecrets: [APP_SECRET],
    verifyTokens: [VERIFY_TOKEN],
    openAiApiKey,
  };
  await putSecret(cloud, 'platform', platform);
  for (const business of DEMO_BUSINESSES) await seedBusiness(cloud, business);
}

async function seedBusiness(
  cloud: LocalCloud,
  { tenant, phoneNumberId, accountId, accessToken }: DemoBusiness,
): Promise<void> {
  await putSecret(cloud, tenant.id, { accessToken });
  const TableName = variable(cloud, 'processor', 'TENANTS_TABLE');
  const route = writeRouteRecord({ phoneNumberId, tenantId: tenant.id });
  const config = writeTenantRecord(tenant, {
    numbers: [{ phoneNumberId, accountId }],
    revision: 1,
  });
  for (const Item of [config, route]) {
    const body = JSON.stringify({ TableName, Item });
    const answer = await cloud.dynamodb.handle('PutItem', body);
    if (answer.status !== 200) {
      throw new SeedError(`The tenants table refused ${tenant.id} with status ${answer.status}`);
    }
  }
}
