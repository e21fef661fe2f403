import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { Template } from 'aws-cdk-lib/assertions';
import { synthesizeState } from './template.ts';
import { nameOf } from './template-text.ts';

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

/** As `lib/` declares it. */
type TableName = 'Tenants' | 'Conversations';

let resources: ReturnType<Template['findResources']> | undefined;

/** A table of the template; CloudFormation's words for keys and indexes are those of CreateTable. */
function declared(name: TableName): Omit<CreateTableCommandInput, 'TableName'> {
  resources ??= synthesizeState('dev').findResources('AWS::DynamoDB::Table');
  const found = Object.entries(resources).find(([id]) => nameOf(id) === name);
  if (!found) throw new Error(`The template has no table ${name}`);
  return found[1]['Properties'];
}

let tables = 0;

/** A table of the template, under a name that no other has. */
export function aTable(name: TableName) {
  const { AttributeDefinitions, BillingMode, GlobalSecondaryIndexes, KeySchema } = declared(name);
  tables += 1;
  return {
    TableName: `table-${process.pid}-${tables}`,
    AttributeDefinitions,
    BillingMode,
    GlobalSecondaryIndexes,
    KeySchema,
  } satisfies CreateTableCommandInput;
}

async function createTable(client: DynamoDBClient, name: TableName): Promise<string> {
  const table = aTable(name);
  const { TableName } = table;
  await client.send(new CreateTableCommand(table));
  await waitUntilTableExists({ client, minDelay: 1, maxDelay: 1, maxWaitTime: 10 }, { TableName });
  return TableName;
}

export function createTenantsTable(client: DynamoDBClient): Promise<string> {
  return createTable(client, 'Tenants');
}

export function createConversationsTable(client: DynamoDBClient): Promise<string> {
  return createTable(client, 'Conversations');
}
