import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoSpendLedger } from '#adapters/dynamodb/dynamo-spend-ledger.ts';
import { writeOwnAppRecord } from '#adapters/dynamodb/own-app-record.ts';
import { writeTenantRecord } from '#adapters/dynamodb/tenant-record.ts';
import { type AppId, parseAppId } from '#domain/ids.ts';
import { microUsd } from '#domain/money/micro-usd.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import { LOCAL_OPERATOR } from '#local/aws/local-operator.ts';
import type { LocalCloud } from '#local/cloud/start-local-cloud.ts';
import { DEMO_BUSINESSES, type DemoBusiness } from '#local/demo.ts';
import { variable } from '#local/put-secret.ts';
import { present } from '#test/support/builders.ts';
import { RecordingLog } from '#test/support/recorders.ts';
import { PLATFORM_BUDGET } from './start-game.ts';

export type TenantName = 'bakery' | 'clinic';

const PLATFORM = {
  perDay: microUsd(PLATFORM_BUDGET),
  perMonth: undefined,
  warnAt: [0.8],
};

function businessOf(name: TenantName): DemoBusiness {
  return present(DEMO_BUSINESSES.find(({ tenant }) => tenant.id === name));
}

/** As the operator changes a tenant; without changes it is as it was. */
export async function changeTenant(
  cloud: LocalCloud,
  name: TenantName,
  changes: Partial<Tenant> = {},
): Promise<void> {
  const { tenant, phoneNumberId, accountId } = businessOf(name);
  const numbers = [{ phoneNumberId, accountId }];
  await put(cloud, writeTenantRecord({ ...tenant, ...changes }, { numbers, revision: 1 }));
}

/** As if a tenant had spent so many dollars today; the platform with it. */
export async function spend(cloud: LocalCloud, name: TenantName, dollars: number): Promise<void> {
  const client = new DynamoDBClient({
    endpoint: cloud.awsUrl,
    region: cloud.region,
    credentials: { accessKeyId: LOCAL_OPERATOR, secretAccessKey: 'any' },
  });
  const tableName = variable(cloud, 'processor', 'TENANTS_TABLE');
  const log = new RecordingLog();
  const ledger = new DynamoSpendLedger({ client, tableName, platform: PLATFORM, log });
  const { id, budget } = businessOf(name).tenant;
  const terms = { ...budget, turnsPerMinute: undefined };
  const spender = { tenantId: id, terms, spread: 'game day' };
  await ledger.add(spender, { model: microUsd(dollars * 1_000_000) }, Date.now());
  client.destroy();
}

/** Nobody has spent anything. */
export async function forgetSpending(cloud: LocalCloud): Promise<void> {
  const TableName = variable(cloud, 'processor', 'TENANTS_TABLE');
  const request = {
    TableName,
    FilterExpression: 'begins_with(pk, :usage)',
    ExpressionAttributeValues: { ':usage': { S: 'USAGE#' } },
    ProjectionExpression: 'pk, sk',
  };
  const found = await cloud.dynamodb.handle('Scan', JSON.stringify(request));
  const { Items } = JSON.parse(found.body.toString()) as { Items: readonly object[] };
  for (const Key of Items) {
    await cloud.dynamodb.handle('DeleteItem', JSON.stringify({ TableName, Key }));
  }
}

/** The clinic has a Meta app of its own, of which it knows the secret. */
export async function addOwnApp(cloud: LocalCloud, app: string, secret: string): Promise<void> {
  const { tenant, accountId } = businessOf('clinic');
  const id: AppId = present(parseAppId(app));
  await put(cloud, writeOwnAppRecord(id, { tenantId: tenant.id, accountIds: [accountId] }));
  const name = `${variable(cloud, 'ingest', 'APP_SECRET_PREFIX')}${app}`;
  if (cloud.secrets.find(name)) return;
  const value = { appId: '1', appSecrets: [secret], verifyTokens: ['any'] };
  cloud.secrets.createSecret({ name, secretString: JSON.stringify(value) });
}

async function put(cloud: LocalCloud, item: object): Promise<void> {
  const request = { TableName: variable(cloud, 'processor', 'TENANTS_TABLE'), Item: item };
  const { status, body } = await cloud.dynamodb.handle('PutItem', JSON.stringify(request));
  if (status !== 200) throw new Error(`The tenants table answered ${status}: ${String(body)}`);
}
