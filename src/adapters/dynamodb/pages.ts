import { QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { Item } from './stored-record.ts';
import type { Table } from './table.ts';

/** A query to its end, page by page. */
export async function* pagesOf(
  { client, tableName }: Table,
  query: Omit<QueryCommandInput, 'TableName' | 'ExclusiveStartKey'>,
): AsyncGenerator<readonly Item[]> {
  let from: Item | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: tableName,
        ...query,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    yield page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from);
}
