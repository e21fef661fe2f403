import type {
  DynamoDBClient,
  ServiceInputTypes,
  ServiceOutputTypes,
} from '@aws-sdk/client-dynamodb';
import type { AwsSender } from '#runtime/aws/aws-sender.ts';

/** The SDK's client, or a function's. */
export type DynamoSender = AwsSender<ServiceInputTypes, ServiceOutputTypes>;

/** One table and the client to reach it with. */
export interface Table {
  readonly client: DynamoSender;
  readonly tableName: string;
}

/** Where the operator works: pages of the SDK, and times as the service has them, want its own client. */
export interface SdkTable extends Table {
  readonly client: DynamoDBClient;
}

/** How many single-item requests one call sends side by side; well below the client's 50 sockets. */
export const PARALLEL_REQUESTS = 16;
