import { isObject, type JsonObject, listAt, objectAt, textAt } from '#domain/json.ts';
import type { DynamoEngine } from '../dynamodb/dynamo-engine.ts';
import { parseObject } from './json-api.ts';

/** Finds the partition key's attribute of a table, or of one of its indexes. */
export type KeySchemas = (
  tableName: string,
  indexName: string | undefined,
) => Promise<string | undefined>;

/** Asks the engine once for each table and index that there is. */
export function keySchemas(engine: DynamoEngine): KeySchemas {
  const known = new Map<string, string>();
  return async (tableName, indexName) => {
    const id = `${tableName}/${indexName ?? ''}`;
    const found = known.get(id) ?? (await partitionKey(engine, tableName, indexName));
    if (found !== undefined) known.set(id, found);
    return found;
  };
}

async function partitionKey(
  engine: DynamoEngine,
  TableName: string,
  indexName: string | undefined,
): Promise<string | undefined> {
  const { body } = await engine.handle('DescribeTable', JSON.stringify({ TableName }));
  const table = objectAt(parseObject(body) ?? {}, 'Table') ?? {};
  const indexes = listAt(table, 'GlobalSecondaryIndexes').filter(isObject);
  const owner =
    indexName === undefined
      ? table
      : (indexes.find((index) => textAt(index, 'IndexName') === indexName) ?? {});
  const keys = listAt(owner, 'KeySchema').filter(isObject);
  return textAt(keys.find((key) => textAt(key, 'KeyType') === 'HASH') ?? {}, 'AttributeName');
}

/**
 * The partition keys that a call touches, which `dynamodb:LeadingKeys` is about. A call that could
 * touch any, such as a scan, touches the key `*`, so that a condition on keys refuses it.
 */
export async function leadingKeysOf(
  tableName: string,
  input: JsonObject,
  schemas: KeySchemas,
): Promise<readonly string[]> {
  const name = await schemas(tableName, textAt(input, 'IndexName'));
  if (name === undefined) return ANY_KEY;
  const items = [objectAt(input, 'Key'), objectAt(input, 'Item'), ...batchItems(input)];
  const values = [
    ...items.map((item) => item && objectAt(item, name)),
    queriedValue(input, name),
  ].filter((value) => value !== undefined);
  const found = values.flatMap((value) => textAt(value, 'S') ?? textAt(value, 'N') ?? []);
  return found.length > 0 ? found : ANY_KEY;
}

const ANY_KEY: readonly string[] = ['*'];

/** The keys and items of one table in a batch: those to read, or requests to put and to delete. */
function batchItems(input: JsonObject): readonly (JsonObject | undefined)[] {
  const toRead = listAt(objectAt(input, 'requests') ?? {}, 'Keys').filter(isObject);
  const toWrite = listAt(input, 'requests')
    .filter(isObject)
    .map(
      (request) =>
        objectAt(objectAt(request, 'PutRequest') ?? {}, 'Item') ??
        objectAt(objectAt(request, 'DeleteRequest') ?? {}, 'Key'),
    );
  return [...toRead, ...toWrite];
}

const EQUALITY = /([#\w.-]+)\s*=\s*(:\w+)/g;

function queriedValue(input: JsonObject, name: string): JsonObject | undefined {
  const names = objectAt(input, 'ExpressionAttributeNames') ?? {};
  const values = objectAt(input, 'ExpressionAttributeValues') ?? {};
  const equalities = (textAt(input, 'KeyConditionExpression') ?? '').matchAll(EQUALITY);
  for (const [, left = '', right = ''] of equalities) {
    if ((textAt(names, left) ?? left) === name) return objectAt(values, right);
  }
  return undefined;
}
