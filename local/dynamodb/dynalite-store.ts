import { createRequire } from 'node:module';
import { DataDirectoryError } from '../private-folder.ts';

/**
 * The parts of dynalite (https://github.com/architect/dynalite) below its HTTP server. The package
 * has no types; its version is pinned, and these are the only lines that know its inside.
 */

interface DynaliteTable {
  get(key: string, done: (error: unknown, item?: object) => void): void;
}

export interface DynaliteStore {
  readonly tableDb: { awsAccountId: string; awsRegion: string };
  readonly db: { open(): Promise<void>; close(): Promise<void> };
  getItemDb(tableName: string): DynaliteTable;
}

/** One assignment of a parsed UpdateExpression. */
interface DynaliteSection {
  readonly type: string;
  val?: unknown;
}

/** A request that passed dynalite's validation. */
export interface DynaliteRequest {
  readonly _updates?: { readonly sections: readonly DynaliteSection[] };
}

type Action = (
  store: DynaliteStore,
  request: DynaliteRequest,
  done: (error: unknown, answer?: object) => void,
) => void;

const require = createRequire(import.meta.url);

const databases: {
  create(options: {
    path?: string;
    createTableMs: number;
    updateTableMs: number;
    deleteTableMs: number;
  }): DynaliteStore;
} = require('dynalite/db');

const validations: {
  checkTypes(data: object, types: object): DynaliteRequest;
  checkValidations(
    data: DynaliteRequest,
    types: object,
    custom: unknown,
    store: DynaliteStore,
  ): void;
} = require('dynalite/validations');

const OPERATIONS = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'GetItem',
  'ListTables',
  'ListTagsOfResource',
  'PutItem',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
  'UpdateItem',
  'UpdateTable',
] as const;

interface Operation {
  readonly types: object;
  readonly custom: unknown;
  readonly action: Action;
}

const operations = new Map<string, Operation>(
  OPERATIONS.map((name) => {
    const file = `${name[0]?.toLowerCase()}${name.slice(1)}`;
    const { types, custom } = require(`dynalite/validations/${file}`);
    return [name, { types, custom, action: require(`dynalite/actions/${file}`) }];
  }),
);

/**
 * @param path a directory for LevelDB; undefined = memory
 * @throws DataDirectoryError
 */
export async function openStore(path: string | undefined): Promise<DynaliteStore> {
  const store = databases.create({
    ...(path !== undefined && { path }),
    createTableMs: 0,
    updateTableMs: 0,
    deleteTableMs: 0,
  });
  try {
    await store.db.open();
  } catch (error) {
    throw new DataDirectoryError(`${path} cannot be opened: ${whyNot(error)}.`, { cause: error });
  }
  return store;
}

function whyNot(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  const isLocked = Reflect.get(cause, 'code') === 'LEVEL_LOCKED';
  return isLocked
    ? 'another npm start keeps its data there; stop that, or name another'
    : cause.message;
}

export function isDynaliteOperation(name: string): boolean {
  return operations.has(name);
}

/**
 * Checks a request as DynamoDB does.
 * @throws an error with `statusCode` and `body` where DynamoDB refuses it
 */
export function validate(store: DynaliteStore, name: string, data: object): DynaliteRequest {
  const operation = operations.get(name);
  if (!operation) throw new Error(`dynalite has no operation ${name}`);
  const request = validations.checkTypes(data, operation.types);
  validations.checkValidations(request, operation.types, operation.custom, store);
  return request;
}

/** Carries out a checked request; rejects as `validate` throws. */
export function act(store: DynaliteStore, name: string, request: DynaliteRequest): Promise<object> {
  return new Promise((resolve, reject) => {
    operations
      .get(name)
      ?.action(store, request, (error, answer) => (error ? reject(error) : resolve(answer ?? {})));
  });
}
