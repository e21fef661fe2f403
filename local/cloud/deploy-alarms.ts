import {
  type AlarmDefinition,
  readCompositeAlarm,
  readMetricAlarm,
} from '../cloudwatch/alarm-definition.ts';
import type { Stack } from './stack.ts';
import { TemplateError } from './template-error.ts';

/** The template's alarms, ready to be evaluated. @throws TemplateError for what cannot be evaluated here */
export function deployAlarms(stacks: readonly Stack[]): readonly AlarmDefinition[] {
  const alarms = stacks.flatMap((stack): readonly AlarmDefinition[] => {
    const identityOf = (logicalId: string) => {
      const { ref, attributes } = stack.identityOf(logicalId);
      return { name: ref, arn: attributes['Arn'] ?? '' };
    };
    return [
      ...stack
        .resources('AWS::CloudWatch::Alarm')
        .map((each) => readMetricAlarm(stack.properties(each), identityOf(each.logicalId))),
      ...stack
        .resources('AWS::CloudWatch::CompositeAlarm')
        .map((each) => readCompositeAlarm(stack.properties(each), identityOf(each.logicalId))),
    ];
  });
  const known = new Set(alarms.flatMap(({ name, arn }) => [name, arn]));
  for (const alarm of alarms) {
    if (alarm.kind !== 'composite') continue;
    const named = [...alarm.members, ...(alarm.suppressor ? [alarm.suppressor.alarm] : [])];
    const stranger = named.find((each) => !known.has(each));
    if (stranger !== undefined) {
      throw new TemplateError(alarm.logicalId, `the alarm ${stranger} is not in the template`);
    }
  }
  return alarms;
}
