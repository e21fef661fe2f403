import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { StageName } from '#lib/config/stages.ts';

export interface AlarmView {
  readonly name: string;
  /** Whether it tells anybody. */
  readonly isArmed: boolean;
  readonly isRed: boolean;
}

/** The alarms of a deployed stage. */
export async function listAlarms(
  client: CloudWatchClient,
  stage: StageName,
): Promise<readonly AlarmView[]> {
  const found: AlarmView[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new DescribeAlarmsCommand({ AlarmNamePrefix: `concierge-${stage}-`, NextToken: token }),
    );
    for (const { AlarmName, ActionsEnabled, AlarmActions, StateValue } of page.MetricAlarms ?? []) {
      found.push({
        name: AlarmName ?? '',
        isArmed: ActionsEnabled === true && (AlarmActions?.length ?? 0) > 0,
        isRed: StateValue === 'ALARM',
      });
    }
    token = page.NextToken;
  } while (token !== undefined);
  return found;
}
