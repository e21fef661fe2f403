import { Duration } from 'aws-cdk-lib';
import { Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { AlarmTopics } from './alarm-topics.ts';
import { HouseAlarm, type Reach } from './house-alarm.ts';

/** Of the alarms that every function has. */
export type FunctionAlarm = {
  /** What it means when the function does not do its work. */
  readonly impact: string;
  /**
   * How people hear that it is throttled or near its timeout: not all of its work fails by then.
   * @default - as they hear that it fails
   */
  readonly nearItsLimits?: Reach;
} & Reach;

export interface FunctionAlarmsProps {
  readonly folder: string;
  readonly lambda: IFunction;
  readonly timeout: Duration;
  readonly topics: AlarmTopics;
  readonly alarm: FunctionAlarm;
}

/** Of its timeout; what takes longer is cut off soon. */
const NEAR_THE_TIMEOUT = 0.8;

/** What every function is watched for. Lambda counts only where it is called: silence is good news. */
export class FunctionAlarms {
  readonly errors: HouseAlarm;
  readonly throttles: HouseAlarm;
  readonly duration: HouseAlarm;

  constructor(scope: Construct, { folder, lambda, timeout, topics, alarm }: FunctionAlarmsProps) {
    const { impact, nearItsLimits, ...failing } = alarm;
    const period = Duration.minutes(1);
    const often = {
      topics,
      above: 0,
      // One failed try is retried; failing on is what matters.
      periods: { bad: 3, of: 5 },
      missingData: TreatMissingData.NOT_BREACHING,
    };
    const strained = nearItsLimits ?? failing;
    this.errors = new HouseAlarm(scope, 'Errors', {
      ...often,
      ...failing,
      name: `${folder}-errors`,
      impact,
      runbook: 'function-errors',
      metric: lambda.metricErrors({ period, statistic: Stats.SUM }),
    });
    this.throttles = new HouseAlarm(scope, 'Throttles', {
      ...often,
      ...strained,
      name: `${folder}-throttles`,
      impact,
      runbook: 'function-throttles',
      metric: lambda.metricThrottles({ period, statistic: Stats.SUM }),
    });
    this.duration = new HouseAlarm(scope, 'Duration', {
      ...often,
      ...strained,
      name: `${folder}-duration`,
      impact: `Calls end shortly before they are cut off; once they are: ${impact}`,
      runbook: 'function-duration',
      // One of a hundred, in three minutes of five: a single slow call says nothing.
      metric: lambda.metricDuration({ period, statistic: Stats.percentile(99) }),
      above: NEAR_THE_TIMEOUT * timeout.toMilliseconds(),
    });
  }
}
