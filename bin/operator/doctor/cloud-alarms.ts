import {
  type CloudWatchClient,
  type CompositeAlarm,
  DescribeAlarmsCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import type { StageName } from '#lib/config/stages.ts';

export interface AlarmView {
  readonly name: string;
  /** Whether it tells anybody, or keeps others from telling. */
  readonly isArmed: boolean;
  readonly isRed: boolean;
  /** The file that its text leads to. */
  readonly runbook: string | undefined;
}

/**
 * The alarms of a deployed stage. A symptom of an incident has no action of its own: it is armed where the
 * incident that it sets off is.
 */
export async function listAlarms(
  client: CloudWatchClient,
  stage: StageName,
): Promise<readonly AlarmView[]> {
  const { metric, composite } = await describeAlarms(client, stage);
  const incidents = composite.filter(isActing);
  const through = new Set(incidents.flatMap(({ AlarmRule = '' }) => symptomsIn(AlarmRule)));
  const suppressors = incidents.map(({ ActionsSuppressor }) => nameIn(ActionsSuppressor));
  return [...metric, ...composite].map((alarm) => {
    const { AlarmName: name = '', StateValue: state, AlarmDescription: text = '' } = alarm;
    return {
      name,
      isArmed: isActing(alarm) || through.has(name) || suppressors.includes(name),
      isRed: state === 'ALARM',
      runbook: /docs\/runbooks\/[a-z0-9-]+\.md/.exec(text)?.[0],
    };
  });
}

async function describeAlarms(client: CloudWatchClient, stage: StageName) {
  const metric: MetricAlarm[] = [];
  const composite: CompositeAlarm[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new DescribeAlarmsCommand({
        AlarmNamePrefix: `concierge-${stage}-`,
        // Without a word of it AWS leaves the composite ones out.
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        NextToken: token,
      }),
    );
    metric.push(...(page.MetricAlarms ?? []));
    composite.push(...(page.CompositeAlarms ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return { metric, composite };
}

function isActing({
  ActionsEnabled,
  AlarmActions,
}: Pick<MetricAlarm | CompositeAlarm, 'ActionsEnabled' | 'AlarmActions'>): boolean {
  return ActionsEnabled === true && (AlarmActions?.length ?? 0) > 0;
}

/** The alarms that set an incident off, by name or ARN; not those that only keep it silent. */
function symptomsIn(rule: string): readonly string[] {
  const [symptoms = ''] = rule.split(' AND NOT ');
  return [...symptoms.matchAll(/ALARM\("?([^")]+)"?\)/g)].map(([, name]) => nameIn(name));
}

function nameIn(nameOrArn = ''): string {
  return nameOrArn.replace(/^arn:.+:alarm:/, '');
}
