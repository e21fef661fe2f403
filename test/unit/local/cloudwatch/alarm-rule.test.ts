import { expect, test } from 'vitest';
import { AlarmRuleError, parseAlarmRule } from '#local/cloudwatch/alarm-rule.ts';
import type { AlarmState } from '#local/cloudwatch/alarm-state.ts';

const STATES: Readonly<Record<string, AlarmState>> = {
  bad: 'ALARM',
  'worse-still': 'ALARM',
  'arn:aws:cloudwatch:us-east-1:000000000000:alarm:good': 'OK',
  new: 'INSUFFICIENT_DATA',
};

function holds(text: string): boolean {
  return parseAlarmRule(text).rule((name) => STATES[name] ?? 'INSUFFICIENT_DATA');
}

const GOOD = '"arn:aws:cloudwatch:us-east-1:000000000000:alarm:good"';

test.each([
  ['ALARM(bad)', true],
  ['ALARM("bad")', true],
  [`ALARM(${GOOD})`, false],
  [`OK(${GOOD})`, true],
  ['INSUFFICIENT_DATA(new)', true],
  [`(ALARM(${GOOD}) OR ALARM("worse-still"))`, true],
  [`ALARM(bad) AND NOT ALARM(${GOOD})`, true],
  [`ALARM(bad) OR ALARM(new) AND ALARM(${GOOD})`, true],
  [`(ALARM(bad) OR ALARM(new)) AND ALARM(${GOOD})`, false],
  ['NOT ALARM(bad) OR FALSE', false],
  ['TRUE', true],
])('%s', (text, expected) => {
  expect(holds(text)).toBe(expected);
});

test('tells which alarms a rule names', () => {
  expect(parseAlarmRule('ALARM(bad) OR (OK("x") AND NOT ALARM(new))').alarms).toEqual([
    'bad',
    'x',
    'new',
  ]);
});

test.each(['ALARM(bad', 'AT_LEAST(1, ALARM, (bad, new))', 'ALARM(bad) ALARM(new)', '', 'OR'])(
  'refuses "%s"',
  (text) => {
    expect(() => parseAlarmRule(text)).toThrow(AlarmRuleError);
  },
);
