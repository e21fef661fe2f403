import { writeRouteRecord, writeTenantRecord } from '#adapters/dynamodb/tenant-record.ts';
import type { LocalCloud } from './cloud/start-local-cloud.ts';
import { APP_SECRET, DEMO_BUSINESSES, type DemoBusiness, VERIFY_TOKEN } from './demo.ts';
import { SHARED_APP_ID } from './whatsapp/numbers.ts';

/** Raised when the local cloud does not take what an operator would put first. */
class SeedError extends Error {
  override readonly name = 'SeedError';
}

/** The name of the platform's secret among those of the tenants. */
const PLATFORM = 'platform';

/** What an operator does after the first deployment: the platform's secret, then each business. */
export async function seed(cloud: LocalCloud, openAiApiKey: string): Promise<void> {
  const platform = {
    appId: SHARED_APP_ID,
    appSecrets: [APP_SECRET],
    verifyTokens: [VERIFY_TOKEN],
    openAiApiKey,
  };
  putSecret(cloud, secretIdOf(cloud, PLATFORM), platform);
  for (const business of DEMO_BUSINESSES) await seedBusiness(cloud, business);
}

async function seedBusiness(
  cloud: LocalCloud,
  { tenant, phoneNumberId, accountId, accessToken }: DemoBusiness,
): Promise<void> {
  const secretName = secretIdOf(cloud, tenant.id);
  if (!cloud.secrets.find(secretName)) cloud.secrets.createSecret({ name: secretName });
  putSecret(cloud, secretName, { accessToken });
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

/** Where the platform's secret (`platform`) or a tenant's (by its id) lies. */
export function secretIdOf(cloud: LocalCloud, name: string): string {
  return name === PLATFORM
    ? variable(cloud, 'ingest', 'PLATFORM_SECRET_ARN')
    : `${variable(cloud, 'processor', 'TENANT_SECRET_PREFIX')}${name}`;
}

export function putSecret(cloud: LocalCloud, secretId: string, value: unknown): void {
  cloud.secrets.putSecretValue({ secretId, secretString: JSON.stringify(value) });
}

function variable(cloud: LocalCloud, functionName: string, name: string): string {
  const value = cloud.functions.get(functionName)?.definition.variables[name];
  if (value === undefined) {
    throw new SeedError(`The template gives function ${functionName} no variable ${name}`);
  }
  return value;
}
