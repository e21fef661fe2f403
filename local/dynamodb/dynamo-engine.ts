import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AttributeValue,
  CreateTableCommandInput,
  DescribeTableCommandOutput,
  DescribeTimeToLiveCommandOutput,
  ScanCommandOutput,
  TableDescription,
} from '@aws-sdk/client-dynamodb';
import type { ApiAnswer } from '../aws/json-api.ts';

/** In the words of CreateTable, which are CloudFormation's too. */
export interface TableDefinition extends CreateTableCommandInput {
  readonly TableName: string;
  /** Seconds since 1970 in this attribute end an item's life. @default - items live on */
  readonly timeToLiveAttribute?: string;
}

export type Item = Record<string, AttributeValue>;

/** Sends one operation to whatever stores the tables. */
export type DynamoOperation = (operation: string, body: string) => Promise<ApiAnswer>;

/** The DynamoDB of the local cloud: one that runs inside this process, or another endpoint. */
export interface DynamoEngine {
  /** Answers as DynamoDB does, for example to `PutItem`. */
  readonly handle: DynamoOperation;
  /**
   * Creates the table and waits until it is active; one of an earlier run is kept.
   * @throws DynamoEngineError when a kept table has other keys or indexes than the definition
   */
  createTable(definition: TableDefinition): Promise<void>;
  /** Every item of a table. */
  scan(tableName: string): Promise<readonly Item[]>;
  close(): Promise<void>;
}

/** Raised when a table cannot be set up or read. */
export class DynamoEngineError extends Error {
  override readonly name = 'DynamoEngineError';
}

/** How long to wait between two looks at a table that is being created. */
const POLL_MS = 10;

/** Everything that an engine does is made of DynamoDB's own operations. */
export function dynamoEngine(handle: DynamoOperation, close: () => Promise<void>): DynamoEngine {
  return {
    handle,
    createTable: (definition) => createTable(handle, definition),
    scan: (tableName) => scan(handle, tableName),
    close,
  };
}

async function createTable(
  handle: DynamoOperation,
  { timeToLiveAttribute, ...definition }: TableDefinition,
): Promise<void> {
  const { TableName } = definition;
  const created = await handle('CreateTable', JSON.stringify(definition));
  if (created.status !== 200 && !created.body.includes('ResourceInUseException')) {
    throw failure('CreateTable', created);
  }
  let table = await describe(handle, TableName);
  while (table?.TableStatus !== 'ACTIVE') {
    await sleep(POLL_MS);
    table = await describe(handle, TableName);
  }
  if (shapeOf(table) !== shapeOf(definition)) {
    throw new DynamoEngineError(
      `The table ${TableName} of an earlier run has other keys or indexes than the template; start with another data directory or delete the table`,
    );
  }
  if (timeToLiveAttribute !== undefined) await enableTtl(handle, TableName, timeToLiveAttribute);
}

async function describe(handle: DynamoOperation, TableName: string) {
  const described: DescribeTableCommandOutput = await call(handle, 'DescribeTable', { TableName });
  return described.Table;
}

type Shape = Pick<TableDescription, 'KeySchema' | 'GlobalSecondaryIndexes'>;

function shapeOf({ KeySchema, GlobalSecondaryIndexes = [] }: Shape): string {
  const keys = (schema: Shape['KeySchema']) =>
    (schema ?? []).map(({ AttributeName, KeyType }) => [AttributeName, KeyType]);
  const indexes = GlobalSecondaryIndexes.map((index) => [
    index.IndexName,
    keys(index.KeySchema),
    index.Projection?.ProjectionType,
    [...(index.Projection?.NonKeyAttributes ?? [])].sort(),
  ]);
  return JSON.stringify([keys(KeySchema), indexes.map((each) => JSON.stringify(each)).sort()]);
}

async function enableTtl(
  handle: DynamoOperation,
  TableName: string,
  AttributeName: string,
): Promise<void> {
  const described: DescribeTimeToLiveCommandOutput = await call(handle, 'DescribeTimeToLive', {
    TableName,
  });
  if (described.TimeToLiveDescription?.AttributeName === AttributeName) return;
  await call(handle, 'UpdateTimeToLive', {
    TableName,
    TimeToLiveSpecification: { Enabled: true, AttributeName },
  });
}

async function scan(handle: DynamoOperation, TableName: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  let ExclusiveStartKey: Item | undefined;
  do {
    const page: ScanCommandOutput = await call(handle, 'Scan', {
      TableName,
      ConsistentRead: true,
      ExclusiveStartKey,
    });
    items.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return items;
}

/** @throws DynamoEngineError for any answer but success */
export async function call<T>(
  handle: DynamoOperation,
  operation: string,
  input: object,
): Promise<T> {
  const answer = await handle(operation, JSON.stringify(input));
  if (answer.status !== 200) throw failure(operation, answer);
  return JSON.parse(answer.body);
}

function failure(operation: string, { status, body }: ApiAnswer): DynamoEngineError {
  return new DynamoEngineError(`${operation} was answered with ${status}: ${body.slice(0, 500)}`);
}
