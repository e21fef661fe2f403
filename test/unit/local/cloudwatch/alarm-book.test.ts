import { describe, expect, test } from 'vitest';
import { Properties } from '#local/cloud/properties.ts';
import { AlarmBook } from '#local/cloudwatch/alarm-book.ts';
import {
  type AlarmDefinition,
  readCompositeAlarm,
  readMetricAlarm,
} from '#local/cloudwatch/alarm-definition.ts';
import { MetricStore } from '#local/cloudwatch/metric-store.ts';

const MINUTE = 60_000;

function metricAlarm(name: string, over: Record<string, unknown> = {}): AlarmDefinition {
  const properties = {
    AlarmName: name,
    AlarmActions: ['page'],
    OKActions: ['page'],
    Namespace: 'Test',
    MetricName: name,
    Statistic: 'Sum',
    Period: 60,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 1,
    TreatMissingData: 'notBreaching',
    ...over,
  };
  return readMetricAlarm(new Properties(name, properties), { name, arn: `arn:${name}` });
}

function composite(name: string, over: Record<string, unknown>): AlarmDefinition {
  const properties = { AlarmName: name, AlarmActions: ['page'], OKActions: ['page'], ...over };
  return readCompositeAlarm(new Properties(name, properties), { name, arn: `arn:${name}` });
}

/** A book whose minutes pass one by one. */
function book(definitions: readonly AlarmDefinition[]) {
  const store = new MetricStore();
  const alarms = new AlarmBook(definitions, store, 0);
  let nowMs = 100 * MINUTE;
  return {
    alarms,
    /** What was measured in the next minutes, by metric; then that minute is looked at. */
    minute(measured: Record<string, number> = {}, times = 1) {
      for (let count = 0; count < times; count += 1) {
        const points = Object.entries(measured).map(([name, value]) => ({
          namespace: 'Test',
          name,
          dimensions: {},
          value,
          atMs: nowMs + 30_000,
        }));
        store.add(points);
        nowMs += MINUTE;
        alarms.evaluate(nowMs);
      }
    },
    told: () => alarms.notices.map(({ alarm, state }) => `${alarm} ${state}`),
  };
}

test('goes off, recovers, and tells its topics of both', () => {
  const { alarms, minute, told } = book([metricAlarm('errors')]);
  minute({ errors: 0 });
  minute({ errors: 2 });
  expect(alarms.stateOf('arn:errors')).toBe('ALARM');
  minute({ errors: 0 });
  expect(told()).toEqual(['errors OK', 'errors ALARM', 'errors OK']);
  expect(alarms.changes.map(({ from, to }) => `${from} ${to}`)).toEqual([
    'INSUFFICIENT_DATA OK',
    'OK ALARM',
    'ALARM OK',
  ]);
});

test('looks at windows that slide by the minute', () => {
  const { alarms, minute } = book([metricAlarm('slow', { Period: 300, Threshold: 4 })]);
  minute({ slow: 1 }, 4);
  expect(alarms.stateOf('slow')).toBe('OK');
  minute({ slow: 1 });
  expect(alarms.stateOf('slow')).toBe('ALARM');
  minute({ slow: 0 });
  expect(alarms.stateOf('slow')).toBe('OK');
});

test('evaluates metric math over the same periods', () => {
  const stat = (Id: string, MetricName: string) => ({
    Id,
    MetricStat: { Metric: { Namespace: 'Test', MetricName }, Period: 300, Stat: 'Sum' },
    ReturnData: false,
  });
  const rate = metricAlarm('rate', {
    Namespace: undefined,
    MetricName: undefined,
    Statistic: undefined,
    Period: undefined,
    Threshold: 1,
    Metrics: [
      { Id: 'rate', Expression: 'IF(all > 0, 100 * FILL(bad, 0) / all, 0)', Period: 300 },
      stat('bad', 'bad'),
      stat('all', 'all'),
    ],
  });
  const { alarms, minute } = book([rate]);
  minute({ all: 100 });
  expect(alarms.stateOf('rate')).toBe('OK');
  minute({ all: 99, bad: 3 });
  expect(alarms.stateOf('rate')).toBe('ALARM');
  minute({ all: 500 });
  expect(alarms.stateOf('rate')).toBe('OK');
});

test('DynamoDB’s metrics keep the state where they are silent, whatever the alarm says', () => {
  const { alarms, minute } = book([metricAlarm('quiet', { Namespace: 'AWS/DynamoDB' })]);
  minute({}, 10);
  expect(alarms.stateOf('quiet')).toBe('INSUFFICIENT_DATA');
});

test.each([
  ['an unknown property', { Brand: 'new' }, 'the property Brand is unknown'],
  ['an unknown statistic', { Statistic: undefined, ExtendedStatistic: 'tm99' }, 'tm99 is unknown'],
  ['half a minute', { Period: 30 }, 'whole minutes'],
  ['no threshold', { Threshold: undefined }, 'no Threshold'],
  [
    'unknown math',
    { Metrics: [{ Id: 'e', Expression: 'RATE(1)', Period: 60 }] },
    'its metric math: the function RATE is unknown here',
  ],
  [
    'two results',
    {
      Metrics: [
        { Id: 'a', Expression: '1 + 1', Period: 60 },
        { Id: 'b', Expression: '1 + 1', Period: 60 },
      ],
    },
    'exactly one of its Metrics must return data',
  ],
  [
    'a number in place of a series',
    { Metrics: [{ Id: 'a', Expression: '1 + 1', Period: 60 }] },
    'one value a period',
  ],
])('refuses %s', (_, over, problem) => {
  const clean = 'Metrics' in over ? { Statistic: undefined, Period: undefined } : {};
  expect(() => metricAlarm('odd', { ...clean, ...over })).toThrow(problem);
});

describe('a composite', () => {
  const members = [metricAlarm('one'), metricAlarm('two'), metricAlarm('deploying')];
  const off = { one: 0, two: 0, deploying: 0 };

  test('tells once of one cause, and hears of other composites in the same minute', () => {
    const { minute, told } = book([
      composite('outer', { AlarmRule: 'ALARM("arn:inner")' }),
      composite('inner', { AlarmRule: 'ALARM(one) OR ALARM(two)' }),
      metricAlarm('one', { AlarmActions: [], OKActions: [] }),
      metricAlarm('two', { AlarmActions: [], OKActions: [] }),
    ]);
    minute(off);
    minute({ ...off, one: 1 });
    minute({ ...off, one: 1, two: 1 });
    minute(off);
    expect(told()).toEqual([
      'outer OK',
      'inner OK',
      'outer ALARM',
      'inner ALARM',
      'outer OK',
      'inner OK',
    ]);
  });

  const suppressed = composite('incident', {
    AlarmRule: 'ALARM(one)',
    ActionsSuppressor: 'deploying',
    ActionsSuppressorWaitPeriod: 120,
    ActionsSuppressorExtensionPeriod: 180,
  });
  const tellings = (all: readonly string[]) => all.filter((each) => each.startsWith('incident'));

  test('tells nobody while its suppressor is off, and what is still true some time after', () => {
    const { minute, told } = book([...members, suppressed]);
    minute(off, 3);
    expect(tellings(told())).toEqual(['incident OK']);
    minute({ ...off, deploying: 1 });
    minute({ ...off, deploying: 1, one: 1 }, 5);
    minute({ ...off, one: 1 }, 3);
    expect(tellings(told())).toEqual(['incident OK']);
    minute({ ...off, one: 1 });
    expect(tellings(told())).toEqual(['incident OK', 'incident ALARM']);
  });

  test('is silent about what went by during a deployment', () => {
    const { minute, told } = book([...members, suppressed]);
    minute(off, 3);
    minute({ ...off, deploying: 1, one: 1 }, 3);
    minute({ ...off, deploying: 1 });
    minute(off, 10);
    expect(tellings(told())).toEqual(['incident OK']);
  });

  describe('that another incident explains', () => {
    const explained = [
      ...members,
      composite('other', { AlarmRule: 'ALARM(two)' }),
      composite('explained', {
        AlarmRule: 'ALARM(deploying) OR ALARM(other)',
        AlarmActions: [],
        OKActions: [],
      }),
      composite('incident', {
        AlarmRule: '(ALARM(one)) AND NOT (ALARM(other))',
        ActionsSuppressor: 'explained',
        ActionsSuppressorWaitPeriod: 120,
        ActionsSuppressorExtensionPeriod: 900,
      }),
    ];

    test('says nothing of what that one has left behind', () => {
      const { minute, told } = book(explained);
      minute(off, 3);
      minute({ ...off, one: 1, two: 1 }, 10);
      minute({ ...off, one: 1 }, 14);
      minute(off, 20);
      expect(tellings(told())).toEqual(['incident OK']);
    });

    test('tells of what is still there when that one is over for long: it has a cause of its own', () => {
      const { minute, told } = book(explained);
      minute(off, 3);
      minute({ ...off, one: 1, two: 1 }, 10);
      minute({ ...off, one: 1 }, 16);
      expect(tellings(told())).toEqual(['incident OK', 'incident ALARM']);
    });

    test('is not said to be over because that one has begun', () => {
      const { minute, told } = book(explained);
      minute(off, 3);
      minute({ ...off, one: 1 }, 5);
      minute({ ...off, one: 1, two: 1 }, 10);
      minute({ ...off, one: 1 }, 20);
      expect(tellings(told())).toEqual(['incident OK', 'incident ALARM']);
      minute(off, 4);
      expect(tellings(told())).toEqual(['incident OK', 'incident ALARM', 'incident OK']);
    });
  });

  test('waits a while for a suppressor that comes late', () => {
    const { minute, told } = book([...members, suppressed]);
    minute(off, 3);
    minute({ ...off, one: 1 }, 2);
    expect(tellings(told())).toEqual(['incident OK']);
    minute({ ...off, one: 1 });
    expect(tellings(told())).toEqual(['incident OK', 'incident ALARM']);
  });
});

test('forgets a metric, and no other, as if it had never been measured', () => {
  const store = new MetricStore();
  const metric = (name: string) => ({ namespace: 'Test', name, dimensions: {} });
  store.add(['one', 'two'].map((name) => ({ ...metric(name), value: 1, atMs: 0 })));
  store.forget(metric('one'));
  expect(store.values(metric('one'), 0, MINUTE)).toEqual([]);
  expect(store.values(metric('two'), 0, MINUTE)).toEqual([1]);
});
