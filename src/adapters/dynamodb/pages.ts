import { QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { Item } from './stored-record.ts';
import type { Table } from './table.ts';

export type PagedQuery = Omit<QueryCommandInput, 'TableName' | 'ExclusiveStartKey'>;

/**
 * A query to its end, page by page; a page is read when it is asked for. Those after the first may have
 * another limit.
 */
export async function* pagesOf(
  { client, tableName }: Table,
  query: PagedQuery,
  laterLimit = query.Limit,
): AsyncGenerator<readonly Item[]> {
  let from: Item | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: tableName,
        ...query,
        ...(from ? { ExclusiveStartKey: from, Limit: laterLimit } : {}),
      }),
    );
    yield page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from);
}
