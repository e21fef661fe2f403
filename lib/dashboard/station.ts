import { Duration } from 'aws-cdk-lib';
import type { IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch';

/**
 * A step of a message's way, as its construct shows it: what passes, how long that takes, what waits for
 * it, and what fails. The dashboard puts them side by side.
 */
export interface Station {
  readonly title: string;
  readonly rate: readonly IMetric[];
  /** In milliseconds, by percentiles: an average hides the customer who waits. */
  readonly latency?: readonly IMetric[];
  readonly waiting?: Waiting;
  readonly failures: readonly IMetric[];
}

interface Waiting {
  /** How long: the label names the unit. */
  readonly time: readonly IMetric[];
  /** How many. @default none */
  readonly count?: readonly IMetric[];
}

/** As fine as the metrics are, so that a spike is one. */
export const stationPeriod = Duration.minutes(1);

/** What half, all but one in twenty, and all but one in a hundred stay below. */
export function percentiles(
  metricFor: (how: {
    readonly statistic: string;
    readonly label: string;
    readonly period: Duration;
  }) => Metric,
): readonly Metric[] {
  return ['p50', 'p95', 'p99'].map((statistic) =>
    metricFor({ statistic, label: statistic, period: stationPeriod }),
  );
}
