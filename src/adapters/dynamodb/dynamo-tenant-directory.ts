import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Clock } from '#app/ports/clock.ts';
import type { TenantDirectory } from '#app/ports/tenant-directory.ts';
import type { PhoneNumberId } from '#domain/ids.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import { type Key, routeKey, tenantKey } from './keys.ts';
import { type Item, StoredRecordError } from './stored-record.ts';
import type { Table } from './table.ts';
import { readRouteRecord, readTenantRecord } from './tenant-record.ts';

export interface DynamoTenantDirectoryOptions extends Table {
  readonly clock: Clock;
}

type Found = Tenant | 'misconfigured' | undefined;

/** How long a change of the operator's may go unnoticed by a running process. */
const KNOWN_FOR_MS = 60_000;
/** A number that has just been connected, or a record just repaired, works soon. */
const UNUSABLE_FOR_MS = 5_000;
const MOST_CACHED = 1_000;

/** Tenants in their table, remembered for a minute. */
export class DynamoTenantDirectory implements TenantDirectory {
  readonly #table: Table;
  readonly #clock: Clock;
  readonly #cached = new Map<PhoneNumberId, { found: Promise<Found>; untilMs: number }>();

  constructor({ client, tableName, clock }: DynamoTenantDirectoryOptions) {
    this.#table = { client, tableName };
    this.#clock = clock;
  }

  findByPhoneNumber(phoneNumberId: PhoneNumberId): Promise<Found> {
    const cached = this.#cached.get(phoneNumberId);
    if (cached && this.#clock.now() < cached.untilMs) return cached.found;
    return this.#readAndRemember(phoneNumberId);
  }

  async #readAndRemember(phoneNumberId: PhoneNumberId): Promise<Found> {
    const entry = {
      found: this.#read(phoneNumberId),
      untilMs: this.#clock.now() + UNUSABLE_FOR_MS,
    };
    this.#remember(phoneNumberId, entry);
    try {
      const found = await entry.found;
      if (found && found !== 'misconfigured') entry.untilMs = this.#clock.now() + KNOWN_FOR_MS;
      return found;
    } catch (error) {
      if (this.#cached.get(phoneNumberId) === entry) this.#cached.delete(phoneNumberId);
      throw error;
    }
  }

  #remember(phoneNumberId: PhoneNumberId, entry: { found: Promise<Found>; untilMs: number }): void {
    this.#cached.delete(phoneNumberId);
    const [oldest] = this.#cached.keys();
    if (oldest !== undefined && this.#cached.size >= MOST_CACHED) this.#cached.delete(oldest);
    this.#cached.set(phoneNumberId, entry);
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
