import type { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { percentiles, type Station, stationPeriod } from './station.ts';

/** A function as any is seen; what it publishes itself its own construct adds. */
export function stationOfFunction(title: string, lambda: IFunction): Station {
  const summed = { period: stationPeriod, statistic: Stats.SUM };
  return {
    title,
    rate: [lambda.metricInvocations({ ...summed, label: 'invocations' })],
    latency: percentiles((how) => lambda.metricDuration(how)),
    failures: [
      lambda.metricErrors({ ...summed, label: 'errors' }),
      lambda.metricThrottles({ ...summed, label: 'throttles' }),
    ],
  };
}

/** A function and the queue that it works off, as one: of the queue what comes and waits, of the function how it does. */
export function withItsQueue(worker: Station, queue: Station): Station {
  return {
    ...queue,
    title: worker.title,
    latency: worker.latency ?? [],
    failures: [...worker.failures, ...queue.failures],
  };
}

export interface BilledFunction {
  readonly label: string;
  readonly lambda: IFunction;
  readonly logGroup: ILogGroup;
  readonly memoryMb: number;
}

/** What AWS bills a function by. */
export function billedOf({ label, lambda, logGroup, memoryMb }: BilledFunction, period: Duration) {
  const summed = { period, statistic: Stats.SUM };
  return {
    invocations: lambda.metricInvocations({ ...summed, label }),
    gigabyteSeconds: new MathExpression({
      expression: `${label}/1000*${memoryMb}/1024`,
      usingMetrics: { [label]: lambda.metricDuration(summed) },
      label,
      period,
    }),
    // Not `metricIncomingBytes`, which names no log group and so is of all of the account.
    loggedBytes: new Metric({
      namespace: 'AWS/Logs',
      metricName: 'IncomingBytes',
      dimensionsMap: { LogGroupName: logGroup.logGroupName },
      label,
      ...summed,
    }),
  };
}
