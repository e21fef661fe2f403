import { type JsonObject, objectAt, textAt, valueAt } from '#domain/json.ts';
import { type ApiAnswer, parseObject } from '../aws/json-api.ts';
import { dynamoAnswer, dynamoRefusal } from './dynamo-answer.ts';
import { call, type DynamoOperation, type Item } from './dynamo-engine.ts';

const OPERATIONS = ['DescribeTimeToLive', 'UpdateTimeToLive'];

/** DynamoDB deletes nothing that expired longer ago, so that a wrong unit does little harm. */
const OLDEST_EXPIRY_SECONDS = 5 * 365 * 24 * 3600;

/** The tables' time to live: which attribute it is, and the deletion of what has expired. */
export class TimeToLive {
  readonly #attributes = new Map<string, string>();
  readonly #operation: DynamoOperation;

  constructor(operation: DynamoOperation) {
    this.#operation = operation;
  }

  handles(operation: string): boolean {
    return OPERATIONS.includes(operation);
  }

  async handle(operation: string, body: string): Promise<ApiAnswer> {
    const input = parseObject(body) ?? {};
    const tableName = textAt(input, 'TableName') ?? '';
    const described = await this.#operation(
      'DescribeTable',
      JSON.stringify({ TableName: tableName }),
    );
    if (described.status !== 200) return described;
    if (operation === 'UpdateTimeToLive') return this.#update(tableName, input);
    const AttributeName = this.#attributes.get(tableName);
    return dynamoAnswer(200, {
      TimeToLiveDescription: AttributeName
        ? { TimeToLiveStatus: 'ENABLED', AttributeName }
        : { TimeToLiveStatus: 'DISABLED' },
    });
  }

  #update(tableName: string, input: JsonObject): ApiAnswer {
    const specification = objectAt(input, 'TimeToLiveSpecification') ?? {};
    const attribute = textAt(specification, 'AttributeName');
    const enabled = valueAt(specification, 'Enabled');
    if (!attribute || typeof enabled !== 'boolean') {
      return invalid('TimeToLiveSpecification needs AttributeName and Enabled');
    }
    const current = this.#attributes.get(tableName);
    if (enabled && current !== undefined) return invalid('TimeToLive is already enabled');
    if (!enabled && current === undefined) return invalid('TimeToLive is already disabled');
    if (enabled) this.#attributes.set(tableName, attribute);
    else this.#attributes.delete(tableName);
    return dynamoAnswer(200, { TimeToLiveSpecification: specification });
  }

  /** Deletes what expired before this time (milliseconds since 1970). */
  async sweep(nowMs: number): Promise<void> {
    const nowSeconds = Math.floor(nowMs / 1000);
    for (const [tableName, attribute] of this.#attributes) {
      const names = { '#expiry': attribute };
      const values = {
        ':now': { N: String(nowSeconds) },
        ':oldest': { N: String(nowSeconds - OLDEST_EXPIRY_SECONDS) },
      };
      const keyNames = await this.#keyNames(tableName);
      const expired = await this.#expired(tableName, names, values);
      for (const item of expired) {
        await this.#operation(
          'DeleteItem',
          JSON.stringify({
            TableName: tableName,
            Key: Object.fromEntries(keyNames.map((name) => [name, item[name]])),
            // It may have been given a longer life since it was found.
            ConditionExpression: '#expiry BETWEEN :oldest AND :now',
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: values,
          }),
        );
      }
    }
  }

  async #keyNames(TableName: string): Promise<readonly string[]> {
    const described = await call<{
      readonly Table: { readonly KeySchema: readonly { readonly AttributeName: string }[] };
    }>(this.#operation, 'DescribeTable', { TableName });
    return described.Table.KeySchema.map(({ AttributeName }) => AttributeName);
  }

  async #expired(
    TableName: string,
    ExpressionAttributeNames: object,
    ExpressionAttributeValues: object,
  ): Promise<readonly Item[]> {
    const found: Item[] = [];
    let ExclusiveStartKey: Item | undefined;
    do {
      const page: { readonly Items: Item[]; readonly LastEvaluatedKey?: Item } = await call(
        this.#operation,
        'Scan',
        {
          TableName,
          FilterExpression: '#expiry BETWEEN :oldest AND :now',
          ExpressionAttributeNames,
          ExpressionAttributeValues,
          ExclusiveStartKey,
        },
      );
      found.push(...page.Items);
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return found;
  }
}

function invalid(message: string): ApiAnswer {
  return dynamoRefusal({ status: 400, code: 'ValidationException', message });
}
