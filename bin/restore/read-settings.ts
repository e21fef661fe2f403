import {
  DescribeContinuousBackupsCommand,
  DescribeContributorInsightsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  GetResourcePolicyCommand,
  ListTagsOfResourceCommand,
  type TableDescription,
  type Tag,
} from '@aws-sdk/client-dynamodb';
import { hasName, type RestoreDeps } from './aws.ts';
import { indexes, sorted, type TableSettings, tags } from './table-settings.ts';

/** @returns undefined where there is no such table */
export async function describeTable(
  { dynamodb }: RestoreDeps,
  name: string,
): Promise<TableDescription | undefined> {
  try {
    const { Table: table } = await dynamodb.send(new DescribeTableCommand({ TableName: name }));
    return table;
  } catch (error) {
    if (hasName(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

/** What a table has now. What is just being switched on counts as on: AWS takes up to an hour for some. */
export async function readSettings(
  deps: RestoreDeps,
  table: TableDescription,
): Promise<TableSettings> {
  const { TableName = '', TableArn = '' } = table;
  const sse = table.SSEDescription;
  return {
    keys: table.KeySchema,
    attributes: sorted(table.AttributeDefinitions, 'AttributeName'),
    indexes: indexes(table.GlobalSecondaryIndexes),
    billing: table.BillingModeSummary?.BillingMode ?? 'PROVISIONED',
    encryption: sse?.SSEType === 'KMS' ? sse.KMSMasterKeyArn : undefined,
    timeToLive: await timeToLive(deps, TableName),
    recoveryDays: await recoveryDays(deps, TableName),
    deletionProtection: table.DeletionProtectionEnabled ?? false,
    tableClass: table.TableClassSummary?.TableClass ?? 'STANDARD',
    stream: table.StreamSpecification?.StreamEnabled
      ? table.StreamSpecification.StreamViewType
      : undefined,
    insights: await insights(deps, TableName),
    policy: await policy(deps, TableArn),
    tags: tags(await allTags(deps, TableArn)),
  };
}

async function timeToLive({ dynamodb }: RestoreDeps, TableName: string) {
  const { TimeToLiveDescription: described } = await dynamodb.send(
    new DescribeTimeToLiveCommand({ TableName }),
  );
  const status = described?.TimeToLiveStatus;
  return status === 'ENABLED' || status === 'ENABLING' ? described?.AttributeName : undefined;
}

async function recoveryDays({ dynamodb }: RestoreDeps, TableName: string) {
  const { ContinuousBackupsDescription: described } = await dynamodb.send(
    new DescribeContinuousBackupsCommand({ TableName }),
  );
  const recovery = described?.PointInTimeRecoveryDescription;
  return recovery?.PointInTimeRecoveryStatus === 'ENABLED'
    ? (recovery.RecoveryPeriodInDays ?? 35)
    : undefined;
}

async function insights({ dynamodb }: RestoreDeps, TableName: string): Promise<boolean> {
  const { ContributorInsightsStatus: status } = await dynamodb.send(
    new DescribeContributorInsightsCommand({ TableName }),
  );
  return status === 'ENABLED' || status === 'ENABLING';
}

async function policy({ dynamodb }: RestoreDeps, ResourceArn: string) {
  try {
    const { Policy } = await dynamodb.send(new GetResourcePolicyCommand({ ResourceArn }));
    return Policy;
  } catch (error) {
    if (hasName(error, 'PolicyNotFoundException')) return undefined;
    throw error;
  }
}

async function allTags({ dynamodb }: RestoreDeps, ResourceArn: string): Promise<readonly Tag[]> {
  const found: Tag[] = [];
  let token: string | undefined;
  do {
    const page = await dynamodb.send(
      new ListTagsOfResourceCommand({ ResourceArn, ...(token && { NextToken: token }) }),
    );
    found.push(...(page.Tags ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return found;
}
