import { call, type DynamoEngine, type Item } from '../dynamodb/dynamo-engine.ts';

interface TableItems {
  readonly tableName: string;
  /** Names of the key's attributes. */
  readonly keys: readonly string[];
  readonly items: readonly Item[];
}

/** Every table with all that was in it at one time. */
export type TableSnapshot = readonly TableItems[];

interface Described {
  readonly Table: { readonly KeySchema: readonly { readonly AttributeName: string }[] };
}

/** A table is read page by page, as an export of it would be: what changes meanwhile is in it or not. */
export async function takeSnapshot(engine: DynamoEngine): Promise<TableSnapshot> {
  const { TableNames } = await call<{ readonly TableNames: readonly string[] }>(
    engine.handle,
    'ListTables',
    {},
  );
  return Promise.all(
    TableNames.map(async (tableName) => {
      const { Table } = await call<Described>(engine.handle, 'DescribeTable', {
        TableName: tableName,
      });
      const keys = Table.KeySchema.map(({ AttributeName }) => AttributeName);
      return { tableName, keys, items: await engine.scan(tableName) };
    }),
  );
}

/** Nothing may write to the tables meanwhile. What was put in since is gone. */
export async function putBack(engine: DynamoEngine, snapshot: TableSnapshot): Promise<void> {
  for (const { tableName, keys, items } of snapshot) {
    const nameOf = (item: Item) => JSON.stringify(keys.map((name) => item[name]));
    const kept = new Set(items.map(nameOf));
    const added = (await engine.scan(tableName)).filter((item) => !kept.has(nameOf(item)));
    for (const item of added) {
      const key = Object.fromEntries(Object.entries(item).filter(([name]) => keys.includes(name)));
      await call(engine.handle, 'DeleteItem', { TableName: tableName, Key: key });
    }
    for (const item of items) {
      await call(engine.handle, 'PutItem', { TableName: tableName, Item: item });
    }
  }
}
