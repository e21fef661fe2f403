import { DescribeRecoveryPointCommand } from '@aws-sdk/client-backup';
import { DescribeBackupCommand, DescribeContinuousBackupsCommand } from '@aws-sdk/client-dynamodb';
import { OperatorError } from '../operator/operator-error.ts';
import { hasName, type RestoreDeps } from './aws.ts';
import type { RestorePoint } from './read-order.ts';
import { type ByRole, type StageFacts, type TableRole, tableRoles } from './stage-facts.ts';

/** Where a table comes from. */
export type Source =
  | { readonly kind: 'time'; readonly table: string; readonly at: Date }
  | { readonly kind: 'backup'; readonly arn: string; readonly at: Date };

export interface PlannedTable {
  readonly source: Source;
  /** Follows from what is restored and of when: the same command finds what it has begun. */
  readonly target: string;
}

export type RestorePlan = ByRole<PlannedTable>;

const MARK = '-restored-';

/**
 * Which tables are made of what.
 * @throws OperatorError where it cannot be restored
 */
export async function planRestore(
  deps: RestoreDeps,
  facts: StageFacts,
  point: RestorePoint,
): Promise<RestorePlan> {
  const plan =
    point.kind === 'time'
      ? await fromTime(deps, facts, point.at)
      : await fromBackups(deps, facts, point.arns);
  const serving = tableRoles.find((role) => plan[role].target === facts.serving[role]);
  if (serving !== undefined) {
    throw new OperatorError(
      `${facts.serving[serving]} serves already: this restore is done. For one to another time, say which.`,
    );
  }
  return plan;
}

async function fromTime(
  deps: RestoreDeps,
  { serving }: StageFacts,
  at: Date,
): Promise<RestorePlan> {
  for (const table of Object.values(serving)) await mustReach(deps, table, at);
  const planned = (role: TableRole): PlannedTable => ({
    source: { kind: 'time', table: serving[role], at },
    target: targetOf(serving[role], at),
  });
  return { tenants: planned('tenants'), conversations: planned('conversations') };
}

/** @throws OperatorError for a second that DynamoDB does not know */
async function mustReach({ dynamodb }: RestoreDeps, table: string, at: Date): Promise<void> {
  const described = await dynamodb
    .send(new DescribeContinuousBackupsCommand({ TableName: table }))
    .catch((cause: unknown) => {
      if (!hasName(cause, 'TableNotFoundException', 'ResourceNotFoundException')) throw cause;
      throw new OperatorError(
        `${table} is gone, and its recovery with it. DynamoDB kept a backup of the moment in which it was deleted, for 35 days: aws dynamodb list-backups --backup-type SYSTEM, and --from-backup.`,
        { cause },
      );
    });
  const recovery = described.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  const { EarliestRestorableDateTime: earliest, LatestRestorableDateTime: latest } = recovery ?? {};
  if (!earliest || !latest) {
    throw new OperatorError(
      `Point-in-time recovery is off for ${table}: restore with --from-backup.`,
    );
  }
  if (at < earliest || at > latest) {
    throw new OperatorError(
      `${table} can be restored from ${earliest.toISOString()} to ${latest.toISOString()}, not to ${at.toISOString()}: choose a second between, or --from-backup.`,
    );
  }
}

async function fromBackups(
  deps: RestoreDeps,
  facts: StageFacts,
  arns: readonly string[],
): Promise<RestorePlan> {
  const found = await Promise.all(arns.map((arn) => describeBackup(deps, facts, arn)));
  const planned = (role: TableRole): PlannedTable => {
    const name = facts.serving[role];
    const backup = found.find(({ table }) => baseOf(table) === baseOf(name));
    if (backup === undefined) {
      throw new OperatorError(
        `Neither backup is of ${baseOf(name)}, but of ${found.map(({ table }) => table).join(' and ')}: name one of each table.`,
      );
    }
    const { arn, at } = backup;
    return { source: { kind: 'backup', arn, at }, target: targetOf(name, at) };
  };
  return { tenants: planned('tenants'), conversations: planned('conversations') };
}

async function describeBackup(deps: RestoreDeps, { backups }: StageFacts, arn: string) {
  if (isOfDynamoDb(arn)) {
    const { BackupDescription: told } = await deps.dynamodb.send(
      new DescribeBackupCommand({ BackupArn: arn }),
    );
    const table = told?.SourceTableDetails?.TableName;
    const at = told?.BackupDetails?.BackupCreationDateTime;
    return { arn, table: table ?? '', at: known(at, arn) };
  }
  if (backups === undefined) {
    throw new OperatorError('This stage has no vault: recovery.backups in bin/deployments.ts.');
  }
  const { ResourceArn: resource = '', CreationDate: at } = await deps.backup.send(
    new DescribeRecoveryPointCommand({
      BackupVaultName: backups.vaultName,
      RecoveryPointArn: arn,
    }),
  );
  return { arn, table: resource.split('/').at(-1) ?? '', at: known(at, arn) };
}

/** Made by DynamoDB itself, not by AWS Backup. */
export function isOfDynamoDb(backupArn: string): boolean {
  return /^arn:[\w-]+:dynamodb:/.test(backupArn);
}

function known(at: Date | undefined, arn: string): Date {
  if (at !== undefined) return at;
  throw new OperatorError(`It is not told of when the backup ${arn} is: choose another.`);
}

/** The name that a table had before it was ever restored. */
function baseOf(table: string): string {
  return table.split(MARK)[0] ?? table;
}

function targetOf(table: string, at: Date): string {
  const second = at.toISOString().replace(/\.\d+Z$/, 'Z');
  return `${baseOf(table)}${MARK}${second.replaceAll(/[-:]/g, '')}`;
}
