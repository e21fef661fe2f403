import type { DynamoEngine, TableDefinition } from '../dynamodb/dynamo-engine.ts';
import type { CustomerKeys } from './customer-keys.ts';
import type { Properties } from './properties.ts';
import type { Stack } from './stack.ts';

/** What becomes part of the table here. */
const OF_THE_TABLE = [
  'AttributeDefinitions',
  'BillingMode',
  'GlobalSecondaryIndexes',
  'KeySchema',
  'LocalSecondaryIndexes',
  'ProvisionedThroughput',
];

/** What changes nothing of how it answers. */
const AROUND_IT = [
  'ContributorInsightsSpecification',
  'DeletionProtectionEnabled',
  'Replicas',
  'PointInTimeRecoverySpecification',
  'SSESpecification',
  'StreamSpecification',
  'TableClass',
  'TableName',
  'Tags',
  'TimeToLiveSpecification',
];

const TABLE_TYPES = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'];

/** Creates the template's tables; those of an earlier run are kept. */
export async function deployTables(
  stacks: readonly Stack[],
  dynamodb: DynamoEngine,
  keys: CustomerKeys,
): Promise<void> {
  const created = stacks.flatMap((stack) =>
    TABLE_TYPES.flatMap((type) => stack.resources(type)).map(async (resource) => {
      const properties = stack.properties(resource);
      const { ref, attributes } = stack.identityOf(resource.logicalId);
      const tableArn = attributes['Arn'] ?? '';
      keys.use(tableArn, keyOf(properties, tableArn));
      await dynamodb.createTable(definitionOf(properties, ref));
    }),
  );
  await Promise.all(created);
}

/** A global table names the key of each region with the replica there, a table the only one it has. */
function keyOf(properties: Properties, tableArn: string): string | undefined {
  const replicas = properties.objects('Replicas');
  const here = replicas.find((each) => tableArn.includes(`:${each.text('Region')}:`));
  const encryption = (here ?? replicas.at(-1) ?? properties).optionalObject('SSESpecification');
  return encryption?.optionalText('KMSMasterKeyId');
}

function definitionOf(properties: Properties, tableName: string): TableDefinition {
  properties.allowOnly([...OF_THE_TABLE, ...AROUND_IT]);
  const own = Object.entries(properties.raw).filter(([name]) => OF_THE_TABLE.includes(name));
  const timeToLive = properties.optionalObject('TimeToLiveSpecification');
  return {
    // CloudFormation's words for these properties are those of CreateTable.
    ...(Object.fromEntries(own) as unknown as TableDefinition),
    TableName: tableName,
    ...(timeToLive?.optionalFlag('Enabled') && {
      timeToLiveAttribute: timeToLive.text('AttributeName'),
    }),
  };
}
