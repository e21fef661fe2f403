import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmRule,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarm,
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

/** What a deployment broke is in windows of five minutes: what is red after that is told. */
const AFTER_A_DEPLOYMENT = Duration.minutes(5);

/**
 * What an incident leaves behind: a backlog that drains, and windows of up to half an hour that still hold it.
 * What is red after that has another cause, or is so large that people should know.
 */
const AFTER_ANOTHER_INCIDENT = Duration.minutes(15);

const DEPLOYMENT_RUNNING = 'deployment-running';

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
      const others = (incidentTexts[name].unless ?? []).map((other) => earlier(made, other, name));
      const suppressor = this.#explained(name, others, deploymentRunning);
      const incident = this.#incident(name, members, suppressor);
      // Rules name alarms by words, which tell CloudFormation nothing of an order.
      incident.node.addDependency(...members, ...others);
      const action = new SnsAction(topics.of(incidentTexts[name].severity));
      incident.addAlarmAction(action);
      incident.addOkAction(action);
      made.set(name, incident);
    }
  }

  #incident(
    name: IncidentName,
    members: readonly HouseAlarm[],
    actionsSuppressor: IAlarm,
  ): CompositeAlarm {
    const { impact, severity, unless = [] } = incidentTexts[name];
    const symptoms = members.map(({ fullName }) => fullName);
    return new CompositeAlarm(this, inPascalCase(name), {
      compositeAlarmName: fullNameOf(this, name),
      alarmDescription: describe(impact, severity, name),
      alarmRule: AlarmRule.fromString(
        ruleOf(
          symptoms,
          unless.map((other) => fullNameOf(this, other)),
        ),
      ),
      actionsSuppressor,
      // A deployment says that it runs before it changes anything; its word takes a minute to get here.
      // Two minutes also let an incident that is another's doing see that the other one has begun.
      actionsSuppressorWaitPeriod: Duration.minutes(2),
      actionsSuppressorExtensionPeriod:
        unless.length > 0 ? AFTER_ANOTHER_INCIDENT : AFTER_A_DEPLOYMENT,
    });
  }

  /**
   * Red while another incident, or a deployment, explains this one. A rule has no memory: by its NOT alone an
   * incident would tell people as soon as the other one is over, of what that one has left behind; and that it
   * is over itself when the other one has merely taken its place.
   */
  #explained(
    name: IncidentName,
    others: readonly CompositeAlarm[],
    deploymentRunning: Alarm,
  ): IAlarm {
    const { unless = [] } = incidentTexts[name];
    if (unless.length === 0) return deploymentRunning;
    const explained = new CompositeAlarm(this, `${inPascalCase(name)}Explained`, {
      compositeAlarmName: fullNameOf(this, `${name}-explained`),
      alarmDescription: describe(
        `While this is red, and for ${AFTER_ANOTHER_INCIDENT.toMinutes()} minutes after, ${name} tells nobody.`,
        'low',
        name,
      ),
      alarmRule: AlarmRule.fromString(
        ruleOf(
          [DEPLOYMENT_RUNNING, ...unless].map((other) => fullNameOf(this, other)),
          [],
        ),
      ),
    });
    explained.node.addDependency(deploymentRunning, ...others);
    return explained;
  }

  /**
   * Red while somebody deploys (`npm run deploy` says so every minute). It tells nobody and keeps incidents
   * from telling; alarms that act by themselves, and those that roll a deployment back, it does not silence.
   */
  #watchDeployments(stage: StageName): Alarm {
    return new Alarm(this, 'DeploymentRunning', {
      alarmName: fullNameOf(this, DEPLOYMENT_RUNNING),
      alarmDescription: describe(
        'Incidents tell nobody while a deployment runs, and for five or fifteen minutes after it.',
        'low',
        DEPLOYMENT_RUNNING,
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

function fullNameOf(scope: Construct, name: string): string {
  return `${Stack.of(scope).stackName}-${name}`;
}

function inPascalCase(name: string): string {
  return name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
