import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmRule,
  ComparisonOperator,
  CompositeAlarm,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { metricNamespaceOf, type StageName } from '../config/stages.ts';
import type { AlarmTopics } from './alarm-topics.ts';
import { describe, HouseAlarm } from './house-alarm.ts';
import { type IncidentName, incidentNames, incidentTexts } from './incident-texts.ts';

export interface HouseIncidentsProps {
  readonly stage: StageName;
  readonly topics: AlarmTopics;
  /** The stacks whose alarms are gathered: made after everything that is watched. */
  readonly stacks: readonly Stack[];
}

/**
 * One composite alarm for each incident: it acts when one of its members goes off, so that one cause tells
 * people once, and it is silent while a deployment runs.
 */
export class HouseIncidents extends Construct {
  constructor(scope: Construct, id: string, { stage, topics, stacks }: HouseIncidentsProps) {
    super(scope, id);
    const alarms = stacks
      .flatMap((stack) => stack.node.findAll())
      .filter((construct) => construct instanceof HouseAlarm);
    const deploymentRunning = this.#watchDeployments(stage);
    const made = new Map<IncidentName, CompositeAlarm>();
    for (const name of incidentNames) {
      const members = alarms.filter(({ through }) => through === name);
      // Of what this stage does without, such as the canary.
      if (members.length === 0) continue;
      const incident = this.#incident(name, members, deploymentRunning);
      for (const other of incidentTexts[name].unless ?? []) {
        incident.node.addDependency(earlier(made, other, name));
      }
      const action = new SnsAction(topics.of(incidentTexts[name].severity));
      incident.addAlarmAction(action);
      incident.addOkAction(action);
      made.set(name, incident);
    }
  }

  #incident(
    name: IncidentName,
    members: readonly HouseAlarm[],
    deploymentRunning: Alarm,
  ): CompositeAlarm {
    const { impact, severity, unless = [] } = incidentTexts[name];
    const others = unless.map((other) => `${Stack.of(this).stackName}-${other}`);
    const incident = new CompositeAlarm(this, inPascalCase(name), {
      compositeAlarmName: `${Stack.of(this).stackName}-${name}`,
      alarmDescription: describe(impact, severity, name),
      alarmRule: AlarmRule.fromString(
        ruleOf(
          members.map(({ fullName }) => fullName),
          others,
        ),
      ),
      actionsSuppressor: deploymentRunning,
      // A deployment says that it runs before it changes anything; its word takes a minute to get here.
      // Two minutes also let an incident that is another's doing see that the other one has begun.
      actionsSuppressorWaitPeriod: Duration.minutes(2),
      // What a deployment broke is in windows of five minutes: what is red after that is told.
      actionsSuppressorExtensionPeriod: Duration.minutes(5),
    });
    // Its rule names them by words, which tell CloudFormation nothing of an order.
    incident.node.addDependency(...members);
    return incident;
  }

  /**
   * Red while somebody deploys (`npm run deploy` says so every minute). It tells nobody and keeps incidents
   * from telling; alarms that act by themselves, and those that roll a deployment back, it does not silence.
   */
  #watchDeployments(stage: StageName): Alarm {
    return new Alarm(this, 'DeploymentRunning', {
      alarmName: `${Stack.of(this).stackName}-deployment-running`,
      alarmDescription: describe(
        'Incidents tell nobody while a deployment runs and for five minutes after it.',
        'low',
        'deployment-running',
      ),
      metric: new Metric({
        namespace: metricNamespaceOf(stage),
        metricName: 'DeploymentRunning',
        dimensionsMap: { stage },
        period: Duration.minutes(1),
        statistic: Stats.MAXIMUM,
      }),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // One of two: a minute without its word does not yet mean that the deployment is over.
      datapointsToAlarm: 1,
      evaluationPeriods: 2,
      // Nobody speaks where nothing is deployed, nor when the deploying machine has died.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

/** By their names, which a person can read in the console and no stack has to export to another. */
function ruleOf(members: readonly string[], unless: readonly string[]): string {
  const anyOf = (names: readonly string[]) => names.map((name) => `ALARM("${name}")`).join(' OR ');
  return unless.length === 0 ? anyOf(members) : `(${anyOf(members)}) AND NOT (${anyOf(unless)})`;
}

function earlier(
  made: ReadonlyMap<IncidentName, CompositeAlarm>,
  other: IncidentName,
  name: IncidentName,
): CompositeAlarm {
  const incident = made.get(other);
  if (!incident) throw new Error(`Put ${other} before ${name} among the names of incidents`);
  return incident;
}

function inPascalCase(name: string): string {
  return name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
