import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CountMetric, DurationMetric } from '#app/ports/metrics.ts';
import { severities, stageNames } from '#lib/config/stages.ts';
import { deployments } from '../../bin/deployments.ts';
import { synthesizeStage } from '../support/template.ts';
import { functionsOf } from '../support/template-functions.ts';
import { inWords, nameOf } from '../support/template-text.ts';

/** The functions' own metrics that are watched, and whose they are. */
const ownMetrics: readonly (readonly [CountMetric | DurationMetric, string])[] = [
  ['MessagesParked', 'processor'],
  ['MessagesUnbound', 'ingest'],
  ['ModelUnusable', 'processor'],
  ['RepliesWithheld', 'processor'],
  ['TranscriptionUnusable', 'processor'],
  ['PlatformBudgetStops', 'processor'],
  ['TenantBudgetStops', 'processor'],
  ['BudgetWarnings', 'processor'],
  ['OldestUnfinishedAge', 'sweeper'],
];

/** Not those of metric math: test/cdk/backups.test.ts. */
function isOfOneMetric({ MetricName }: { readonly MetricName?: string }): boolean {
  return MetricName !== undefined;
}

describe.each(stageNames)('the alarms of %s', (stage) => {
  const templates = synthesizeStage(stage);
  const { service } = templates;
  const alarms = Object.values(service.findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties,
  );

  /** What is watched: metric and resource. */
  const watched = alarms.filter(isOfOneMetric).map(({ MetricName, Dimensions }) => {
    expect(Dimensions).toHaveLength(1);
    return `${MetricName} of ${inWords(templates, Dimensions[0].Value)}`;
  });

  it('watch every queue, every function, its own metrics and both APIs', () => {
    const queues = Object.entries(service.findResources('AWS::SQS::Queue')).map(([id, queue]) =>
      queue['Properties'].RedrivePolicy
        ? `ApproximateAgeOfOldestMessage of ${nameOf(id)}.QueueName`
        : `ApproximateNumberOfMessagesVisible of ${nameOf(id)}.QueueName`,
    );
    const functions = Object.keys(service.findResources('AWS::Lambda::Function')).flatMap((id) => [
      `Errors of ${nameOf(id)}`,
      `Throttles of ${nameOf(id)}`,
    ]);
    const own = ownMetrics.map(([metric, service]) => `${metric} of ${service}`);
    const apis = ['5xx of BusinessApi', '5xx of WebhookApi'];
    expect(watched.sort()).toEqual([...queues, ...functions, ...own, ...apis].sort());
  });

  it('tell what it means, how bad it is, and which existing runbook to open', () => {
    for (const { AlarmDescription } of alarms) {
      const [, runbook] =
        /^[A-Z].{20,}\. Severity: (?:critical|high|medium|low)\. Runbook: (docs\/runbooks\/[a-z0-9-]+\.md)$/.exec(
          AlarmDescription,
        ) ?? [];
      expect(runbook, AlarmDescription).toBeDefined();
      expect(existsSync(runbook ?? ''), runbook).toBe(true);
    }
  });

  it('reach the topic of their severity, when they go off and when it is over', () => {
    for (const { AlarmDescription, AlarmActions, OKActions } of alarms) {
      const [, severity = ''] = /Severity: ([a-z]+)/.exec(AlarmDescription) ?? [];
      const topic = `alarms${severity}`;
      const acts = AlarmActions.map((action: unknown) => inWords(templates, action).toLowerCase());
      expect(acts).toEqual([topic]);
      expect(OKActions).toEqual(AlarmActions);
    }
  });

  it('go off at the first parked message', () => {
    const depths = alarms.filter(
      ({ MetricName }) => MetricName === 'ApproximateNumberOfMessagesVisible',
    );
    expect(depths).toHaveLength(3);
    for (const depth of depths) {
      expect(depth).toMatchObject({
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        Statistic: 'Maximum',
        Period: 60,
        EvaluationPeriods: 1,
      });
    }
  });

  it('go off when a ring is five minutes older than the answer deadline', () => {
    service.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `concierge-${stage}-service-chat-oldest-ring`,
      Threshold: deployments[stage].processor.answerDeadlineSeconds + 300,
      Statistic: 'Maximum',
    });
  });

  it('look for the functions’ own metrics where the functions publish them', () => {
    const names: readonly string[] = ownMetrics.map(([metric]) => metric);
    const functions = [...functionsOf(templates).values()];
    for (const { MetricName, Namespace, Dimensions } of alarms) {
      if (!names.includes(MetricName)) continue;
      const [{ Name, Value }] = Dimensions;
      const publisher = functions.find(({ properties }) => {
        const { Variables } = properties.Environment;
        return Name === 'service' && Variables.POWERTOOLS_SERVICE_NAME === Value;
      });
      const { Variables } = publisher?.properties.Environment ?? {};
      expect(Variables?.POWERTOOLS_METRICS_NAMESPACE, MetricName).toBe(Namespace);
    }
  });

  it.each([
    'MessagesParked',
    'MessagesUnbound',
    'ModelUnusable',
    'RepliesWithheld',
    'TranscriptionUnusable',
    'PlatformBudgetStops',
    'TenantBudgetStops',
    'BudgetWarnings',
  ])('go off at the first of %s', (metric) => {
    service.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: metric,
      Statistic: 'Sum',
      Period: 300,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
    });
  });

  it('go off when a message is unfinished ten minutes after its last chance, in milliseconds', () => {
    const { ringAfterSeconds, processor } = deployments[stage];
    service.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `concierge-${stage}-service-oldest-unfinished`,
      Statistic: 'Maximum',
      Period: 60,
      Threshold: (processor.answerDeadlineSeconds + ringAfterSeconds + 600) * 1000,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
    });
  });

  it('take silence for good news, except the sweeper’s, which reports every minute', () => {
    const silenceIsBad = alarms.filter(
      (alarm) => isOfOneMetric(alarm) && alarm.TreatMissingData === 'breaching',
    );
    expect(silenceIsBad.map(({ MetricName }) => MetricName)).toEqual(['OldestUnfinishedAge']);
    const others = alarms.filter((alarm) => isOfOneMetric(alarm) && !silenceIsBad.includes(alarm));
    for (const { TreatMissingData } of others) expect(TreatMissingData).toBe('notBreaching');
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

it('has no runbook that no alarm leads to, by itself or by the runbook that it names', () => {
  const descriptions = Object.values(
    synthesizeStage('prod').service.findResources('AWS::CloudWatch::Alarm'),
  ).map(({ Properties }) => Properties.AlarmDescription);
  const files = readdirSync('docs/runbooks');
  const named = files.filter((file) =>
    descriptions.some((text) => text.endsWith(`docs/runbooks/${file}`)),
  );
  const linked = named.flatMap((file) =>
    readFileSync(`docs/runbooks/${file}`, 'utf8')
      .matchAll(/\]\(([a-z-]+\.md)/g)
      .map(([, other]) => other)
      .toArray(),
  );
  expect(files.filter((file) => !named.includes(file) && !linked.includes(file))).toEqual([]);
});

it('gives as outputs what the commands of the runbooks ask to fill in', () => {
  const { stateful, service } = synthesizeStage('prod');
  const outputs = Object.keys({ ...stateful.findOutputs('*'), ...service.findOutputs('*') });
  const asked = readdirSync('docs/runbooks').flatMap((file) =>
    readFileSync(`docs/runbooks/${file}`, 'utf8')
      .matchAll(/<([A-Z][A-Za-z]+)>/g)
      .map(([, name]) => name)
      .toArray(),
  );
  expect(asked).toContain('ConversationsTableName');
  expect(asked.filter((name) => !outputs.includes(String(name)))).toEqual([]);
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
