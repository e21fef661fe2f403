import { call, type Item } from '../../../local/dynamodb/dynamo-engine.ts';
import type { StandInCloud } from './cloud.ts';

/** DynamoDB takes so many in a batch. */
const BATCH = 25;

export async function putAll(
  { dynamodb }: StandInCloud,
  tableName: string,
  items: readonly Item[],
): Promise<void> {
  for (let from = 0; from < items.length; from += BATCH) {
    const requests = items.slice(from, from + BATCH).map((Item) => ({ PutRequest: { Item } }));
    await call(dynamodb.handle, 'BatchWriteItem', { RequestItems: { [tableName]: requests } });
  }
}
