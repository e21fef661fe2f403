import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Item } from './stored-record.ts';
import type { Table } from './table.ts';

/** DynamoDB: keys in one call. */
const MOST_KEYS = 100;

/**
 * Which of these keys the table holds already, as `nameOfKey` writes them; a hundred cost about as much as
 * one write. What it does not tell, since a call failed or was cut short, or because it has only just been
 * written, is not known: whoever asks writes on a condition anyway. Never throws.
 */
export async function knownKeys(
  table: Table,
  keys: readonly Item[],
  abortSignal: AbortSignal,
): Promise<ReadonlySet<string>> {
  // A call that names a key twice is refused.
  const distinct = [...new Map(keys.map((key) => [nameOfKey(key), key])).values()];
  const calls: Promise<readonly Item[]>[] = [];
  for (let from = 0; from < distinct.length; from += MOST_KEYS) {
    calls.push(find(table, distinct.slice(from, from + MOST_KEYS), abortSignal));
  }
  const answers = await Promise.allSettled(calls);
  const found = answers.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  return new Set(found.map(nameOfKey));
}

export function nameOfKey({ pk, sk }: Item): string {
  return JSON.stringify([pk?.S, sk?.S]);
}

async function find(
  { client, tableName }: Table,
  Keys: Item[],
  abortSignal: AbortSignal,
): Promise<readonly Item[]> {
  const command = new BatchGetItemCommand({
    RequestItems: { [tableName]: { Keys, ProjectionExpression: 'pk, sk' } },
  });
  const { Responses: found } = await client.send(command, { abortSignal });
  return found?.[tableName] ?? [];
}
