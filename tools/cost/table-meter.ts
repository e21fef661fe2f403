import type { AttributeValue, DescribeTableCommandOutput } from '@aws-sdk/client-dynamodb';
import type { ApiAnswer, ApiCall, JsonApi } from '#local/aws/json-api.ts';
import {
  type IndexShape,
  type Item,
  refusedWriteUnits,
  storedBytes,
  writeUnits,
} from './dynamo-units.ts';

/** What one call used. */
export interface TableUse {
  readonly operation: string;
  readonly writeUnits: number;
  readonly readUnits: number;
}

interface TableInput {
  readonly TableName: string;
  readonly Item?: Item;
  readonly Key?: Item;
}

interface TableShape {
  readonly keys: readonly string[];
  readonly indexes: readonly IndexShape[];
}

const READS = ['GetItem', 'Query', 'Scan'];
const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem'];

/**
 * DynamoDB, and what each call of it would be billed: a read by the engine's own account of it, a write by
 * the item before and after it, since the engine does not count what it costs the indexes.
 */
export class TableMeter implements JsonApi {
  readonly #api: JsonApi;
  readonly #used: (use: TableUse, call: ApiCall) => void;
  readonly #shapes = new Map<string, TableShape>();

  constructor(api: JsonApi, used: (use: TableUse, call: ApiCall) => void) {
    this.#api = api;
    this.#used = used;
  }

  async handle(operation: string, body: string, call: ApiCall): Promise<ApiAnswer> {
    if (READS.includes(operation)) return this.#read(operation, body, call);
    if (WRITES.includes(operation)) return this.#write(operation, body, call);
    // What is not counted must not go by unseen.
    if (call.principalId !== OURSELVES.principalId && operation !== 'DescribeTable') {
      throw new RangeError(`${operation} is not known to the meter: teach it what it costs`);
    }
    return this.#api.handle(operation, body, call);
  }

  /** Bytes that keeping what is in a table costs, with its places in indexes. */
  async storedBytes(tableOf: string): Promise<number> {
    const listed: { readonly TableNames: readonly string[] } = await this.#ask('ListTables', {});
    const TableName = listed.TableNames.find((name) => name.includes(tableOf));
    if (TableName === undefined) throw new Error(`There is no table ${tableOf}`);
    const { indexes } = await this.#shapeOf(TableName);
    let bytes = 0;
    let ExclusiveStartKey: Item | undefined;
    do {
      const page: { readonly Items?: readonly Item[]; readonly LastEvaluatedKey?: Item } =
        await this.#ask('Scan', { TableName, ExclusiveStartKey });
      for (const item of page.Items ?? []) bytes += storedBytes(item, indexes);
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return bytes;
  }

  async #read(operation: string, body: string, call: ApiCall): Promise<ApiAnswer> {
    const asked = { ...JSON.parse(body), ReturnConsumedCapacity: 'TOTAL' };
    const answer = await this.#api.handle(operation, JSON.stringify(asked), call);
    if (answer.status !== 200) return answer;
    const { ConsumedCapacity }: { readonly ConsumedCapacity?: { readonly CapacityUnits: number } } =
      JSON.parse(answer.body);
    // The engine counts nothing where nothing was found; DynamoDB has looked all the same.
    const least = asked.ConsistentRead ? 1 : 0.5;
    const readUnits = Math.max(ConsumedCapacity?.CapacityUnits ?? 0, least);
    this.#used({ operation, writeUnits: 0, readUnits }, call);
    return answer;
  }

  async #write(operation: string, body: string, call: ApiCall): Promise<ApiAnswer> {
    const { TableName, Item: put, Key: key }: TableInput = JSON.parse(body);
    const { keys, indexes } = await this.#shapeOf(TableName);
    const Key = key ?? Object.fromEntries(keys.map((name) => [name, put?.[name]]));
    const before = await this.#itemAt(TableName, Key);
    const answer = await this.#api.handle(operation, body, call);
    const isDone = answer.status === 200;
    // What else is refused is not billed.
    if (!isDone && !answer.body.includes('ConditionalCheckFailed')) return answer;
    const units = isDone
      ? writeUnits(before, await this.#itemAt(TableName, Key), indexes)
      : refusedWriteUnits(before);
    this.#used({ operation, writeUnits: units, readUnits: 0 }, call);
    return answer;
  }

  async #itemAt(TableName: string, Key: object): Promise<Item | undefined> {
    const found: { readonly Item?: Record<string, AttributeValue> } = await this.#ask('GetItem', {
      TableName,
      Key,
      ConsistentRead: true,
    });
    return found.Item;
  }

  async #shapeOf(TableName: string): Promise<TableShape> {
    const known = this.#shapes.get(TableName);
    if (known) return known;
    const described: DescribeTableCommandOutput = await this.#ask('DescribeTable', { TableName });
    const keysIn = (schema: readonly { readonly AttributeName?: string | undefined }[] = []) =>
      schema.map(({ AttributeName = '' }) => AttributeName);
    const keys = keysIn(described.Table?.KeySchema);
    const indexes = (described.Table?.GlobalSecondaryIndexes ?? []).map((index) => {
      const own = keysIn(index.KeySchema);
      const isWhole = index.Projection?.ProjectionType === 'ALL';
      const more = index.Projection?.NonKeyAttributes ?? [];
      return { keys: own, projected: isWhole ? undefined : [...keys, ...own, ...more] };
    });
    this.#shapes.set(TableName, { keys, indexes });
    return { keys, indexes };
  }

  async #ask<T>(operation: string, input: object): Promise<T> {
    const { status, body } = await this.#api.handle(operation, JSON.stringify(input), OURSELVES);
    if (status !== 200) throw new Error(`${operation} was answered with ${status}: ${body}`);
    return JSON.parse(body);
  }
}

const OURSELVES: ApiCall = { endpoint: '', principalId: 'cost-meter' };
