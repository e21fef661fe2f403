import { writeRouteRecord } from '#adapters/dynamodb/route-record.ts';
import { writeTenantRecord } from '#adapters/dynamodb/tenant-record.ts';
import type { JsonObject } from '#domain/json.ts';
import { readPlatformSecret } from '#domain/secret/platform-secret.ts';
import type { LocalCloud } from './cloud/local-cloud.ts';
import { APP_SECRET, DEMO_BUSINESSES, type DemoBusiness, VERIFY_TOKEN } from './demo.ts';
import { platformSecret, putSecret, SeedError, tenantSecret, variable } from './put-secret.ts';
import { SHARED_APP_ID } from './whatsapp/numbers.ts';

/**
 * What an operator does after the first deployment: the platform's secret, then each business. Of an
 * earlier run all is kept but what the simulated WhatsApp, which starts anew, would not know.
 * @param openAiApiKey undefined = the scripted model, which takes any
 */
export async function seed(cloud: LocalCloud, openAiApiKey: string | undefined): Promise<void> {
  const before = platformSecret(cloud);
  for (const business of DEMO_BUSINESSES) {
    if (!before) await addBusiness(cloud, business);
    if (await isThere(cloud, business)) {
      const { accessToken, tenant } = business;
      await putSecret(cloud, tenant.id, { ...(await tenantSecret(cloud, tenant.id)), accessToken });
    }
  }
  // Last, since it tells that all of this was done.
  await putSecret(cloud, 'platform', platformAfter(before, openAiApiKey));
}

function platformAfter(before: JsonObject = {}, openAiApiKey: string | undefined): JsonObject {
  const held = readPlatformSecret(before);
  return {
    ...before,
    appId: SHARED_APP_ID,
    appSecrets: held.appSecrets.includes(APP_SECRET) ? held.appSecrets : [APP_SECRET],
    verifyTokens: held.verifyTokens.length > 0 ? held.verifyTokens : [VERIFY_TOKEN],
    openAiApiKey: openAiApiKey ?? before['openAiApiKey'] ?? 'local-openai-key',
  };
}

/** What is there, as on a DynamoDB of somebody else's, is left as it is. */
async function addBusiness(cloud: LocalCloud, business: DemoBusiness): Promise<void> {
  const { tenant, phoneNumberId } = business;
  const route = writeRouteRecord({ phoneNumberId, tenantId: tenant.id });
  for (const record of [recordOf(business), route]) await putNew(cloud, record, tenant.id);
}

function recordOf({ tenant, phoneNumberId, accountId }: DemoBusiness) {
  return writeTenantRecord(tenant, { numbers: [{ phoneNumberId, accountId }], revision: 1 });
}

async function putNew(cloud: LocalCloud, record: object, tenant: string): Promise<void> {
  const request = {
    TableName: variable(cloud, 'processor', 'TENANTS_TABLE'),
    Item: record,
    ConditionExpression: 'attribute_not_exists(pk)',
  };
  const { status, body } = await cloud.dynamodb.handle('PutItem', JSON.stringify(request));
  if (status === 200 || body.includes('ConditionalCheckFailed')) return;
  throw new SeedError(`The tenants table refused ${tenant} with status ${status}`);
}

/** One that was removed stays so. */
async function isThere(cloud: LocalCloud, business: DemoBusiness): Promise<boolean> {
  const { pk, sk } = recordOf(business);
  const request = {
    TableName: variable(cloud, 'processor', 'TENANTS_TABLE'),
    Key: { pk, sk },
    ConsistentRead: true,
  };
  const { status, body } = await cloud.dynamodb.handle('GetItem', JSON.stringify(request));
  if (status === 200) return 'Item' in JSON.parse(body);
  throw new SeedError(`The tenants table cannot be read: status ${status}`);
}
