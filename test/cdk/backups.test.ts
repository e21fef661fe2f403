import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { conciergeApp } from '#lib/concierge-app.ts';
import type { BackupConfig } from '#lib/config/recovery.ts';
import { stageNames } from '#lib/config/stages.ts';
import { present } from '#test/support/builders.ts';
import { deployments } from '../../bin/deployments.ts';
import { synthesizeStage } from '../support/template.ts';
import { inWords, nameOf } from '../support/template-text.ts';

const env = { account: '111122223333', region: 'eu-central-1' };
const templates = synthesizeStage('prod');
const { stateful, service } = templates;

function withBackups(backups: BackupConfig) {
  return synthesizeStage('prod', { env, recovery: { pointInTimeDays: 35, backups } });
}

function only(type: string) {
  const found = Object.values(stateful.findResources(type));
  expect(found).toHaveLength(1);
  return found[0]?.['Properties'];
}

describe('the backups', () => {
  it('are made where customers’ data are kept, and nowhere else', () => {
    const withVault = stageNames.filter((stage) => deployments[stage].recovery.backups);
    expect(withVault).toEqual(stageNames.filter((stage) => !deployments[stage].disposable));
  });

  it('are made daily of both tables, and gone after 35 days', () => {
    const { BackupPlan } = only('AWS::Backup::BackupPlan');
    expect(BackupPlan.BackupPlanRule).toMatchObject([
      { ScheduleExpression: 'cron(0 3 * * ? *)', Lifecycle: { DeleteAfterDays: 35 } },
    ]);
    expect(BackupPlan.BackupPlanRule[0]).not.toHaveProperty('CopyActions');
    const { BackupSelection } = only('AWS::Backup::BackupSelection');
    expect(BackupSelection.Resources.map((arn: unknown) => inWords(templates, arn))).toEqual([
      'Tenants.Arn',
      'Conversations.Arn',
    ]);
  });

  it('lie in a vault that outlives its stack, under a key that is not the tables’', () => {
    const vaults = Object.values(stateful.findResources('AWS::Backup::BackupVault'));
    expect(vaults).toMatchObject([
      { DeletionPolicy: 'Retain', Properties: { BackupVaultName: 'concierge-prod' } },
    ]);
    const key = inWords(templates, vaults[0]?.['Properties'].EncryptionKeyArn);
    expect(key).toBe('BackupsKey.Arn');
  });

  it('are restored weekly to see that they can be, under the tables’ key', () => {
    expect(only('AWS::Backup::RestoreTestingPlan')).toMatchObject({
      ScheduleExpression: 'cron(0 9 ? * TUE *)',
      RecoveryPointSelection: { Algorithm: 'LATEST_WITHIN_WINDOW', SelectionWindowDays: 2 },
    });
    const selection = only('AWS::Backup::RestoreTestingSelection');
    expect(inWords(templates, selection.IamRoleArn)).toBe('BackupsRestoreRole.Arn');
    const { encryptionType, kmsMasterKeyArn } = selection.RestoreMetadataOverrides;
    expect([encryptionType, inWords(templates, kmsMasterKeyArn)]).toEqual(['KMS', 'Key.Arn']);
  });

  it('raise backup-failed for what failed in this vault, and backup-missing for what never ran', () => {
    const alarmOf = (name: string) =>
      Object.values(service.findResources('AWS::CloudWatch::Alarm'))
        .map(({ Properties }) => Properties)
        .find(({ AlarmName }) => AlarmName === `concierge-prod-service-${name}`);
    const metricsOf = (name: string) =>
      alarmOf(name)
        .Metrics.flatMap(({ MetricStat: stat }: { MetricStat?: never }) => stat ?? [])
        .map(
          ({
            Metric: metric,
          }: {
            Metric: { MetricName: string; Dimensions: { Value: string }[] };
          }) => `${metric.MetricName} of ${metric.Dimensions.map(({ Value }) => Value)}`,
        );
    expect(metricsOf('backup-failed')).toEqual([
      'NumberOfBackupJobsFailed of concierge-prod',
      'NumberOfBackupJobsAborted of concierge-prod',
      'NumberOfBackupJobsExpired of concierge-prod',
      'NumberOfCopyJobsFailed of concierge-prod',
      'NumberOfRestoreJobsFailed of DynamoDB',
    ]);
    expect(metricsOf('backup-missing')).toEqual(['NumberOfBackupJobsCompleted of concierge-prod']);
    expect(alarmOf('backup-missing')).toMatchObject({
      EvaluationPeriods: 2,
      DatapointsToAlarm: 2,
      TreatMissingData: 'breaching',
    });
  });
});

describe('the roles of AWS Backup', () => {
  function grantsOf(role: string): Record<string, readonly string[]> {
    const policies = Object.values(stateful.findResources('AWS::IAM::Policy'));
    const statements = policies
      .filter(({ Properties }) => nameOf(Properties.Roles[0].Ref) === role)
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    const pairs = statements.map(({ Action, Resource, Condition }) => {
      const resources = [Resource].flat().map((each) => inWords(templates, each));
      const [condition] = Object.keys(Object.values<object>(Condition ?? {})[0] ?? {});
      return [resources.join(', ') + (condition ? ` if ${condition}` : ''), [Action].flat()];
    });
    return Object.fromEntries(pairs);
  }

  it('let it back these tables up and read none, and restore into tables of these names', () => {
    expect(grantsOf('BackupsRole')).toEqual({
      'Tenants.Arn, Conversations.Arn': [
        'dynamodb:DescribeTable',
        'dynamodb:ListTagsOfResource',
        'dynamodb:StartAwsBackupJob',
      ],
      'BackupsVault.BackupVaultArn': ['backup:DescribeBackupVault'],
      'Key.Arn if kms:ViaService': ['kms:Decrypt', 'kms:GenerateDataKey'],
      'BackupsKey.Arn': ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
      'Key.Arn, BackupsKey.Arn if kms:GrantIsForAWSResource': ['kms:CreateGrant'],
      'Key.Arn': ['kms:DescribeKey'],
    });
    const table = (name: string) =>
      `arn:AWS::Partition:dynamodb:AWS::Region:AWS::AccountId:table/${name}`;
    const restores = grantsOf('BackupsRestoreRole');
    expect(Object.keys(restores)).toEqual([
      `${table('concierge-prod-stateful-*')}, ${table('awsbackup-restore-test-*')}`,
      'Key.Arn if kms:ViaService',
      'BackupsKey.Arn',
      'Key.Arn',
      'Key.Arn, BackupsKey.Arn if kms:GrantIsForAWSResource',
    ]);
    expect(Object.values(restores).flat()).not.toContain('dynamodb:DeleteTable');
  });

  it('are taken by AWS Backup alone, and have no policy of AWS’s', () => {
    for (const { Properties } of Object.values(stateful.findResources('AWS::IAM::Role'))) {
      expect(Properties.ManagedPolicyArns).toBeUndefined();
      expect(Properties.AssumeRolePolicyDocument.Statement).toMatchObject([
        { Effect: 'Allow', Principal: { Service: 'backup.amazonaws.com' } },
      ]);
    }
  });
});

describe('the vault lock', () => {
  const lockOf = (backups: BackupConfig) =>
    Object.values(withBackups(backups).stateful.findResources('AWS::Backup::BackupVault'))[0]?.[
      'Properties'
    ].LockConfiguration;

  it('is off unless it is wanted', () => {
    expect(lockOf({ retentionDays: 35 })).toBeUndefined();
  });

  it('can be taken off in governance, and not in compliance three days later', () => {
    const lock = { MinRetentionDays: 7, MaxRetentionDays: 35 };
    expect(lockOf({ retentionDays: 35, vaultLock: 'governance' })).toEqual(lock);
    expect(lockOf({ retentionDays: 35, vaultLock: 'compliance' })).toEqual({
      ...lock,
      ChangeableForDays: 3,
    });
  });
});

it('copies to a second region, into a vault with a key of that region, deployed before the plan', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'concierge-copies-'));
  try {
    const recovery = {
      pointInTimeDays: 35,
      backups: { retentionDays: 35, copyTo: { region: 'eu-west-1' } },
    };
    const assembly = conciergeApp(
      { ...deployments, prod: { ...deployments.prod, env, recovery } },
      { outdir, context: { stage: 'prod', 'aws:cdk:bundling-stacks': [] } },
    ).synth();
    const copies = assembly.getStackByName('concierge-prod-copies');
    expect(copies.environment.name).toBe('aws://111122223333/eu-west-1');
    const [vault] = Object.values<{ Type: string; Properties: object }>(
      copies.template.Resources,
    ).filter(({ Type }) => Type === 'AWS::Backup::BackupVault');
    expect(vault?.Properties).toMatchObject({ BackupVaultName: 'concierge-prod-copies' });
    const state = assembly.getStackByName('concierge-prod-stateful');
    expect(state.dependencies.map(({ id }) => id)).toContain('concierge-prod-copies');
    const plans = Template.fromJSON(state.template).findResources('AWS::Backup::BackupPlan');
    const { Properties } = present(Object.values(plans)[0]);
    const [{ CopyActions }] = Properties.BackupPlan.BackupPlanRule;
    expect(CopyActions).toMatchObject([{ Lifecycle: { DeleteAfterDays: 35 } }]);
    expect(JSON.stringify(CopyActions)).toContain(
      'eu-west-1:111122223333:backup-vault:concierge-prod-copies',
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
});
