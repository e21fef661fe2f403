import {
  readSealedSecretRecord,
  writeSealedSecretRecord,
} from '#adapters/dynamodb/sealed-secret-record.ts';
import { encryptionContextOf, openText, sealText } from '#adapters/kms/seal-text.ts';
import { parseTenantId, type TenantId } from '#domain/ids.ts';
import { isObject, type JsonObject, objectAt } from '#domain/json.ts';
import type { LocalCloud } from './cloud/local-cloud.ts';

/** Raised when the local cloud does not take what an operator would put first. */
export class SeedError extends Error {
  override readonly name = 'SeedError';
}

/** The name of the platform's secret among those of the tenants. */
const PLATFORM = 'platform';

const DATA_KEY_BYTES = 32;

/** Puts the platform's secret (`platform`) or a tenant's (its id) where the functions read it. */
export async function putSecret(cloud: LocalCloud, name: string, value: JsonObject): Promise<void> {
  const id = parseTenantId(name);
  if (name !== PLATFORM && id && isSealed(cloud)) {
    if (await putSealed(cloud, id, value, {})) return;
    throw new SeedError(`The tenants table refused the secret of ${id}`);
  }
  const secretId = secretIdOf(cloud, name);
  if (!cloud.secrets.find(secretId)) cloud.secrets.createSecret({ name: secretId });
  putManaged(cloud, secretId, value);
}

/** What the platform's secret holds; undefined where it has no value yet. */
export function platformSecret(cloud: LocalCloud): JsonObject | undefined {
  return readManaged(cloud, secretIdOf(cloud, PLATFORM));
}

/** What a tenant's secret holds where the functions read it; undefined where it has no value there. */
export async function tenantSecret(
  cloud: LocalCloud,
  tenant: TenantId,
): Promise<JsonObject | undefined> {
  return isSealed(cloud)
    ? readSealed(cloud, tenant)
    : readManaged(cloud, secretIdOf(cloud, tenant));
}

async function readSealed(cloud: LocalCloud, tenant: TenantId): Promise<JsonObject | undefined> {
  const nothing = new Uint8Array();
  const { pk, sk } = writeSealedSecretRecord(tenant, {
    wrappedKey: nothing,
    iv: nothing,
    ciphertext: nothing,
    changedAtMs: 0,
  });
  const request = {
    TableName: variable(cloud, 'processor', 'TENANTS_TABLE'),
    Key: { pk, sk },
    ConsistentRead: true,
  };
  const { status, body } = await cloud.dynamodb.handle('GetItem', JSON.stringify(request));
  if (status !== 200) throw new SeedError(`The tenants table cannot be read: status ${status}`);
  const item = objectAt(asObject(body) ?? {}, 'Item');
  if (!item) return undefined;
  const sealed = readSealedSecretRecord(fromJson(item));
  const context = { tenant, purpose: 'tenant-secret' } as const;
  const { plaintext } = cloud.kms.decrypt(Buffer.from(sealed.wrappedKey), {
    keyId: undefined,
    context: encryptionContextOf(context),
  });
  return asObject(openText(sealed, context, plaintext));
}

function readManaged(cloud: LocalCloud, secretId: string): JsonObject | undefined {
  const found = cloud.secrets.find(secretId);
  if (!found || found.versions.length === 0) return undefined;
  const { version } = cloud.secrets.getSecretValue(found.arn, {});
  return asObject(version.secretString);
}

function asObject(json: string): JsonObject | undefined {
  const value: unknown = JSON.parse(json);
  return isObject(value) ? value : undefined;
}

/** As `putSecret`, where there is one. @returns false where there is none */
export async function replaceSecret(
  cloud: LocalCloud,
  name: string,
  value: JsonObject,
): Promise<boolean> {
  const id = parseTenantId(name);
  if (name !== PLATFORM && id && isSealed(cloud)) {
    return putSealed(cloud, id, value, { ConditionExpression: 'attribute_exists(pk)' });
  }
  const secretId = secretIdOf(cloud, name);
  if (!cloud.secrets.find(secretId)) return false;
  putManaged(cloud, secretId, value);
  return true;
}

function secretIdOf(cloud: LocalCloud, name: string): string {
  return name === PLATFORM
    ? variable(cloud, 'ingest', 'PLATFORM_SECRET_ARN')
    : `${variable(cloud, 'processor', 'TENANT_SECRET_PREFIX')}${name}`;
}

function putManaged({ secrets }: LocalCloud, secretId: string, value: JsonObject): void {
  secrets.putSecretValue({ secretId, secretString: JSON.stringify(value) });
}

function isSealed(cloud: LocalCloud): boolean {
  return variable(cloud, 'processor', 'TENANT_VAULT') === 'tenants-table';
}

/** @returns false where the table refused it, as its condition did not hold */
async function putSealed(
  cloud: LocalCloud,
  tenant: TenantId,
  value: JsonObject,
  condition: { readonly ConditionExpression?: string },
): Promise<boolean> {
  const context = { tenant, purpose: 'tenant-secret' } as const;
  const key = cloud.kms.generateDataKey({
    keyId: variable(cloud, 'processor', 'TENANT_SECRETS_KEY_ARN'),
    bytes: DATA_KEY_BYTES,
    context: encryptionContextOf(context),
  });
  const sealed = sealText(JSON.stringify(value), context, key);
  const request = {
    TableName: variable(cloud, 'processor', 'TENANTS_TABLE'),
    Item: inJson(writeSealedSecretRecord(tenant, { ...sealed, changedAtMs: Date.now() })),
    ...condition,
  };
  return (await cloud.dynamodb.handle('PutItem', JSON.stringify(request))).status === 200;
}

/** An item as the JSON protocol carries it: bytes in base64. */
function inJson(item: ReturnType<typeof writeSealedSecretRecord>): object {
  const attributes = Object.entries(item).map(([name, value]) => [
    name,
    value.B ? { B: Buffer.from(value.B).toString('base64') } : value,
  ]);
  return Object.fromEntries(attributes);
}

function fromJson(item: JsonObject): ReturnType<typeof writeSealedSecretRecord> {
  const attributes = Object.keys(item).map((name) => {
    const { N, S, B } = { ...objectAt(item, name) };
    if (typeof B === 'string') return [name, { B: Buffer.from(B, 'base64') }];
    return [name, typeof N === 'string' ? { N } : { S: String(S) }];
  });
  return Object.fromEntries(attributes);
}

/** What the template gives a function. @throws SeedError */
export function variable(cloud: LocalCloud, functionName: string, name: string): string {
  const value = cloud.functions.get(functionName)?.definition.variables[name];
  if (value === undefined) {
    throw new SeedError(`The template gives function ${functionName} no variable ${name}`);
  }
  return value;
}
