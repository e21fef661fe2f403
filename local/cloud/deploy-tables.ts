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
  'PointInTimeRecoverySpecification',
  'SSESpecification',
  'TableClass',
  'TableName',
  'Tags',
  'TimeToLiveSpecification',
];

/** Creates the template's tables; those of an earlier run are kept. */
export async function deployTables(
  stacks: readonly Stack[],
  dynamodb: DynamoEngine,
  keys: CustomerKeys,
): Promise<void> {
  const created = stacks.flatMap((stack) =>
    stack.resources('AWS::DynamoDB::Table').map(async (resource) => {
      const properties = stack.properties(resource);
      const { ref, attributes } = stack.identityOf(resource.logicalId);
      const encryption = properties.optionalObject('SSESpecification');
      keys.use(attributes['Arn'] ?? '', encryption?.optionalText('KMSMasterKeyId'));
      await dynamodb.createTable(definitionOf(properties, ref));
    }),
  );
  await Promise.all(created);
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
