import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { AppDirectory, OwnApp } from '#app/ports/app-directory.ts';
import type { Clock } from '#app/ports/clock.ts';
import type { AppId, PhoneNumberId, TenantId } from '#domain/ids.ts';
import { appKey, type Key, routeKey } from './keys.ts';
import { readOwnAppRecord } from './own-app-record.ts';
import { RememberedReads } from './remembered-reads.ts';
import { readRouteRecord } from './route-record.ts';
import type { Item } from './stored-record.ts';
import type { Table } from './table.ts';

export interface DynamoAppDirectoryOptions extends Table {
  readonly clock: Clock;
}

/** Apps and numbers in the tenants table, and nothing else of it. A record that cannot be read is an error. */
export class DynamoAppDirectory implements AppDirectory {
  readonly #table: Table;
  readonly #apps: RememberedReads<AppId, OwnApp | undefined>;
  readonly #owners: RememberedReads<PhoneNumberId, TenantId | undefined>;

  constructor({ client, tableName, clock }: DynamoAppDirectoryOptions) {
    this.#table = { client, tableName };
    const isUsable = (found: unknown) => found !== undefined;
    this.#apps = new RememberedReads({
      clock,
      isUsable,
      read: async (app) => {
        const item = await this.#get(appKey(app));
        return item && readOwnAppRecord(item);
      },
    });
    this.#owners = new RememberedReads({
      clock,
      isUsable,
      read: async (phoneNumberId) => {
        const item = await this.#get(routeKey(phoneNumberId));
        return item && readRouteRecord(item);
      },
    });
  }

  findApp(app: AppId): Promise<OwnApp | undefined> {
    return this.#apps.find(app);
  }

  ownerOf(phoneNumberId: PhoneNumberId): Promise<TenantId | undefined> {
    return this.#owners.find(phoneNumberId);
  }

  async #get(key: Key): Promise<Item | undefined> {
    const { client, tableName } = this.#table;
    const command = new GetItemCommand({ TableName: tableName, Key: key });
    return (await client.send(command)).Item;
  }
}
