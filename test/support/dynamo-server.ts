import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

/** A DynamoDB on this machine, whichever engine it is. */
export interface DynamoServer {
  readonly endpoint: string;
  close(): Promise<void>;
}

export function dynamoClient({ endpoint }: Pick<DynamoServer, 'endpoint'>): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
}

type Indexes = Pick<CreateTableCommandInput, 'AttributeDefinitions' | 'GlobalSecondaryIndexes'>;

let tables = 0;

/** A table with the house's keys, under a name that no other has. */
function aTable({ AttributeDefinitions = [], ...indexes }: Indexes) {
  tables += 1;
  return {
    TableName: `table-${process.pid}-${tables}`,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
      ...AttributeDefinitions,
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    ...indexes,
  } satisfies CreateTableCommandInput;
}

async function createTable(
  client: DynamoDBClient,
  definition: ReturnType<typeof aTable>,
): Promise<string> {
  const { TableName } = definition;
  await client.send(new CreateTableCommand(definition));
  await waitUntilTableExists({ client, minDelay: 1, maxDelay: 1, maxWaitTime: 10 }, { TableName });
  return TableName;
}

/** An empty tenants table. */
export function createTenantsTable(client: DynamoDBClient): Promise<string> {
  return createTable(client, aTenantsTable());
}

/** An empty conversations table. */
export function createConversationsTable(client: DynamoDBClient): Promise<string> {
  return createTable(client, aConversationsTable());
}

/** The tenants table as `lib/` declares it. */
export function aTenantsTable() {
  return aTable({});
}

/** The conversations table as `lib/` declares it. */
export function aConversationsTable() {
  return aTable({
    AttributeDefinitions: [
      { AttributeName: 'tenantId', AttributeType: 'S' },
      { AttributeName: 'lastMessageAt', AttributeType: 'N' },
      { AttributeName: 'unfinishedShard', AttributeType: 'S' },
      { AttributeName: 'acceptedAt', AttributeType: 'N' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byTenant',
        KeySchema: [
          { AttributeName: 'tenantId', KeyType: 'HASH' },
          { AttributeName: 'lastMessageAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['state', 'flag'] },
      },
      {
        IndexName: 'unfinished',
        KeySchema: [
          { AttributeName: 'unfinishedShard', KeyType: 'HASH' },
          { AttributeName: 'acceptedAt', KeyType: 'RANGE' },
        ],
        Projection: {
          ProjectionType: 'INCLUDE',
          NonKeyAttributes: [
            'rings',
            'rungAt',
            'correlationId',
            'parkReason',
            'parkClass',
            'parkPeer',
            'parkCode',
            'parkAttempts',
          ],
        },
      },
    ],
  });
}
