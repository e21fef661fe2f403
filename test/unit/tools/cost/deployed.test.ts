import { describe, expect, it } from 'vitest';
import { deployedFrom } from '../../../../tools/cost/deployed.ts';

const lambda = (folder: string, more: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    MemorySize: 512,
    Timeout: 60,
    Environment: { Variables: { POWERTOOLS_SERVICE_NAME: folder } },
    ...more,
  },
});

function deployed(Resources: object) {
  return deployedFrom([{ Resources }]);
}

it('refuses what nobody has looked up the price of', () => {
  expect(() => deployed({ Cache: { Type: 'AWS::ElastiCache::CacheCluster' } })).toThrow(
    'Look up what AWS asks for AWS::ElastiCache::CacheCluster',
  );
});

describe('alarms', () => {
  const metric = (Period = 60) => ({ Id: 'm', MetricStat: { Metric: {}, Period, Stat: 'Sum' } });

  it('count by the metrics that they look at, and dearer when they look more closely', () => {
    const { alarmMetrics, fastAlarmMetrics, compositeAlarms, dashboards } = deployed({
      Plain: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'Errors', Period: 60 } },
      Maths: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: { Metrics: [{ Id: 'e', Expression: 'a - b' }, metric(), metric()] },
      },
      Fast: { Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics: [metric(10)] } },
      Both: { Type: 'AWS::CloudWatch::CompositeAlarm', Properties: {} },
      Board: { Type: 'AWS::CloudWatch::Dashboard', Properties: {} },
    });
    expect({ alarmMetrics, fastAlarmMetrics, compositeAlarms, dashboards }).toEqual({
      alarmMetrics: 3,
      fastAlarmMetrics: 1,
      compositeAlarms: 1,
      dashboards: 1,
    });
  });
});

describe('what a clock starts', () => {
  it.each([
    ['rate(1 minute)', 43_200],
    ['rate(5 minutes)', 8_640],
    ['rate(1 hour)', 720],
    ['cron(0 3 * * ? *)', 30],
  ])('at %s comes %i times a month', (ScheduleExpression, runs) => {
    const Targets = [{ Arn: { 'Fn::GetAtt': ['Sweeper', 'Arn'] } }];
    const { schedules } = deployed({
      Sweeper: lambda('sweeper'),
      Rule: { Type: 'AWS::Events::Rule', Properties: { ScheduleExpression, Targets } },
    });
    expect(schedules).toEqual([{ folder: 'sweeper', runs }]);
  });

  it('is found behind an alias; what hears of events by itself is not started by a clock', () => {
    // As the CDK writes the ARN of an alias.
    const name = { 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: 'Live' }] }] };
    const Arn = { 'Fn::Join': ['', [name, ':live']] };
    const { schedules } = deployed({
      Sweeper: lambda('sweeper'),
      Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Sweeper' } } },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: { ScheduleExpression: 'rate(1 day)', Targets: [{ Arn }] },
      },
      Other: { Type: 'AWS::Events::Rule', Properties: { EventPattern: {}, Targets: [] } },
    });
    expect(schedules).toEqual([{ folder: 'sweeper', runs: 30 }]);
  });

  it('is refused where it is no function of ours', () => {
    const Targets = [{ Arn: { Ref: 'Nobody' } }];
    const Properties = { ScheduleExpression: 'rate(1 day)', Targets };
    expect(() => deployed({ Rule: { Type: 'AWS::Events::Rule', Properties } })).toThrow(
      'Nobody is no function of ours',
    );
  });
});

it('knows which queues Lambda looks into, for whom and how often at once', () => {
  const mapping = (queue: string, folder: string) => ({
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: { 'Fn::GetAtt': [queue, 'Arn'] },
      FunctionName: { Ref: folder },
      ScalingConfig: { MaximumConcurrency: 10 },
      MaximumBatchingWindowInSeconds: 5,
    },
  });
  const { polled } = deployed({
    Processor: lambda('processor'),
    Events: lambda('events'),
    Chats: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
    Notices: { Type: 'AWS::SQS::Queue', Properties: {} },
    One: mapping('Chats', 'Processor'),
    Two: mapping('Notices', 'Events'),
  });
  expect(polled).toEqual([
    { folder: 'processor', isFifo: true, maxConcurrency: 10, batchSize: 10, windowSeconds: 5 },
    { folder: 'events', isFifo: false, maxConcurrency: 10, batchSize: 10, windowSeconds: 5 },
  ]);
});

it('counts the copies that backups keep, and how often one is restored to try it', () => {
  const rule = (DeleteAfterDays: number, CopyActions: object[] = []) => ({
    Lifecycle: { DeleteAfterDays },
    CopyActions,
  });
  const { backups } = deployed({
    Plan: {
      Type: 'AWS::Backup::BackupPlan',
      Properties: {
        BackupPlan: { BackupPlanRule: [rule(35, [{ Lifecycle: { DeleteAfterDays: 14 } }])] },
      },
    },
    Testing: {
      Type: 'AWS::Backup::RestoreTestingPlan',
      Properties: { ScheduleExpression: 'cron(0 5 1 * ? *)' },
    },
  });
  expect(backups).toEqual({ copies: 49, restores: 1 });
});

it('counts a table in two regions twice, and one that can be put back to any second', () => {
  const Properties = {
    Replicas: [
      { Region: 'a', PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
      { Region: 'b', PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
    ],
  };
  const { replicas, pointInTimeRecovery } = deployed({
    Table: { Type: 'AWS::DynamoDB::GlobalTable', Properties },
  });
  expect({ replicas, pointInTimeRecovery }).toEqual({ replicas: 2, pointInTimeRecovery: true });
});
