import { ArnFormat, Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  BackupPlan,
  BackupPlanRule,
  BackupResource,
  BackupVault,
  CfnRestoreTestingPlan,
  CfnRestoreTestingSelection,
  type IBackupVault,
} from 'aws-cdk-lib/aws-backup';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { BackupConfig } from '../config/recovery.ts';
import { BackupRole, RestoreRole } from './backup-roles.ts';

export interface TableBackupsProps {
  readonly stage: string;
  readonly backups: BackupConfig;
  /** What serves: after a restore the restored tables. */
  readonly tableArns: readonly string[];
  /** Encrypts the tables, and what is restored of them. */
  readonly tableKey: IKey;
  readonly removalPolicy: RemovalPolicy;
}

/** The vault of a stage's backups; the alarms look for what happens in it. */
export function vaultNameOf(stage: string): string {
  return `concierge-${stage}`;
}

/** The vault in the second region. */
export function copiesVaultNameOf(stage: string): string {
  return `concierge-${stage}-copies`;
}

/** What a locked vault takes: nothing that is gone at once, and nothing that outlives an erasure by more. */
export function lockOf({ vaultLock, retentionDays }: BackupConfig) {
  if (vaultLock === undefined) return {};
  const lock = { minRetention: Duration.days(7), maxRetention: Duration.days(retentionDays) };
  return {
    lockConfiguration:
      vaultLock === 'compliance' ? { ...lock, changeableFor: Duration.days(3) } : lock,
  };
}

/**
 * Daily backups of the tables, apart from what they are for: the vault has a key of its own, so that they
 * can be read when the key of the tables is disabled or gone, and nobody who works with the tables may
 * touch them. The files that customers sent are not among them: docs/adr/035.
 */
export class TableBackups extends Construct {
  readonly vault: BackupVault;
  /** What AWS Backup may do when it puts a table back; named by `npm run restore`. */
  readonly restoreRoleArn: string;

  constructor(scope: Construct, id: string, props: TableBackupsProps) {
    super(scope, id);
    const { stage, backups, removalPolicy } = props;
    const key = new Key(this, 'Key', {
      description: `${Stack.of(this).stackName}: backups of the tables`,
      enableKeyRotation: true,
      removalPolicy,
    });
    this.vault = new BackupVault(this, 'Vault', {
      backupVaultName: vaultNameOf(stage),
      encryptionKey: key,
      removalPolicy,
      ...lockOf(backups),
    });
    const copies = backups.copyTo && this.#copiesVault(stage, backups.copyTo.region);
    this.#plan(props, key, copies);
    const role = new RestoreRole(this, 'RestoreRole', {
      tableKey: props.tableKey,
      backupKey: key,
      tables: [`${Stack.of(this).stackName}-*`, 'awsbackup-restore-test-*'],
    });
    this.restoreRoleArn = role.roleArn;
    if (backups.testRestores !== undefined) this.#testRestores(props);
  }

  #copiesVault(stage: string, region: string): IBackupVault {
    const arn = Stack.of(this).formatArn({
      service: 'backup',
      region,
      resource: 'backup-vault',
      resourceName: copiesVaultNameOf(stage),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return BackupVault.fromBackupVaultArn(this, 'Copies', arn);
  }

  #plan(props: TableBackupsProps, key: Key, copies: IBackupVault | undefined): void {
    const { backups, tableArns, tableKey } = props;
    const deleteAfter = Duration.days(backups.retentionDays);
    const plan = new BackupPlan(this, 'Plan', { backupVault: this.vault });
    plan.addRule(
      new BackupPlanRule({
        ruleName: 'Daily',
        // At night in Europe and the Americas; the tables answer as ever meanwhile.
        scheduleExpression: Schedule.cron({ hour: '3', minute: '0' }),
        startWindow: Duration.hours(1),
        completionWindow: Duration.hours(12),
        deleteAfter,
        ...(copies && { copyActions: [{ destinationBackupVault: copies, deleteAfter }] }),
      }),
    );
    plan.addSelection('Tables', {
      role: new BackupRole(this, 'Role', {
        tableArns,
        tableKey,
        backupKey: key,
        vault: this.vault,
        copies,
      }),
      // In its place stands what BackupRole allows.
      disableDefaultBackupPolicy: true,
      resources: tableArns.map((arn) => BackupResource.fromArn(arn)),
    });
  }

  /** Restores the newest backup of each table and deletes it again an hour later. */
  #testRestores({ stage, backups, tableArns, tableKey }: TableBackupsProps): void {
    const plan = new CfnRestoreTestingPlan(this, 'RestoreTests', {
      restoreTestingPlanName: `concierge_${stage}`,
      scheduleExpression:
        backups.testRestores === 'weekly' ? 'cron(0 9 ? * TUE *)' : 'cron(0 9 ? * TUE#1 *)',
      recoveryPointSelection: {
        algorithm: 'LATEST_WITHIN_WINDOW',
        includeVaults: [this.vault.backupVaultArn],
        recoveryPointTypes: ['SNAPSHOT'],
        selectionWindowDays: 2,
      },
    });
    const selection = new CfnRestoreTestingSelection(this, 'RestoredTables', {
      restoreTestingPlanName: plan.restoreTestingPlanName,
      restoreTestingSelectionName: `concierge_${stage}_tables`,
      protectedResourceType: 'DynamoDB',
      protectedResourceArns: [...tableArns],
      iamRoleArn: this.restoreRoleArn,
      restoreMetadataOverrides: { encryptionType: 'KMS', kmsMasterKeyArn: tableKey.keyArn },
      validationWindowHours: 1,
    });
    selection.addResourceDependency(plan);
  }
}
