import { describe, expect, test } from 'vitest';
import { VirtualClock } from '#local/clock.ts';
import { CloudWatch } from '#local/cloudwatch/cloud-watch.ts';
import { MetricStore } from '#local/cloudwatch/metric-store.ts';
import { compressedPace, type Pace } from '#local/cloudwatch/pace.ts';
import { queueMetrics } from '#local/cloudwatch/platform-metrics.ts';
import { readEmf } from '#local/cloudwatch/read-emf.ts';
import { statisticOf } from '#local/cloudwatch/statistic.ts';
import { SqsModel } from '#local/sqs/sqs-model.ts';

const MINUTE = 60_000;

function cloudWatch(speed = 1) {
  const clock = new VirtualClock(10 * MINUTE);
  const pace: Pace = { clock, speed, timeOf: (wallMs) => wallMs * speed };
  const cloud = new CloudWatch(pace);
  const of = (namespace: string, name: string, dimensions: Record<string, string>) =>
    cloud.store.values({ namespace, name, dimensions }, 0, 1_000 * MINUTE);
  return { clock, cloud, of };
}

test('values are found by minute, whatever the order of the dimensions', () => {
  const store = new MetricStore();
  const point = { namespace: 'N', name: 'M', value: 1 };
  store.add([{ ...point, dimensions: { a: '1', b: '2' }, atMs: 59_999 }]);
  store.add([{ ...point, dimensions: { b: '2', a: '1' }, atMs: 60_000, value: 2 }]);
  const metric = { namespace: 'N', name: 'M', dimensions: { b: '2', a: '1' } };
  expect(store.values(metric, 0, MINUTE)).toEqual([1]);
  expect(store.values(metric, 0, 2 * MINUTE)).toEqual([1, 2]);
  expect(store.values({ ...metric, dimensions: {} }, 0, 2 * MINUTE)).toEqual([]);
});

test.each([
  ['Sum', 10],
  ['SampleCount', 4],
  ['Average', 2.5],
  ['Minimum', 1],
  ['Maximum', 4],
  ['p50', 2.5],
  ['p100', 4],
  ['p0', 1],
])('%s', (name, value) => {
  expect(statisticOf(name)?.([4, 1, 3, 2])).toBe(value);
});

test('other statistics are unknown', () => {
  expect(['tm99', 'p101', 'toString'].map(statisticOf)).toEqual([undefined, undefined, undefined]);
});

describe('the embedded metric format', () => {
  const line = (root: object, directive: object = {}) =>
    JSON.stringify({
      _aws: {
        Timestamp: 5 * MINUTE,
        CloudWatchMetrics: [
          {
            Namespace: 'Concierge',
            Dimensions: [['service']],
            Metrics: [{ Name: 'OldestUnfinishedAge' }],
            ...directive,
          },
        ],
      },
      service: 'sweeper',
      ...root,
    });

  test('keeps values at their own time, and what waits as long as this time passes', () => {
    const { cloud, of } = cloudWatch(60);
    const emf = readEmf(line({ OldestUnfinishedAge: [1_000, 2_000] }));
    if (emf) cloud.hearEmf(emf, '/aws/lambda/sweeper');
    expect(of('Concierge', 'OldestUnfinishedAge', { service: 'sweeper' })).toEqual([
      60_000, 120_000,
    ]);
  });

  test.each([
    ['a text in place of a number', { OldestUnfinishedAge: 'old' }, {}],
    ['a missing value', {}, {}],
    ['more than a hundred values', { OldestUnfinishedAge: Array(101).fill(1) }, {}],
    ['a dimension without a value', { OldestUnfinishedAge: 1, service: undefined }, {}],
    ['no namespace', { OldestUnfinishedAge: 1 }, { Namespace: '' }],
  ])('counts what CloudWatch would not take: %s', (_, root, directive) => {
    const { cloud, of } = cloudWatch();
    const emf = readEmf(line(root, directive));
    if (emf) cloud.hearEmf(emf, '/aws/lambda/sweeper');
    expect(of('AWS/Logs', 'EMFValidationErrors', { LogGroupName: '/aws/lambda/sweeper' })).toEqual([
      1,
    ]);
    expect(of('Concierge', 'OldestUnfinishedAge', { service: 'sweeper' })).toEqual([]);
  });

  test('leaves other lines alone', () => {
    expect(readEmf('{"level":"INFO","message":"turn_closed"}')).toBeUndefined();
    expect(readEmf('not JSON but "CloudWatchMetrics"')).toBeUndefined();
  });
});

test('an invocation is measured by its function, and by its alias once more', () => {
  const { cloud, of } = cloudWatch();
  const named = { physicalName: 'fn', aliases: [{ name: 'live', version: '7' }] };
  const common = { atMs: 0, functionName: 'ingest', requestId: 'r', source: 'http' } as const;
  const started = { ...common, kind: 'started', environmentId: 'e', coldStart: false } as const;
  cloud.hearInvocation(started, named);
  cloud.hearInvocation(started, named);
  const finished = { ...common, kind: 'finished', outcome: 'failed', errorType: 'E' } as const;
  cloud.hearInvocation({ ...finished, durationMs: 12 }, named);
  cloud.hearInvocation({ ...common, kind: 'throttled' }, named);
  for (const names of [
    { FunctionName: 'fn' },
    { FunctionName: 'fn', Resource: 'fn:live' },
    { FunctionName: 'fn', Resource: 'fn:live', ExecutedVersion: '7' },
  ]) {
    expect(of('AWS/Lambda', 'ConcurrentExecutions', names)).toEqual([1, 2]);
    expect(of('AWS/Lambda', 'Errors', names)).toEqual([1]);
    expect(of('AWS/Lambda', 'Duration', names)).toEqual([12]);
    expect(of('AWS/Lambda', 'Throttles', names)).toEqual([0, 1]);
  }
});

test('requests and refusals are measured as API Gateway and DynamoDB publish them', () => {
  const { cloud, of } = cloudWatch();
  cloud.hearRequest({ apiId: 'a', stage: '$default', status: 503, latencyMs: 7 });
  cloud.hearRequest({ apiId: 'a', stage: '$default', status: 200, latencyMs: 9 });
  expect(of('AWS/ApiGateway', '5xx', { ApiId: 'a' })).toEqual([1, 0]);
  expect(of('AWS/ApiGateway', 'Count', { ApiId: 'a', Stage: '$default' })).toEqual([1, 1]);
  cloud.hearTableRefusal({ operation: 'PutItem', tables: ['t'], kind: 'throttled' });
  cloud.hearTableRefusal({ operation: 'Query', tables: ['t'], kind: 'failed' });
  expect(of('AWS/DynamoDB', 'WriteThrottleEvents', { TableName: 't' })).toEqual([1]);
  const put = { TableName: 't', Operation: 'PutItem' };
  expect(of('AWS/DynamoDB', 'ThrottledRequests', put)).toEqual([1]);
  expect(of('AWS/DynamoDB', 'SystemErrors', { ...put, Operation: 'Query' })).toEqual([1]);
});

test('a queue’s oldest message ages with this time, until it is a poison pill', () => {
  const clock = new VirtualClock(0);
  const sqs = new SqsModel({ clock, region: 'us-east-1', accountId: '000000000000' });
  sqs.createQueue('work', { VisibilityTimeout: '0' });
  sqs.sendMessage('work', { body: 'x' });
  clock.advanceTo(10_000);
  const ageOf = () =>
    queueMetrics(sqs, clock.now(), 60).find(({ name }) => name === 'ApproximateAgeOfOldestMessage')
      ?.value;
  expect(ageOf()).toBe(600);
  for (let receives = 0; receives < 4; receives += 1) sqs.receiveMessages('work');
  expect(ageOf()).toBe(0);
  sqs.close();
});

test('every minute is looked at once it has settled, until that is stopped', () => {
  const { clock, cloud } = cloudWatch();
  let samples = 0;
  const stop = cloud.watch([], () => {
    samples += 1;
    return [];
  });
  clock.advanceTo(11 * MINUTE + 14_999);
  expect(samples).toBe(0);
  clock.advanceTo(13 * MINUTE + 15_000);
  expect(samples).toBe(3);
  stop();
  clock.advanceTo(20 * MINUTE);
  expect(samples).toBe(3);
});

test('compressed time passes faster', () => {
  const pace = compressedPace(60, 1_000_000);
  expect(pace.timeOf(1_001_000)).toBe(1_060_000);
});
