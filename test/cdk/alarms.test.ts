import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stageNames } from '#lib/config/stages.ts';
import { deployments } from '../../bin/deployments.ts';
import { synthesizeStage } from '../support/template.ts';
import { inWords, nameOf } from '../support/template-text.ts';

describe.each(stageNames)('the alarms of %s', (stage) => {
  const templates = synthesizeStage(stage);
  const { service } = templates;
  const alarms = Object.values(service.findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties,
  );

  /** What is watched: metric and resource. */
  const watched = alarms.map(({ MetricName, Dimensions }) => {
    expect(Dimensions).toHaveLength(1);
    return `${MetricName} of ${inWords(templates, Dimensions[0].Value)}`;
  });

  it('watch every queue, every function and the API', () => {
    const queues = Object.entries(service.findResources('AWS::SQS::Queue')).map(([id, queue]) =>
      queue['Properties'].RedrivePolicy
        ? `ApproximateAgeOfOldestMessage of ${nameOf(id)}.QueueName`
        : `ApproximateNumberOfMessagesVisible of ${nameOf(id)}.QueueName`,
    );
    const functions = Object.keys(service.findResources('AWS::Lambda::Function')).flatMap((id) => [
      `Errors of ${nameOf(id)}`,
      `Throttles of ${nameOf(id)}`,
    ]);
    expect(watched.sort()).toEqual([...queues, ...functions, '5xx of WebhookApi'].sort());
  });

  it('tell what it means, how bad it is, and which existing runbook to open', () => {
    for (const { AlarmDescription } of alarms) {
      const [, runbook] =
        /^[A-Z].{20,}\. Severity: (?:page|ticket)\. Runbook: (docs\/runbooks\/[a-z0-9-]+\.md)$/.exec(
          AlarmDescription,
        ) ?? [];
      expect(runbook, AlarmDescription).toBeDefined();
      expect(existsSync(runbook ?? ''), runbook).toBe(true);
    }
  });

  it('reach the topic of their severity, when they go off and when it is over', () => {
    for (const { AlarmDescription, AlarmActions, OKActions } of alarms) {
      const topic = AlarmDescription.includes('Severity: page.') ? 'AlarmsPage' : 'AlarmsTicket';
      expect(AlarmActions.map((action: unknown) => inWords(templates, action))).toEqual([topic]);
      expect(OKActions).toEqual(AlarmActions);
    }
  });

  it('go off at the first parked message', () => {
    const depths = alarms.filter(
      ({ MetricName }) => MetricName === 'ApproximateNumberOfMessagesVisible',
    );
    expect(depths).toHaveLength(2);
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

  it('say for themselves what missing data means', () => {
    for (const { TreatMissingData } of alarms) expect(TreatMissingData).toBe('notBreaching');
  });

  it('may publish, over TLS only', () => {
    service.allResourcesProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
          {
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        ],
      },
    });
  });
});

it('has no runbook that no alarm leads to', () => {
  const descriptions = Object.values(
    synthesizeStage('prod').service.findResources('AWS::CloudWatch::Alarm'),
  ).map(({ Properties }) => Properties.AlarmDescription);
  const orphans = readdirSync('docs/runbooks').filter(
    (file) => !descriptions.some((text) => text.endsWith(`docs/runbooks/${file}`)),
  );
  expect(orphans).toEqual([]);
});

it('subscribes the operator’s addresses to the topic of their severity', () => {
  const templates = synthesizeStage('prod', {
    alarms: { page: ['https://pager.example.com/hook'], ticket: ['team@example.com'] },
  });
  const subscriptions = Object.values(
    templates.service.findResources('AWS::SNS::Subscription'),
  ).map(({ Properties }) => [
    inWords(templates, Properties.TopicArn),
    Properties.Protocol,
    Properties.Endpoint,
  ]);
  expect(subscriptions).toEqual([
    ['AlarmsPage', 'https', 'https://pager.example.com/hook'],
    ['AlarmsTicket', 'email', 'team@example.com'],
  ]);
});
