import { expect, it } from 'vitest';
import { alarmTable } from '../../../../tools/documents/alarm-table.ts';

const alarm = (name: string, severity: string, more: object = {}) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmName: `concierge-prod-service-${name}`,
    AlarmDescription: `What ${name} means. Severity: ${severity}. Runbook: docs/runbooks/${name}.md`,
    ...more,
  },
});

const acts = { AlarmActions: [{ Ref: 'Topic' }] };

function tableOf(Resources: object): string {
  return alarmTable([{ Resources }]);
}

it('puts an alarm under its severity, with what it means and its runbook', () => {
  const table = tableOf({ One: alarm('secret-age', 'low', acts) });
  expect(table).toContain('### critical\n\nNone.');
  expect(table.split('### low')[1]).toContain(
    '| **[secret-age](runbooks/secret-age.md)** | What secret-age means. |  |',
  );
});

it('puts what an incident gathers behind it and nowhere else, but not what mutes it', () => {
  const rule = (name: string) => `ALARM("concierge-prod-service-${name}")`;
  const AlarmRule = `(${rule('errors')} OR ${rule('slow')}) AND NOT (${rule('whatsapp-down')})`;
  const table = tableOf({
    Errors: alarm('errors', 'high'),
    Slow: alarm('slow', 'medium'),
    Down: alarm('whatsapp-down', 'critical', acts),
    Incident: {
      ...alarm('unanswered', 'critical', { AlarmRule, ...acts }),
      Type: 'AWS::CloudWatch::CompositeAlarm',
    },
  });
  expect(table).toContain(
    '| What unanswered means. | [errors](runbooks/errors.md), [slow](runbooks/slow.md) |',
  );
  expect(table).toContain('### high\n\nNone.');
  expect(table).not.toContain('### Tell nobody');
});

it('shows what tells nobody and is nobody’s member', () => {
  const table = tableOf({ Deploying: alarm('deployment-running', 'low') });
  expect(table.split('### Tell nobody')[1]).toContain('deployment-running');
});

it('refuses an alarm that does not say what it means', () => {
  const careless = { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmDescription: 'Errors' } };
  expect(() => tableOf({ Careless: careless })).toThrow(
    'Careless is described as no house alarm is',
  );
});
