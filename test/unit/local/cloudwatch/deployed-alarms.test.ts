import { rmSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { Callers } from '#local/callers.ts';
import type { LocalCloud } from '#local/cloud/local-cloud.ts';
import { startLocalCloud } from '#local/cloud/start-local-cloud.ts';
import { compressedPace } from '#local/cloudwatch/pace.ts';
import { Faults } from '#local/faults.ts';
import { aFunction, allow, aRole, writeAssembly } from '#test/support/assembly.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const ref = (Ref: string) => ({ Ref });
const name = (queue: string) => ({ 'Fn::GetAtt': [queue, 'QueueName'] });

function anAlarm(over: object): object {
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      Period: 60,
      Statistic: 'Sum',
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [ref('Topic')],
      ...over,
    },
  };
}

const RESOURCES = {
  Topic: { Type: 'AWS::SNS::Topic', Properties: {} },
  Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    },
  },
  Role: aRole(allow('dynamodb:PutItem', { 'Fn::GetAtt': ['Table', 'Arn'] })),
  Aws: aFunction('aws', { Timeout: 60 }),
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'HTTP' } },
  Stage: {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { ApiId: ref('Api'), StageName: '$default' },
  },
  Depth: anAlarm({
    AlarmName: 'depth',
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: [{ Name: 'QueueName', Value: name('Queue') }],
  }),
  Errors: anAlarm({
    AlarmName: 'errors',
    Namespace: 'AWS/Lambda',
    MetricName: 'Errors',
    Dimensions: [{ Name: 'FunctionName', Value: ref('Aws') }],
  }),
  Throttles: anAlarm({
    AlarmName: 'throttles',
    Namespace: 'AWS/DynamoDB',
    MetricName: 'WriteThrottleEvents',
    Dimensions: [{ Name: 'TableName', Value: ref('Table') }],
  }),
  Any: {
    Type: 'AWS::CloudWatch::CompositeAlarm',
    Properties: {
      AlarmName: 'any',
      AlarmRule: { 'Fn::Join': ['', ['ALARM(', ref('Depth'), ') OR ALARM("errors")']] },
      AlarmActions: [ref('Topic')],
    },
  },
};

/** A cloud on which a minute lasts a tenth of a second. */
async function aCloud(over: Record<string, object> = {}) {
  const faults = new Faults();
  const assemblyDirectory = writeAssembly({ ...RESOURCES, ...over });
  closers.push(() => rmSync(assemblyDirectory, { recursive: true }));
  const cloud = await startLocalCloud({
    assemblyDirectory,
    faults,
    callers: new Callers(faults),
    users: [],
    pace: compressedPace(600),
    extraEnvironment: () => ({}),
    onLog: () => {},
    onInvocation: () => {},
  });
  closers.push(() => cloud.close());
  return { cloud, faults };
}

function state(cloud: LocalCloud, alarm: string): () => string | undefined {
  return () => cloud.cloudWatch.alarms.stateOf(alarm);
}

const SOON = { timeout: 10_000, interval: 20 };

test('the template’s alarms go off by what happens to a queue, and recover', async () => {
  const { cloud } = await aCloud();
  await expect.poll(state(cloud, 'depth'), SOON).toBe('OK');
  const [queue = ''] = cloud.sqs.queueNames();
  cloud.sqs.sendMessage(queue, { body: 'x' });
  await expect.poll(state(cloud, 'any'), SOON).toBe('ALARM');
  expect(state(cloud, 'depth')()).toBe('ALARM');
  expect(cloud.cloudWatch.alarms.notices.at(-1)).toMatchObject({
    alarm: 'any',
    state: 'ALARM',
    topics: [expect.stringContaining(':sns:')],
  });
  cloud.sqs.purgeQueue(queue);
  await expect.poll(state(cloud, 'any'), SOON).toBe('OK');
});

test('by an invocation that hangs: the time in which it does is compressed', async () => {
  const { cloud, faults } = await aCloud();
  faults.arm('lambda:aws', { kind: 'timeout' }, 1);
  const startedMs = Date.now();
  expect(await cloud.invoke('aws', '{}')).toMatchObject({ kind: 'failed' });
  expect(Date.now() - startedMs).toBeLessThan(5_000);
  await expect.poll(state(cloud, 'errors'), SOON).toBe('ALARM');
});

test('and by what DynamoDB refuses', async () => {
  const { cloud, faults } = await aCloud();
  faults.arm('dynamodb', { kind: 'throttle' }, 1);
  const { TableName } = { TableName: (await tableOf(cloud)) ?? '' };
  const put = { call: 'put', input: { TableName, Item: { pk: { S: 'a' } } } };
  await cloud.invoke('aws', JSON.stringify(put));
  await expect.poll(state(cloud, 'throttles'), SOON).toBe('ALARM');
});

async function tableOf(cloud: LocalCloud): Promise<string | undefined> {
  const { body } = await cloud.dynamodb.handle('ListTables', '{}');
  return (JSON.parse(body.toString()) as { TableNames: readonly string[] }).TableNames[0];
}

test.each([
  ['names an alarm that is not there', { AlarmRule: 'ALARM("other")' }, 'the alarm other is not'],
  ['cannot be read', { AlarmRule: 'ALARM(' }, 'its AlarmRule: it ends too early'],
  [
    'is suppressed by an alarm that is not there',
    { AlarmRule: 'ALARM("errors")', ActionsSuppressor: 'other' },
    'the alarm other is not',
  ],
])('a composite is refused that %s', async (_, Properties, problem) => {
  const Any = { Type: 'AWS::CloudWatch::CompositeAlarm', Properties };
  await expect(aCloud({ Any })).rejects.toThrow(problem);
});
