import type { InvocationEvent } from '../lambda/invocation.ts';
import type { SqsModel } from '../sqs/sqs-model.ts';
import type { MetricPoint } from './metric-point.ts';

/** A metric without its time. */
export type Measured = Omit<MetricPoint, 'atMs'>;

/** Under which names a function's metrics are kept. */
export interface MeasuredFunction {
  readonly physicalName: string;
  /** Each alias has the function's metrics once more, as `Resource`, and so has its version. */
  readonly aliases: readonly { readonly name: string; readonly version: string }[];
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export function lambdaMetrics(
  event: InvocationEvent,
  named: MeasuredFunction,
  running: number,
): readonly Measured[] {
  return ofFunction(named, measuredBy(event, running));
}

export function concurrency(named: MeasuredFunction, running: number): readonly Measured[] {
  return ofFunction(named, [['ConcurrentExecutions', running]]);
}

function ofFunction(
  { physicalName, aliases }: MeasuredFunction,
  measured: readonly (readonly [string, number])[],
): readonly Measured[] {
  const names = [
    { FunctionName: physicalName },
    ...aliases.flatMap(({ name, version }) => {
      const ofAlias = { FunctionName: physicalName, Resource: `${physicalName}:${name}` };
      return [ofAlias, { ...ofAlias, ExecutedVersion: version }];
    }),
  ];
  return names.flatMap((dimensions) =>
    measured.map(([name, value]) => ({ namespace: 'AWS/Lambda', name, dimensions, value })),
  );
}

function measuredBy(
  event: InvocationEvent,
  running: number,
): readonly (readonly [string, number])[] {
  switch (event.kind) {
    case 'throttled':
      return [['Throttles', 1]];
    case 'started':
      return [['ConcurrentExecutions', running]];
    case 'finished':
      return [
        ['Invocations', 1],
        ['Errors', event.outcome === 'failed' ? 1 : 0],
        ['Throttles', 0],
        ['Duration', event.durationMs],
      ];
  }
}

/** After so many receives a message of a standard queue no longer counts for the age of the oldest. */
const RECEIVES_OF_A_POISON_PILL = 3;

/**
 * As SQS publishes them once a minute; ages are those of the wall.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export function queueMetrics(
  sqs: Pick<SqsModel, 'queueNames' | 'peek'>,
  wallMs: number,
  speed: number,
): readonly Measured[] {
  return sqs.queueNames().flatMap((queue) => {
    const messages = sqs.peek(queue);
    const countOf = (state: string) => messages.filter((each) => each.state === state).length;
    const aging = queue.endsWith('.fifo')
      ? messages
      : messages.filter(({ receiveCount }) => receiveCount <= RECEIVES_OF_A_POISON_PILL);
    const oldestMs = aging.reduce((oldest, { sentAtMs }) => Math.min(oldest, sentAtMs), wallMs);
    const values = {
      ApproximateNumberOfMessagesVisible: countOf('available'),
      ApproximateNumberOfMessagesNotVisible: countOf('in-flight'),
      ApproximateNumberOfMessagesDelayed: countOf('delayed'),
      ApproximateAgeOfOldestMessage: Math.floor(((wallMs - oldestMs) * speed) / 1000),
    };
    return Object.entries(values).map(([name, value]) => ({
      namespace: 'AWS/SQS',
      name,
      dimensions: { QueueName: queue },
      value,
    }));
  });
}

/** A request that an HTTP API answered. */
export interface AnsweredRequest {
  readonly apiId: string;
  readonly stage: string;
  readonly status: number;
  readonly latencyMs: number;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html */
export function apiMetrics({
  apiId,
  stage,
  status,
  latencyMs,
}: AnsweredRequest): readonly Measured[] {
  const values = {
    Count: 1,
    '4xx': status >= 400 && status < 500 ? 1 : 0,
    '5xx': status >= 500 ? 1 : 0,
    Latency: latencyMs,
    IntegrationLatency: latencyMs,
  };
  return [{ ApiId: apiId }, { ApiId: apiId, Stage: stage }].flatMap((dimensions) =>
    Object.entries(values).map(([name, value]) => ({
      namespace: 'AWS/ApiGateway',
      name,
      dimensions,
      value,
    })),
  );
}

/** A request that DynamoDB did not carry out for reasons of its own. */
export interface RefusedTableRequest {
  readonly operation: string;
  readonly tables: readonly string[];
  readonly kind: 'throttled' | 'failed';
}

const READS = ['BatchGetItem', 'GetItem', 'Query', 'Scan', 'TransactGetItems'];

/** Published only when it happens: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html */
export function tableMetrics({
  operation,
  tables,
  kind,
}: RefusedTableRequest): readonly Measured[] {
  const events = READS.includes(operation) ? 'ReadThrottleEvents' : 'WriteThrottleEvents';
  return tables.flatMap((table): readonly Measured[] => {
    const byOperation = { TableName: table, Operation: operation };
    const measured = (name: string, dimensions: Measured['dimensions']) => ({
      namespace: 'AWS/DynamoDB',
      name,
      dimensions,
      value: 1,
    });
    return kind === 'failed'
      ? [measured('SystemErrors', byOperation)]
      : [measured('ThrottledRequests', byOperation), measured(events, { TableName: table })];
  });
}
