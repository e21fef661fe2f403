import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Clock } from '#app/ports/clock.ts';
import type { TenantDirectory } from '#app/ports/tenant-directory.ts';
import type { PhoneNumberId, TenantId } from '#domain/ids.ts';
import { LeastRecent } from '#domain/least-recent.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import { type Key, routeKey, tenantKey } from './keys.ts';
import { readRouteRecord } from './route-record.ts';
import { type Item, NewerVersionError, StoredRecordError } from './stored-record.ts';
import type { Table } from './table.ts';
import { hasNumber, readTenantRecord } from './tenant-record.ts';

export interface DynamoTenantDirectoryOptions extends Table {
  readonly clock: Clock;
}

type Found = Tenant | 'misconfigured' | undefined;

/** How long a change of the operator's may go unnoticed by a running process. */
const KNOWN_FOR_MS = 60_000;
/** A number that has just been connected, or a record just repaired, works soon. */
const UNUSABLE_FOR_MS = 5_000;
const MOST_KNOWN = 1_000;
/** Instructions take up to 100,000 characters: of the longest, some hundred are kept. */
const MOST_KNOWN_CHARACTERS = 16_000_000;

/** A route is looked at again after this, though the tenant's own record still names the number. */
const ROUTED_FOR_MS = 10 * 60_000;
/** About a hundred bytes each: far more than the tenants, which are read again every minute. */
const MOST_ROUTED = 20_000;

/**
 * Tenants in their table, remembered for a minute. To read one again costs one read, however many
 * tenants there are: whose the number is, is remembered for longer, and the tenant's record confirms it.
 */
export class DynamoTenantDirectory implements TenantDirectory {
  readonly #table: Table;
  readonly #clock: Clock;
  readonly #known = new LeastRecent<PhoneNumberId, { found: Found; untilMs: number }>({
    mostEntries: MOST_KNOWN,
    mostWeight: MOST_KNOWN_CHARACTERS,
    weigh: ({ found }) => (typeof found === 'object' ? found.instructions.length : 0),
  });
  readonly #routes = new LeastRecent<PhoneNumberId, { tenantId: TenantId; untilMs: number }>({
    mostEntries: MOST_ROUTED,
  });
  /** Under way, so that callers that come together share one read. */
  readonly #reading = new Map<PhoneNumberId, Promise<Found>>();

  constructor({ client, tableName, clock }: DynamoTenantDirectoryOptions) {
    this.#table = { client, tableName };
    this.#clock = clock;
  }

  async findByPhoneNumber(phoneNumberId: PhoneNumberId): Promise<Found> {
    const known = this.#known.get(phoneNumberId);
    if (known && this.#clock.now() < known.untilMs) return known.found;
    const underWay = this.#reading.get(phoneNumberId);
    if (underWay !== undefined) return underWay;
    const reading = this.#readAndRemember(phoneNumberId);
    this.#reading.set(phoneNumberId, reading);
    try {
      return await reading;
    } finally {
      this.#reading.delete(phoneNumberId);
    }
  }

  async #readAndRemember(phoneNumberId: PhoneNumberId): Promise<Found> {
    const found = await this.#read(phoneNumberId);
    const isUsable = found !== undefined && found !== 'misconfigured';
    const untilMs = this.#clock.now() + (isUsable ? KNOWN_FOR_MS : UNUSABLE_FOR_MS);
    this.#known.set(phoneNumberId, { found, untilMs });
    return found;
  }

  async #read(phoneNumberId: PhoneNumberId): Promise<Found> {
    try {
      return (await this.#readRouted(phoneNumberId)) ?? (await this.#readByRoute(phoneNumberId));
    } catch (error) {
      if (error instanceof NewerVersionError) throw error;
      if (error instanceof StoredRecordError) return 'misconfigured';
      throw error;
    }
  }

  /** @returns undefined where the number may be another's by now */
  async #readRouted(phoneNumberId: PhoneNumberId): Promise<Found> {
    const routed = this.#routes.get(phoneNumberId);
    if (!routed || this.#clock.now() >= routed.untilMs) return undefined;
    const item = await this.#get(tenantKey(routed.tenantId));
    if (item && hasNumber(item, phoneNumberId)) return readTenant(item, routed.tenantId);
    this.#routes.delete(phoneNumberId);
    return undefined;
  }

  async #readByRoute(phoneNumberId: PhoneNumberId): Promise<Found> {
    const route = await this.#get(routeKey(phoneNumberId));
    if (!route) return undefined;
    const tenantId = readRouteRecord(route);
    const item = await this.#get(tenantKey(tenantId));
    if (item && hasNumber(item, phoneNumberId)) {
      this.#routes.set(phoneNumberId, { tenantId, untilMs: this.#clock.now() + ROUTED_FOR_MS });
    }
    return item ? readTenant(item, tenantId) : 'misconfigured';
  }

  async #get(key: Key): Promise<Item | undefined> {
    const { client, tableName } = this.#table;
    const command = new GetItemCommand({ TableName: tableName, Key: key });
    return (await client.send(command)).Item;
  }
}

/** A record copied from another tenant's, its id with it, would send with that one's token. */
function readTenant(item: Item, tenantId: TenantId): Tenant | 'misconfigured' {
  const tenant = readTenantRecord(item);
  return tenant.id === tenantId ? tenant : 'misconfigured';
}
