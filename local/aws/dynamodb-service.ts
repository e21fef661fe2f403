import { isObject, type JsonObject, listAt, objectAt, textAt } from '#domain/json.ts';
import type { RefusedTableRequest } from '../cloudwatch/platform-metrics.ts';
import { dynamoRefusal } from '../dynamodb/dynamo-answer.ts';
import type { DynamoEngine } from '../dynamodb/dynamo-engine.ts';
import type { Fault } from '../faults.ts';
import type { AwsService, Permission, ServiceRefusals } from './aws-service.ts';
import { type KeyBook, type KeyUse, keyAccess } from './key-access.ts';
import { type KeySchemas, keySchemas, leadingKeysOf } from './leading-keys.ts';
import { namedAttributes } from './named-attributes.ts';
import type { PolicyContext } from './policy-condition.ts';

const KEY_USE: Readonly<Record<string, KeyUse>> = {
  BatchGetItem: 'read',
  BatchWriteItem: 'write',
  ConditionCheckItem: 'read',
  DeleteItem: 'write',
  GetItem: 'read',
  PutItem: 'write',
  Query: 'read',
  Scan: 'read',
  UpdateItem: 'write',
};

/** What each part of a transaction is authorised as. */
const TRANSACTION_PARTS: Readonly<Record<string, string>> = {
  ConditionCheck: 'ConditionCheckItem',
  Delete: 'DeleteItem',
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
};

interface Place {
  readonly region: string;
  readonly accountId: string;
  readonly keys: KeyBook;
}

/** DynamoDB: every operation is judged on its table, or on the index that it queries. */
export function dynamodbService(engine: DynamoEngine, place: Place): AwsService {
  const schemas = keySchemas(engine);
  return {
    peer: 'dynamodb',
    targetPrefix: 'DynamoDB_20120810.',
    refusals: REFUSALS,
    refuse: dynamoRefusal,
    contentType: 'application/x-amz-json-1.0',
    api: engine,
    async permissions(operation, input) {
      const parts = partsOf(operation, input).map((part) => permissionsOf(part, place, schemas));
      return (await Promise.all(parts)).flat();
    },
  };
}

/** One operation on one table. */
interface Part {
  readonly operation: string;
  readonly tableName: string;
  readonly input: JsonObject;
}

function partsOf(operation: string, input: JsonObject): readonly Part[] {
  const batch = Object.entries(objectAt(input, 'RequestItems') ?? {});
  const transaction = listAt(input, 'TransactItems').filter(isObject).flatMap(Object.entries);
  const parts = [
    ...batch.map(([tableName, requests]) => ({ operation, tableName, input: { requests } })),
    ...transaction.flatMap(([kind, part]) => {
      const action = TRANSACTION_PARTS[kind];
      return action !== undefined && isObject(part) ? [partOf(action, part)] : [];
    }),
  ];
  return parts.length > 0 ? parts : [partOf(operation, input)];
}

/** What DynamoDB counts where it refuses by a fault; undefined for what is not its own doing, or for no table. */
export function refusedTableRequest(
  operation: string,
  fault: Fault,
  input: JsonObject = {},
): RefusedTableRequest | undefined {
  const names = partsOf(operation, input).map(({ tableName }) => tableName);
  const tables = [...new Set(names)].filter((name) => name !== '*');
  if (tables.length === 0) return undefined;
  if (fault.kind === 'throttle') return { operation, tables, kind: 'throttled' };
  const isFailure = fault.kind === 'status' && fault.status >= 500;
  return isFailure ? { operation, tables, kind: 'failed' } : undefined;
}

/** An operation without a table, such as ListTables, is judged on all of them. */
function partOf(operation: string, input: JsonObject): Part {
  return { operation, tableName: textAt(input, 'TableName') ?? '*', input };
}

async function permissionsOf(
  { operation, tableName, input }: Part,
  { region, accountId, keys }: Place,
  schemas: KeySchemas,
): Promise<readonly Permission[]> {
  const table =
    textAt(input, 'ResourceArn') ??
    (tableName.startsWith('arn:')
      ? tableName
      : `arn:aws:dynamodb:${region}:${accountId}:table/${tableName}`);
  const index = textAt(input, 'IndexName');
  const use = KEY_USE[operation];
  const keysOfItems = use && (await leadingKeysOf(tableName, input, schemas));
  return [
    {
      action: `dynamodb:${operation}`,
      resource: index === undefined ? table : `${table}/index/${index}`,
      ...(keysOfItems && { context: contextOf(operation, input, keysOfItems) }),
    },
    ...keyAccess(keys, table, use, {
      service: 'dynamodb',
      region,
      encryptionContext: {
        'aws:dynamodb:tableName': table.slice(table.indexOf('/') + 1),
        'aws:dynamodb:subscriberId': accountId,
      },
    }),
  ];
}

function contextOf(
  operation: string,
  input: JsonObject,
  leadingKeys: readonly string[],
): PolicyContext {
  const returned = textAt(input, 'ReturnValues');
  return {
    'dynamodb:LeadingKeys': leadingKeys,
    'dynamodb:Attributes': namedAttributes(operation, input),
    ...(returned !== undefined && { 'dynamodb:ReturnValues': returned }),
  };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const REFUSALS: ServiceRefusals = {
  accessDenied: { status: 400, code: 'AccessDeniedException' },
  keyAccessDenied: { status: 400, code: 'AccessDeniedException' },
  unknownAccessKey: { status: 400, code: 'UnrecognizedClientException' },
  missingAccessKey: { status: 400, code: 'MissingAuthenticationTokenException' },
  throttled: {
    status: 400,
    code: 'ProvisionedThroughputExceededException',
    message: 'The level of configured provisioned throughput for the table was exceeded.',
  },
  failed: { code: 'InternalServerError', message: 'The request processing has failed.' },
};
