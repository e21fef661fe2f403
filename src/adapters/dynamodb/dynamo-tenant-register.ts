import { GetItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { OwnApp } from '#app/ports/app-directory.ts';
import type { RegisteredTenant, TenantEntry, TenantRegister } from '#app/ports/tenant-register.ts';
import type { AppId, PhoneNumberId, TenantId } from '#domain/ids.ts';
import { deleteWhen, putWhen } from './conditional-write.ts';
import { appKey, type Key, routeKey, tenantIdOfKey, tenantKey } from './keys.ts';
import { readOwnAppRecord, writeOwnAppRecord } from './own-app-record.ts';
import { readRouteRecord, writeRouteRecord } from './route-record.ts';
import { type Item, NewerVersionError, StoredRecordError } from './stored-record.ts';
import type { SdkTable } from './table.ts';
import { readTenantEntry, requireKnownVersion, writeTenantRecord } from './tenant-record.ts';

/** The operator's book in the tenants table: no write goes over what its writer has not seen. */
export class DynamoTenantRegister implements TenantRegister {
  readonly #table: SdkTable;

  constructor({ client, tableName }: SdkTable) {
    this.#table = { client, tableName };
  }

  async find(id: TenantId): Promise<RegisteredTenant | undefined> {
    const item = await this.#get(tenantKey(id));
    // Whoever reads one means to write it, and would drop what a later release has put there.
    if (item) requireKnownVersion(item);
    return item && readTenantEntry(id, item);
  }

  async list(): Promise<readonly RegisteredTenant[]> {
    const { client, tableName } = this.#table;
    const pages = paginateScan(
      { client },
      {
        TableName: tableName,
        ConsistentRead: true,
        FilterExpression: 'sk = :config',
        ExpressionAttributeValues: marshall({ ':config': 'CONFIG' }),
      },
    );
    const found: RegisteredTenant[] = [];
    for await (const { Items: items = [] } of pages) {
      for (const item of items) {
        const id = tenantIdOfKey(item);
        if (id) found.push(readTenantEntry(id, item));
      }
    }
    return found.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async create(entry: TenantEntry): Promise<'created' | 'exists'> {
    const written = await putWhen(this.#table, {
      Item: writeTenantRecord(entry.tenant, { numbers: entry.numbers, revision: 1 }),
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    return written === 'written' ? 'created' : 'exists';
  }

  async replace(entry: TenantEntry, seenRevision: number): Promise<'replaced' | 'changed'> {
    const written = await putWhen(this.#table, {
      Item: writeTenantRecord(entry.tenant, {
        numbers: entry.numbers,
        revision: seenRevision + 1,
      }),
      ...isStill(seenRevision),
    });
    return written === 'written' ? 'replaced' : 'changed';
  }

  async delete(id: TenantId, seenRevision: number): Promise<'deleted' | 'changed'> {
    const written = await deleteWhen(this.#table, { Key: tenantKey(id), ...isStill(seenRevision) });
    return written === 'written' ? 'deleted' : 'changed';
  }

  async claim(phoneNumberId: PhoneNumberId, id: TenantId): Promise<'claimed' | 'taken'> {
    const written = await putWhen(this.#table, {
      Item: writeRouteRecord({ phoneNumberId, tenantId: id }),
      ...isFreeOrOf(id),
    });
    return written === 'written' ? 'claimed' : 'taken';
  }

  async release(phoneNumberId: PhoneNumberId, id: TenantId): Promise<void> {
    await deleteWhen(this.#table, { Key: routeKey(phoneNumberId), ...isOf(id) });
  }

  ownerOf(phoneNumberId: PhoneNumberId): Promise<TenantId | 'misconfigured' | undefined> {
    return this.#find(routeKey(phoneNumberId), readRouteRecord);
  }

  async claimApp(app: AppId, own: OwnApp): Promise<'claimed' | 'taken'> {
    const written = await putWhen(this.#table, {
      Item: writeOwnAppRecord(app, own),
      ...isFreeOrOf(own.tenantId),
    });
    return written === 'written' ? 'claimed' : 'taken';
  }

  async releaseApp(app: AppId, id: TenantId): Promise<void> {
    await deleteWhen(this.#table, { Key: appKey(app), ...isOf(id) });
  }

  findApp(app: AppId): Promise<OwnApp | 'misconfigured' | undefined> {
    return this.#find(appKey(app), readOwnAppRecord);
  }

  async #find<Found>(
    key: Key,
    read: (item: Item) => Found,
  ): Promise<Found | 'misconfigured' | undefined> {
    const item = await this.#get(key);
    try {
      return item && read(item);
    } catch (error) {
      if (error instanceof NewerVersionError) throw error;
      if (error instanceof StoredRecordError) return 'misconfigured';
      throw error;
    }
  }

  async #get(key: Key): Promise<Item | undefined> {
    const { client, tableName } = this.#table;
    const command = new GetItemCommand({ TableName: tableName, Key: key, ConsistentRead: true });
    return (await client.send(command)).Item;
  }
}

/** Entries that were put by hand have no revision, which counts as 0. */
function isStill(revision: number) {
  return revision === 0
    ? { ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(revision)' }
    : {
        ConditionExpression: 'revision = :seen',
        ExpressionAttributeValues: marshall({ ':seen': revision }),
      };
}

function isOf(id: TenantId) {
  return {
    ConditionExpression: 'tenantId = :id',
    ExpressionAttributeValues: marshall({ ':id': id }),
  };
}

function isFreeOrOf(id: TenantId) {
  return {
    ...isOf(id),
    ConditionExpression: 'attribute_not_exists(pk) OR tenantId = :id',
  };
}
