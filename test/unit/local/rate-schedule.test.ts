import { expect, test } from 'vitest';
import { VirtualClock } from '#local/clock.ts';
import { TemplateError } from '#local/cloud/template-error.ts';
import { type RateRule, startRate } from '#local/schedules/rate-schedule.ts';

const RULE: RateRule = {
  logicalId: 'EveryMinute',
  arn: 'arn:aws:events:eu-west-1:000000000000:rule/every-minute',
  expression: 'rate(1 minute)',
  account: '000000000000',
  region: 'eu-west-1',
};

function started(expression: string) {
  const clock = new VirtualClock(Date.parse('2026-11-24T10:00:00Z'));
  const fired: string[] = [];
  const stop = startRate({ ...RULE, expression }, clock, (payload) => fired.push(payload));
  return { clock, fired, stop };
}

test('fires once per period, first after one period, with EventBridge’s event', () => {
  const { clock, fired } = started('rate(1 minute)');
  clock.advanceBy(59_999);
  expect(fired).toEqual([]);
  clock.advanceBy(120_001);
  const times = fired.map((each) => JSON.parse(each).time);
  expect(times).toEqual(['2026-11-24T10:01:00Z', '2026-11-24T10:02:00Z', '2026-11-24T10:03:00Z']);
  expect(JSON.parse(fired[0] ?? '')).toMatchObject({
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    resources: [RULE.arn],
  });
});

test.each([
  ['rate(5 minutes)', 300_000],
  ['rate(2 hours)', 7_200_000],
  ['rate(1 day)', 86_400_000],
])('%s fires after %i ms', (expression, periodMs) => {
  const { clock, fired } = started(expression);
  clock.advanceBy(periodMs - 1);
  expect(fired).toHaveLength(0);
  clock.advanceBy(1);
  expect(fired).toHaveLength(1);
});

test('fires no more once it is stopped', () => {
  const { clock, fired, stop } = started('rate(1 minute)');
  clock.advanceBy(60_000);
  stop();
  clock.advanceBy(600_000);
  expect(fired).toHaveLength(1);
});

test.each(['cron(0 12 * * ? *)', 'rate(0 minutes)', 'rate(1 fortnight)'])(
  '%s is an error that names the rule',
  (expression) => {
    expect(() => started(expression)).toThrow(TemplateError);
    expect(() => started(expression)).toThrow(/^EveryMinute: /);
  },
);
