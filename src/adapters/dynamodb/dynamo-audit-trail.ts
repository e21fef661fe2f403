import { isDeepStrictEqual } from 'node:util';
import { GetItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type {
  ActionEnd,
  AuditTrail,
  OperatorAction,
  RecordedActions,
} from '#app/ports/audit-trail.ts';
import type { Clock } from '#app/ports/clock.ts';
import type { TenantId } from '#domain/ids.ts';
import { type AuditEntry, readAuditEntry, writeBegun, writeEnded } from './audit-record.ts';
import { putWhen } from './conditional-write.ts';
import { AUDIT_PREFIX, auditPartition, auditTime } from './keys.ts';
import { pagesOf } from './pages.ts';
import { ServiceClock } from './service-clock.ts';
import { type Item, StoredRecordError } from './stored-record.ts';
import type { SdkTable } from './table.ts';

export interface DynamoAuditTrailOptions extends SdkTable {
  readonly clock: Clock;
}

interface Wanted {
  readonly tenant: TenantId | undefined;
  readonly sinceMs: number;
}

/** The audit trail in the tenants table, in partitions of its own: no write goes over an entry. */
export class DynamoAuditTrail implements AuditTrail {
  readonly #table: SdkTable;

  readonly #clock: Clock;
  #isTimeKnown = false;

  constructor({ client, tableName, clock }: DynamoAuditTrailOptions) {
    this.#table = { client, tableName };
    this.#clock = new ServiceClock(client, clock);
  }

  async now(): Promise<number> {
    if (!this.#isTimeKnown) {
      // There is nothing under this key; whatever DynamoDB answers tells the time.
      const Key = { pk: { S: auditPartition(undefined) }, sk: { S: 'NOW' } };
      const get = new GetItemCommand({ TableName: this.#table.tableName, Key });
      await this.#table.client.send(get);
      this.#isTimeKnown = true;
    }
    return this.#clock.now();
  }

  begin(action: OperatorAction): Promise<void> {
    return this.#append(writeBegun(action));
  }

  end(action: OperatorAction, end: ActionEnd): Promise<void> {
    return this.#append(writeEnded(action, end));
  }

  async list(wanted: Wanted): Promise<RecordedActions> {
    const begun = new Map<string, OperatorAction>();
    const ends = new Map<string, ActionEnd>();
    let unreadable = 0;
    for await (const items of this.#pages(wanted)) {
      for (const entry of items.map(readOrNothing)) {
        if (!entry) unreadable += 1;
        else if ('begun' in entry) begun.set(entry.id, entry.begun);
        else ends.set(entry.id, entry.ended);
      }
    }
    const actions = [...begun.values()]
      .map((action) => ({ ...action, end: ends.get(action.id) }))
      .sort((one, other) => one.beganAtMs - other.beganAtMs);
    return { actions, unreadable };
  }

  #pages({ tenant, sinceMs }: Wanted): AsyncGenerator<readonly Item[]> {
    const since = { ':since': auditTime(sinceMs) };
    if (tenant === undefined) return this.#pagesOfAll(since);
    return pagesOf(this.#table, {
      KeyConditionExpression: 'pk = :audit AND sk >= :since',
      ExpressionAttributeValues: marshall({ ':audit': auditPartition(tenant), ...since }),
      ConsistentRead: true,
    });
  }

  async *#pagesOfAll(since: Readonly<Record<string, string>>): AsyncGenerator<readonly Item[]> {
    const { client, tableName: TableName } = this.#table;
    const scan = {
      TableName,
      FilterExpression: 'begins_with(pk, :audit) AND sk >= :since',
      ExpressionAttributeValues: marshall({ ':audit': AUDIT_PREFIX, ...since }),
      ConsistentRead: true,
    };
    for await (const { Items: items = [] } of paginateScan({ client }, scan)) yield items;
  }

  /** @throws StoredRecordError where another entry has that key: it stays as it is */
  async #append(item: Item): Promise<void> {
    const put = { Item: item, ConditionExpression: 'attribute_not_exists(pk)' };
    if ((await putWhen(this.#table, put)) === 'written') return;
    // The client repeats a write whose answer got lost, and then meets its own first try.
    const { client, tableName } = this.#table;
    const Key = { pk: item['pk'] ?? NONE, sk: item['sk'] ?? NONE };
    const get = new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true });
    const { Item: stored } = await client.send(get);
    if (!isDeepStrictEqual(stored, item)) {
      throw new StoredRecordError('The audit trail has another entry under this key');
    }
  }
}

const NONE = { S: '' };

function readOrNothing(item: Item): AuditEntry | undefined {
  try {
    return readAuditEntry(item);
  } catch (error) {
    if (error instanceof StoredRecordError) return undefined;
    throw error;
  }
}
