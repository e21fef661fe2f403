import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { severities, stageNames } from '#lib/config/stages.ts';
import { nextState } from '#local/cloudwatch/alarm-state.ts';
import { parseExpression } from '#local/cloudwatch/metric-expression.ts';
import { deployments } from '../../bin/deployments.ts';
import { synthesizeStage } from '../support/template.ts';
import { alarmNamed, alarmsOf, expressionOf, metricsOf } from '../support/template-alarms.ts';
import { inWords, nameOf } from '../support/template-text.ts';

/** What silence means, where it is not good news; why stands beside each alarm. */
const silence: Readonly<Record<string, string>> = {
  'oldest-unfinished': 'breaching',
  'canary-failed': 'breaching',
  'secret-age': 'ignore',
  'backup-missing': 'breaching',
};

/** What happens once a day, or grows by days. */
const slow = ['secret-age', 'backup-failed', 'backup-missing'];

describe.each(stageNames)('the alarms of %s', (stage) => {
  const templates = synthesizeStage(stage);
  const { service } = templates;
  const alarms = alarmsOf(templates);
  const onMetrics = alarms.filter(({ kind }) => kind === 'metric');

  it('tell what it means, how bad it is, and which existing runbook to open', () => {
    for (const { name, text, severity, runbook } of alarms) {
      expect(text, name).toMatch(/^[A-Z].{20,}[a-z]\. Severity: /);
      expect(severities, name).toContain(severity);
      expect(existsSync(`docs/runbooks/${runbook}.md`), `docs/runbooks/${runbook}.md`).toBe(true);
    }
  });

  it('have names of their own, which fit into a page', () => {
    const names = alarms.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9-]{5,40}$/);
  });

  it('say on purpose what silence means', () => {
    for (const { name, properties } of onMetrics) {
      expect(properties.TreatMissingData, name).toBe(silence[name] ?? 'notBreaching');
    }
  });

  it('look at enough to be sure, and at no more than half an hour but for an age', () => {
    for (const alarm of onMetrics) {
      const { DatapointsToAlarm: bad, EvaluationPeriods: of } = alarm.properties;
      expect(bad, alarm.name).toBeGreaterThan(0);
      expect(bad, alarm.name).toBeLessThanOrEqual(of);
      const periods = new Set(metricsOf(templates, alarm).map(({ period }) => period));
      expect(periods.size, alarm.name).toBe(1);
      const [period = 0] = periods;
      // In dev the canary runs once an hour.
      const isRare =
        slow.includes(alarm.name) || (stage === 'dev' && alarm.name === 'canary-failed');
      if (!isRare) expect(period * of, alarm.name).toBeLessThanOrEqual(1800);
      // One of one is enough where one is too many already: a first dead letter, a first revoked token.
      const isFirst = alarm.properties.Threshold === 0 && !expressionOf(alarm);
      if (of === 1) expect(isFirst || alarm.name === 'secret-age', alarm.name).toBe(true);
    }
  });

  it('never average, and measure latency by its worst hundredth', () => {
    for (const alarm of onMetrics) {
      for (const { name, statistic } of metricsOf(templates, alarm)) {
        // Where there are too few for a hundredth, by half of them.
        const isHalf = alarm.name === 'webhook-slow' && statistic === 'p50';
        expect(['Sum', 'Maximum', 'p99', ...(isHalf ? ['p50'] : [])]).toContain(statistic);
        if (/Duration|Latency/.test(name) && !isHalf) expect(statistic, alarm.name).toBe('p99');
      }
    }
  });

  it.each([
    ['a hundredth of many', { requests: 100, p99: 1500, p50: 20 }, 1500],
    ['one cold start at night', { requests: 9, p99: 1500, p50: 1500 }, 0],
    ['a few slow ones of a small stage', { requests: 40, p99: 1500, p50: 20 }, 20],
    ['most of a small stage', { requests: 40, p99: 2500, p50: 1500 }, 1500],
  ])('measure of how slow webhooks are %s', (_, metrics, ms) => {
    const text = expressionOf(alarmNamed(alarms, 'webhook-slow')) ?? '';
    const given: Readonly<Record<string, number>> = metrics;
    expect(parseExpression(text)((id) => [given[id]])).toEqual([ms]);
  });

  it('stay within what AWS allows of metric math', () => {
    for (const alarm of onMetrics) {
      const { Metrics: terms = [] } = alarm.properties;
      expect(terms.length, alarm.name).toBeLessThanOrEqual(11);
      expect(metricsOf(templates, alarm).length, alarm.name).toBeLessThanOrEqual(10);
      expect(JSON.stringify(terms), alarm.name).not.toContain('SEARCH');
      expect(terms.filter(isReturned).length, alarm.name).toBe(terms.length === 0 ? 0 : 1);
    }
  });

  it('look at a period more than must be bad where a late metric is filled up', () => {
    const filled = onMetrics.filter((alarm) => expressionOf(alarm)?.includes('FILL('));
    expect(filled.length).toBeGreaterThan(5);
    for (const { name, properties } of filled) {
      expect(properties.EvaluationPeriods, name).toBeGreaterThan(properties.DatapointsToAlarm);
    }
  });

  it('take a rate of a handful for no rate', () => {
    const rates = onMetrics.filter((alarm) => expressionOf(alarm)?.includes(' / '));
    expect(rates.map(({ name }) => name).sort()).toEqual([
      'model-error-rate',
      'sends-refused',
      'signatures-rejected',
      'webhook-error-rate',
    ]);
    for (const rate of rates) expect(expressionOf(rate)).toMatch(/^IF\(.+ >= [1-9]\d*, 100 \* /);
  });

  it('go off at the first parked message', () => {
    for (const name of ['chat-dead-letters', 'events-dead-letters', 'jobs-dead-letters']) {
      expect(alarmNamed(alarms, name).properties).toMatchObject({
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        Statistic: 'Maximum',
        Period: 60,
        EvaluationPeriods: 1,
      });
    }
  });

  it.each([
    'messages-parked',
    'messages-unbound',
    'model-quota-exhausted',
    'model-unusable',
    'token-revoked',
    'replies-withheld',
    'transcription-unusable',
    'platform-budget-reached',
    'tenant-budget-reached',
    'budget-warning',
  ])('go off at the first of %s', (name) => {
    expect(alarmNamed(alarms, name).properties).toMatchObject({
      Statistic: 'Sum',
      Period: 300,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
    });
  });

  it('go off when a ring is five minutes older than the answer deadline', () => {
    expect(alarmNamed(alarms, 'chat-oldest-ring').properties).toMatchObject({
      Threshold: deployments[stage].processor.answerDeadlineSeconds + 300,
      Statistic: 'Maximum',
    });
  });

  it('go off when a message is unfinished ten minutes after its last chance, in milliseconds', () => {
    const { ringAfterSeconds, processor } = deployments[stage];
    expect(alarmNamed(alarms, 'oldest-unfinished').properties).toMatchObject({
      Statistic: 'Maximum',
      Period: 60,
      Threshold: (processor.answerDeadlineSeconds + ringAfterSeconds + 600) * 1000,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
    });
  });

  it('go off after two checks of the canary that failed, in windows that always hold one', () => {
    const { everyMinutes = 0 } = deployments[stage].canary ?? {};
    expect(alarmNamed(alarms, 'canary-failed').properties).toMatchObject({
      MetricName: 'CanaryFailures',
      Statistic: 'Sum',
      Period: everyMinutes * 2 * 60,
      Threshold: 0,
      EvaluationPeriods: 2,
      DatapointsToAlarm: 2,
    });
  });

  it('let a new stage be, once its canary was answered for the first time', () => {
    const { properties } = alarmNamed(alarms, 'canary-failed');
    const { EvaluationPeriods: of, DatapointsToAlarm: bad, TreatMissingData: missing } = properties;
    const terms = { of, bad, missing, isBreaching: (failures: number) => failures > 0 };
    const none = [undefined, undefined, undefined];
    expect(nextState([...none, 0], terms, 'ALARM')).toBe('OK');
    expect(nextState([...none, undefined], terms, 'OK')).toBe('ALARM');
    expect(nextState([0, 0, 0, 1], terms, 'OK')).toBe('OK');
    expect(nextState([0, 0, 1, 1], terms, 'OK')).toBe('ALARM');
  });

  it('go off at four fifths of each function’s timeout, and of what is reserved', () => {
    const functions = service.findResources('AWS::Lambda::Function');
    const timeouts = new Map(
      Object.entries(functions).map(([id, { Properties }]) => [nameOf(id), Properties.Timeout]),
    );
    for (const alarm of onMetrics.filter(({ name }) => name.endsWith('-duration'))) {
      const timeout = timeouts.get(metricsOf(templates, alarm)[0]?.of[0] ?? '');
      expect(alarm.properties.Threshold, alarm.name).toBe(timeout * 800);
    }
    expect(alarmNamed(alarms, 'processor-concurrency').properties).toMatchObject({
      Statistic: 'Maximum',
      Threshold: deployments[stage].processor.concurrency * 0.8,
    });
  });

  it('count at both ends what was accepted, each way out once', () => {
    const gap = alarmNamed(alarms, 'reconciliation-gap');
    const terms = gap.properties.Metrics.map((term: Term) => [
      term.Id,
      term.MetricStat?.Metric.MetricName,
    ]);
    expect(Object.fromEntries(terms)).toMatchObject({
      in1: 'MessagesAccepted',
      in2: 'MessagesReopened',
      in3: 'MessagesBroken',
      out1: 'MessagesFinished',
      out2: 'MessagesRecorded',
      out3: 'MessagesErased',
      out4: 'MessagesParked',
    });
    expect(expressionOf(gap)).toBe(
      '0.9 * (FILL(in1, 0) + FILL(in2, 0) + FILL(in3, 0)) - (FILL(out1, 0) + FILL(out2, 0) + FILL(out3, 0) + FILL(out4, 0))',
    );
  });

  it('are encrypted by a key that CloudWatch may use for this account, and nobody else', () => {
    const topics = Object.entries(service.findResources('AWS::SNS::Topic'));
    for (const [id, { Properties }] of topics.filter(([id]) => id.startsWith('Alarms'))) {
      expect(inWords(templates, Properties.KmsMasterKeyId), id).toBe('AlarmsKey.Arn');
    }
    const key = Object.entries(service.findResources('AWS::KMS::Key')).find(
      ([id]) => nameOf(id) === 'AlarmsKey',
    )?.[1];
    expect(key?.['Properties'].KeyPolicy.Statement.slice(1)).toMatchObject([
      {
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
  });

  it('may publish, over TLS only', () => {
    const policies = Object.entries(service.findResources('AWS::SNS::TopicPolicy'));
    const ofAlarms = policies.filter(([id]) => id.startsWith('Alarms'));
    expect(ofAlarms).toHaveLength(severities.length);
    for (const [, { Properties }] of ofAlarms) {
      expect(Properties.PolicyDocument.Statement).toMatchObject([
        { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        {
          Effect: 'Allow',
          Action: 'sns:Publish',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ]);
    }
  });
});

it('hears the age of a secret six times in each window that its alarm looks at', () => {
  const templates = synthesizeStage('prod');
  const { Period } = alarmNamed(alarmsOf(templates), 'secret-age').properties;
  const rules = Object.entries(templates.service.findResources('AWS::Events::Rule'));
  const rule = rules.find(([id]) => nameOf(id).startsWith('Health'))?.[1];
  expect(rule?.['Properties'].ScheduleExpression).toBe(`rate(${Period / 60 / 6} minutes)`);
});

it('lets a stage say when a secret is old', () => {
  const age = (changes: Parameters<typeof synthesizeStage>[1]) =>
    alarmNamed(alarmsOf(synthesizeStage('dev', changes)), 'secret-age').properties.Threshold;
  expect(age({})).toBe(180);
  expect(age({ secrets: { tenantVault: 'secrets-manager', rotationDays: 90 } })).toBe(90);
});

it('subscribes the operator’s addresses to the topic of their severity', () => {
  const templates = synthesizeStage('prod', {
    alarms: {
      critical: ['https://pager.example.com/hook'],
      high: [],
      medium: ['team@example.com'],
      low: [],
    },
  });
  const subscriptions = Object.values(
    templates.service.findResources('AWS::SNS::Subscription'),
  ).map(({ Properties }) => [
    inWords(templates, Properties.TopicArn),
    Properties.Protocol,
    Properties.Endpoint,
  ]);
  expect(subscriptions).toEqual([
    ['AlarmsCritical', 'https', 'https://pager.example.com/hook'],
    ['AlarmsMedium', 'email', 'team@example.com'],
  ]);
});

interface Term {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Metric: { readonly MetricName: string } };
  readonly ReturnData?: boolean;
}

/** CloudFormation takes what says nothing for what is compared with the threshold. */
function isReturned({ ReturnData: isReturned = true }: Term): boolean {
  return isReturned;
}
