import { Duration } from 'aws-cdk-lib';
import { type IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { usedOperations } from '../constructs/serving-table.ts';
import { HouseAlarm } from './house-alarm.ts';
import { sumOfCounts } from './rates.ts';

const PERIOD = Duration.minutes(1);

/**
 * Watches a table for what DynamoDB itself refuses. A few are retried by the client before anybody notices;
 * more than five a minute, in three of five minutes, are not.
 */
export function watchTable(
  scope: Construct,
  { tableName, name }: { readonly tableName: string; readonly name: string },
): void {
  const often = {
    through: 'tables-failing',
    runbook: 'tables-failing',
    above: 5,
    periods: { bad: 3, of: 5 },
    // DynamoDB says nothing where nothing failed.
    missingData: TreatMissingData.NOT_BREACHING,
  } as const;
  new HouseAlarm(scope, 'ThrottlesAlarm', {
    ...often,
    name: `${name}-throttles`,
    impact: `DynamoDB throttles the table of ${name}: what needs it is late, webhooks come again.`,
    metric: countOf('ThrottledRequests', tableName),
  });
  new HouseAlarm(scope, 'SystemErrorsAlarm', {
    ...often,
    name: `${name}-system-errors`,
    impact: `DynamoDB fails at the table of ${name}: what needs it is late, webhooks come again.`,
    metric: countOf('SystemErrors', tableName),
  });
}

function countOf(metricName: string, tableName: string): IMetric {
  const counts = usedOperations.map(
    (operation) =>
      new Metric({
        namespace: 'AWS/DynamoDB',
        metricName,
        dimensionsMap: { TableName: tableName, Operation: operation },
        period: PERIOD,
        statistic: Stats.SUM,
      }),
  );
  return sumOfCounts(counts, PERIOD, metricName);
}
