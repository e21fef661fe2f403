import { Duration, type Stack } from 'aws-cdk-lib';
import { Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { NodeLambda } from '../constructs/node-lambda.ts';
import type { AlarmTopics } from './alarm-topics.ts';
import { HouseAlarm } from './house-alarm.ts';
import { sumOfCounts } from './rates.ts';

export interface BlindSpotsProps {
  readonly topics: AlarmTopics;
  /** Whose functions publish metrics: made after all of them. */
  readonly stack: Stack;
}

/** Watches what the other alarms stand on: metrics that are understood, and pages that arrive. */
export class BlindSpots extends Construct {
  constructor(scope: Construct, id: string, { topics, stack }: BlindSpotsProps) {
    super(scope, id);
    const period = Duration.minutes(5);
    const functions = stack.node.findAll().filter((each) => each instanceof NodeLambda);
    new HouseAlarm(this, 'EmfValidationErrors', {
      topics,
      name: 'emf-validation-errors',
      impact: 'Metrics of a function are thrown away, so alarms on them may stay silent.',
      severity: 'medium',
      metric: sumOfCounts(
        functions.map(
          ({ logGroup }) =>
            new Metric({
              namespace: 'AWS/Logs',
              metricName: 'EMFValidationErrors',
              dimensionsMap: { LogGroupName: logGroup.logGroupName },
              period,
              statistic: Stats.SUM,
            }),
        ),
        period,
        'lines whose metrics were not understood',
      ),
      above: 0,
      periods: { bad: 1, of: 2 },
      missingData: TreatMissingData.NOT_BREACHING,
    });
    this.#watchDelivery(topics);
  }

  #watchDelivery(topics: AlarmTopics): void {
    const period = Duration.minutes(5);
    const undelivered = new HouseAlarm(this, 'AlarmsUndelivered', {
      topics,
      name: 'alarms-undelivered',
      impact: 'An alarm went off and did not reach whom it was for: nobody may be acting on it.',
      severity: 'high',
      metric: sumOfCounts(
        topics.all.map((topic) =>
          topic.metricNumberOfNotificationsFailed({ period, statistic: Stats.SUM }),
        ),
        period,
        'notifications not delivered',
      ),
      above: 0,
      periods: { bad: 1, of: 2 },
      missingData: TreatMissingData.NOT_BREACHING,
    });
    // By every way, since one of them is what fails.
    for (const topic of topics.all.filter((each) => each !== topics.of('high'))) {
      undelivered.addAlarmAction(new SnsAction(topic));
    }
  }
}
