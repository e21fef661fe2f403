import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** One table and the client to reach it with. */
export interface Table {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

/** How many single-item requests one call sends side by side; well below the client's 50 sockets. */
export const PARALLEL_REQUESTS = 16;
