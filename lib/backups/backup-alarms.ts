import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { AlarmTopics } from '../alarms/alarm-topics.ts';
import { HouseAlarm } from '../alarms/house-alarm.ts';
import { sumOfCounts } from '../alarms/rates.ts';

export interface BackupAlarmsProps {
  readonly topics: AlarmTopics;
  readonly vaultName: string;
  /** How many tables are backed up each day. */
  readonly tables: number;
}

const halfADay = Duration.hours(12);
const runbook = 'backup-failed';

/** A backup that failed, and one that never ran: nothing fails where nothing is tried. */
export class BackupAlarms extends Construct {
  constructor(scope: Construct, id: string, { topics, vaultName, tables }: BackupAlarmsProps) {
    super(scope, id);
    const inThisVault = { BackupVaultName: vaultName };
    new HouseAlarm(this, 'BackupFailed', {
      topics,
      name: 'backup-failed',
      runbook,
      impact: 'What customers wrote is protected by point-in-time recovery alone.',
      severity: 'medium',
      metric: sumOfCounts(
        [
          jobs('NumberOfBackupJobsFailed', inThisVault),
          jobs('NumberOfBackupJobsAborted', inThisVault),
          jobs('NumberOfBackupJobsExpired', inThisVault),
          jobs('NumberOfCopyJobsFailed', inThisVault),
          // A restore is in no vault.
          jobs('NumberOfRestoreJobsFailed', { ResourceType: 'DynamoDB' }),
        ],
        halfADay,
        'backups, copies and test restores that failed',
      ),
      above: 0,
      // It failed at night: red until somebody is there to look.
      periods: { bad: 1, of: 2 },
      // Nothing is counted where nothing failed.
      missingData: TreatMissingData.NOT_BREACHING,
    });
    new HouseAlarm(this, 'BackupMissing', {
      topics,
      name: 'backup-missing',
      runbook,
      impact: 'No backup was made for two days, and none is newer than that.',
      severity: 'medium',
      metric: new MathExpression({
        label: 'Tables without a backup of the day',
        expression: `${tables} - completed`,
        usingMetrics: {
          completed: jobs('NumberOfBackupJobsCompleted', inThisVault, Duration.days(1)),
        },
        period: Duration.days(1),
      }),
      above: 0,
      // Days of UTC: the one that has begun may lack what it will have.
      periods: { bad: 2, of: 2 },
      missingData: TreatMissingData.BREACHING,
    });
  }
}

function jobs(
  metricName: string,
  dimensionsMap: Readonly<Record<string, string>>,
  period = halfADay,
): Metric {
  return new Metric({
    namespace: 'AWS/Backup',
    metricName,
    dimensionsMap,
    statistic: Stats.SUM,
    period,
  });
}
