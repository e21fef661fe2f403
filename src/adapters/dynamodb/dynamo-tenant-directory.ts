import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Clock } from '#app/ports/clock.ts';
import type { TenantDirectory } from '#app/ports/tenant-directory.ts';
import type { PhoneNumberId } from '#domain/ids.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import { type Key, routeKey, tenantKey } from './keys.ts';
import { RememberedReads } from './remembered-reads.ts';
import { type Item, StoredRecordError } from './stored-record.ts';
import type { Table } from './table.ts';
import { readRouteRecord, readTenantRecord } from './tenant-record.ts';

export interface DynamoTenantDirectoryOptions extends Table {
  readonly clock: Clock;
}

type Found = Tenant | 'misconfigured' | undefined;

/** Tenants in their table, remembered for a minute. */
export class DynamoTenantDirectory implements TenantDirectory {
  readonly #table: Table;
  readonly #found: RememberedReads<PhoneNumberId, Found>;

  constructor({ client, tableName, clock }: DynamoTenantDirectoryOptions) {
    this.#table = { client, tableName };
    this.#found = new RememberedReads({
      clock,
      read: (phoneNumberId) => this.#read(phoneNumberId),
      isUsable: (found) => found !== undefined && found !== 'misconfigured',
    });
  }

  findByPhoneNumber(phoneNumberId: PhoneNumberId): Promise<Found> {
    return this.#found.find(phoneNumberId);
  }

  async #read(phoneNumberId: PhoneNumberId): Promise<Found> {
    try {
      const route = await this.#get(routeKey(phoneNumberId));
      if (!route) return undefined;
      const tenantId = readRouteRecord(route);
      const item = await this.#get(tenantKey(tenantId));
      const tenant = item && readTenantRecord(item);
      // A record copied from another tenant's, its id with it, would send with that one's token.
      return tenant?.id === tenantId ? tenant : 'misconfigured';
    } catch (error) {
      if (error instanceof StoredRecordError) return 'misconfigured';
      throw error;
    }
  }

  async #get(key: Key): Promise<Item | undefined> {
    const { client, tableName } = this.#table;
    const command = new GetItemCommand({ TableName: tableName, Key: key });
    return (await client.send(command)).Item;
  }
}
