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
import { type IncidentName, incidentTexts } from './incident-texts.ts';

/** How people hear of an alarm: by itself, or by the incident of which it is one symptom among others. */
export type Reach =
  | { readonly severity: Severity; readonly through?: undefined }
  | { readonly severity?: undefined; readonly through: IncidentName };

interface AlarmWords {
  /** In kebab-case; the stack's name is put before it. */
  readonly name: string;
  /** One sentence: what it means for customers or tenants. */
  readonly impact: string;
  /**
   * The file docs/runbooks/<runbook>.md.
   * @default - the alarm's name
   */
  readonly runbook?: string;
}

/** What an alarm has to tell the person who gets it. Only one that acts by itself needs the topics. */
export type AlarmText = AlarmWords &
  (
    | ({ readonly topics: AlarmTopics } & Reach)
    | { readonly topics?: undefined; readonly severity?: undefined; readonly through: IncidentName }
  );

interface Watch {
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

export type HouseAlarmProps = AlarmText & Watch;

/** An alarm that says what it means, how bad it is and what to do; all three are demanded. */
export class HouseAlarm extends Alarm {
  /** What it is a symptom of, where it does not act by itself. */
  readonly through: IncidentName | undefined;
  /** As people and rules call it: `alarmName` is a reference that only CloudFormation resolves. */
  readonly fullName: string;

  constructor(scope: Construct, id: string, props: HouseAlarmProps) {
    const { name, impact, through, runbook = name, periods = { bad: 1, of: 1 } } = props;
    const severity = through ? incidentTexts[through].severity : props.severity;
    const fullName = `${Stack.of(scope).stackName}-${name}`;
    super(scope, id, {
      alarmName: fullName,
      alarmDescription: describe(impact, severity, runbook),
      metric: props.metric,
      threshold: props.above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      datapointsToAlarm: periods.bad,
      evaluationPeriods: periods.of,
      treatMissingData: props.missingData,
    });
    this.through = through;
    this.fullName = fullName;
    if (through) return;
    const action = new SnsAction(props.topics.of(severity));
    this.addAlarmAction(action);
    this.addOkAction(action);
  }
}

/** The text that comes with a page: everything that whoever is woken needs to begin. */
export function describe(impact: string, severity: Severity, runbook: string): string {
  return `${impact} Severity: ${severity}. Runbook: docs/runbooks/${runbook}.md`;
}
