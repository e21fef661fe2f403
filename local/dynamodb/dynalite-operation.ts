import { isObject } from '#domain/json.ts';
import { type ApiAnswer, parseObject } from '../aws/json-api.ts';
import {
  act,
  type DynaliteRequest,
  type DynaliteStore,
  isDynaliteOperation,
  validate,
} from './dynalite-store.ts';
import { dynamoAnswer, dynamoRefusal } from './dynamo-answer.ts';
import { isNestedTooDeep } from './nesting-limit.ts';

/** One operation on dynalite's engine, with what DynamoDB does and dynalite does not. */
export async function runDynalite(
  store: DynaliteStore,
  operation: string,
  body: string,
): Promise<ApiAnswer> {
  if (!isDynaliteOperation(operation)) {
    return refuse(
      'UnknownOperationException',
      `The embedded DynamoDB does not know ${operation}; use another endpoint with --dynamodb`,
    );
  }
  const input = parseObject(body);
  if (!input) return refuse('SerializationException', 'The request is no JSON object');
  if (isNestedTooDeep(input)) {
    return refuse('ValidationException', 'Nesting Levels have exceeded supported limits');
  }
  const wantsOldItem = input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
  const watched = watchReads(store);
  try {
    const request = validate(store, operation, input);
    copyAssignedValues(request);
    return dynamoAnswer(200, await act(watched.store, operation, request));
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    const Item = wantsOldItem && isConditionFailure(refusal.body) ? watched.lastRead() : undefined;
    return dynamoAnswer(refusal.statusCode, Item ? { ...refusal.body, Item } : refusal.body);
  }
}

function refuse(code: string, message: string): ApiAnswer {
  return dynamoRefusal({ status: 400, code, message });
}

/**
 * The store, remembering the item that an operation read. A write reads its item once, while it
 * holds the lock on it: that is the item whose condition failed.
 */
function watchReads(store: DynaliteStore) {
  let last: object | undefined;
  const watched: DynaliteStore = Object.assign(Object.create(store), {
    getItemDb(tableName: string) {
      const table = store.getItemDb(tableName);
      return Object.assign(Object.create(table), {
        get(key: string, done: (error: unknown, item?: object) => void) {
          table.get(key, (error, item) => {
            last = item;
            done(error, item);
          });
        },
      });
    },
  });
  return { store: watched, lastRead: () => last };
}

/**
 * dynalite assigns `SET a = b` by reference, so that the two change together from then on, and
 * `SET m.j = m` ends in a cycle that crashes the process. Whatever it resolves is copied instead.
 */
function copyAssignedValues(request: DynaliteRequest): void {
  for (const section of request._updates?.sections ?? []) {
    if (section.type !== 'set') continue;
    let value = section.val;
    Object.defineProperty(section, 'val', {
      get: () => value,
      set: (resolved: unknown) => {
        value = structuredClone(resolved);
      },
    });
  }
}

interface Refusal {
  readonly statusCode: number;
  readonly body: object;
}

function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || !('body' in error)) return undefined;
  const { statusCode, body } = error;
  return typeof statusCode === 'number' && isObject(body) ? { statusCode, body } : undefined;
}

function isConditionFailure(body: object): boolean {
  return '__type' in body && String(body.__type).endsWith('#ConditionalCheckFailedException');
}
