import { Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  type TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import type { Severity } from '../config/stages.ts';
import type { AlarmTopics } from './alarm-topics.ts';

/** What an alarm has to tell the person who gets it. */
export interface AlarmText {
  readonly topics: AlarmTopics;
  /** In kebab-case; the stack's name is put before it. */
  readonly name: string;
  /** One sentence: what it means for customers or tenants. */
  readonly impact: string;
  readonly severity: Severity;
  /**
   * The file docs/runbooks/<runbook>.md.
   * @default - the alarm's name
   */
  readonly runbook?: string;
}

export interface HouseAlarmProps extends AlarmText {
  readonly metric: IMetric;
  /** Goes off when the metric is greater than this. */
  readonly above: number;
  /**
   * How many periods of the metric must be above.
   * @default - one of one
   */
  readonly periods?: { readonly bad: number; readonly of: number };
  readonly missingData: TreatMissingData;
}

/** An alarm that says what it means, how bad it is and what to do; all three are demanded. */
export class HouseAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: HouseAlarmProps) {
    const { name, impact, severity, runbook = name, periods = { bad: 1, of: 1 } } = props;
    super(scope, id, {
      alarmName: `${Stack.of(scope).stackName}-${name}`,
      alarmDescription: `${impact} Severity: ${severity}. Runbook: docs/runbooks/${runbook}.md`,
      metric: props.metric,
      threshold: props.above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      datapointsToAlarm: periods.bad,
      evaluationPeriods: periods.of,
      treatMissingData: props.missingData,
    });
    const action = new SnsAction(props.topics.of(severity));
    this.addAlarmAction(action);
    this.addOkAction(action);
  }
}
