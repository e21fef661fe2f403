import {
  DescribeRestoreJobCommand,
  ListRestoreJobsCommand,
  StartRestoreJobCommand,
} from '@aws-sdk/client-backup';
import {
  RestoreTableFromBackupCommand,
  RestoreTableToPointInTimeCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { OperatorError } from '../operator/operator-error.ts';
import { hasName, patiently, type RestoreDeps } from './aws.ts';
import { describeTable } from './read-settings.ts';
import { isOfDynamoDb, type PlannedTable, type Source } from './restore-plan.ts';
import type { StageFacts } from './stage-facts.ts';
import { waitUntilUsable } from './wait-until-usable.ts';

/**
 * Has a table made, unless it is there or on its way. The key and the billing mode are said: a restore from
 * a backup would otherwise come with those of AWS.
 * @returns what waits for it; so that both tables can be begun before one is waited for
 * @throws OperatorError where a table of that name is something else, or AWS gives up
 */
export async function beginRestore(
  deps: RestoreDeps,
  facts: StageFacts,
  { source, target }: PlannedTable,
): Promise<() => Promise<void>> {
  const existing = await describeTable(deps, target);
  let job: string | undefined;
  if (existing === undefined) {
    deps.say(`${target}: restoring to ${source.at.toISOString()}`);
    job = await start(deps, facts, { source, target });
  } else {
    mustBeOurs(existing, source);
    deps.say(`${target}: is there already, or on its way`);
  }
  return async () => {
    if (job !== undefined) await waitForJob(deps, job, target);
    await waitUntilUsable(deps, target);
  };
}

/** @returns the job that AWS Backup makes of it, where it does */
async function start(
  deps: RestoreDeps,
  facts: StageFacts,
  planned: PlannedTable,
): Promise<string | undefined> {
  const { source, target } = planned;
  if (source.kind === 'backup' && !isOfDynamoDb(source.arn)) {
    return fromVault(deps, facts, { arn: source.arn, target });
  }
  try {
    await patiently(deps, () => fromDynamoDb(deps, facts, planned));
  } catch (error) {
    // Somebody else runs the same command, or the answer to an earlier call was lost.
    if (!hasName(error, 'TableAlreadyExistsException')) throw error;
  }
  return undefined;
}

function fromDynamoDb(
  { dynamodb }: RestoreDeps,
  { keyArn }: StageFacts,
  { source, target }: PlannedTable,
): Promise<unknown> {
  const overrides = {
    TargetTableName: target,
    BillingModeOverride: 'PAY_PER_REQUEST',
    SSESpecificationOverride: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: keyArn },
  } as const;
  return source.kind === 'time'
    ? dynamodb.send(
        new RestoreTableToPointInTimeCommand({
          ...overrides,
          SourceTableName: source.table,
          RestoreDateTime: source.at,
        }),
      )
    : dynamodb.send(new RestoreTableFromBackupCommand({ ...overrides, BackupArn: source.arn }));
}

/** A job that an earlier run began is taken for this one's. */
async function fromVault(
  deps: RestoreDeps,
  { backups, keyArn }: StageFacts,
  { arn, target }: { readonly arn: string; readonly target: string },
): Promise<string | undefined> {
  const running = await runningJob(deps, arn);
  if (running !== undefined) return running.RestoreJobId;
  const { RestoreJobId: started } = await deps.backup.send(
    new StartRestoreJobCommand({
      RecoveryPointArn: arn,
      ResourceType: 'DynamoDB',
      IamRoleArn: backups?.restoreRoleArn,
      Metadata: { targetTableName: target, encryptionType: 'KMS', kmsMasterKeyArn: keyArn },
    }),
  );
  return started;
}

async function waitForJob(deps: RestoreDeps, RestoreJobId: string, target: string): Promise<void> {
  for (;;) {
    const job = await deps.backup.send(new DescribeRestoreJobCommand({ RestoreJobId }));
    if (job.Status === 'COMPLETED') return;
    if (job.Status === 'FAILED' || job.Status === 'ABORTED') {
      throw new OperatorError(
        `AWS Backup gave up on ${target}: ${job.StatusMessage ?? job.Status}. Mend that, delete the table if it is there, and run the same command again.`,
      );
    }
    await deps.sleep(15);
  }
}

async function runningJob({ backup }: RestoreDeps, arn: string) {
  for (const status of ['PENDING', 'RUNNING'] as const) {
    const { RestoreJobs: jobs = [] } = await backup.send(
      new ListRestoreJobsCommand({ ByStatus: status, ByResourceType: 'DynamoDB' }),
    );
    const found = jobs.find(({ RecoveryPointArn }) => RecoveryPointArn === arn);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Of a table out of a vault nothing tells what it was made of but its name. */
function mustBeOurs({ TableName, RestoreSummary: made }: TableDescription, source: Source): void {
  if (source.kind === 'backup' && !isOfDynamoDb(source.arn)) return;
  const isOurs =
    source.kind === 'time'
      ? made?.SourceTableArn?.endsWith(`:table/${source.table}`) &&
        sameSecond(made.RestoreDateTime, source.at)
      : made?.SourceBackupArn === source.arn;
  if (isOurs) return;
  throw new OperatorError(
    `There is a table ${TableName} that this restore did not make: rename nothing, look what it is, and delete it or choose another second.`,
  );
}

function sameSecond(one: Date | undefined, other: Date): boolean {
  return (
    one !== undefined && Math.floor(one.getTime() / 1000) === Math.floor(other.getTime() / 1000)
  );
}
