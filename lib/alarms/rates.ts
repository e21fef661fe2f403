import type { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';

/** What an alarm on metric math can take: AWS refuses more. */
const MOST_METRICS = 10;

/**
 * The sum of counts that are published only when there is something to count.
 *
 * Without FILL one that is silent would leave the sum without a value. With it, a minute whose metrics are
 * late looks like one in which nothing happened: so an alarm on this looks at more periods than must be bad.
 */
export function sumOfCounts(counts: readonly IMetric[], period: Duration, label: string): IMetric {
  const { names, usingMetrics } = named({ m: counts });
  return math({ expression: sum(names['m']), usingMetrics, period, label });
}

/**
 * How many per cent of all were bad; none where fewer than `atLeast` were bad, since three of four at night
 * say nothing.
 */
export function percentOf(
  { bad, good }: { readonly bad: readonly IMetric[]; readonly good: readonly IMetric[] },
  { atLeast, period, label }: Rate,
): IMetric {
  const { names, usingMetrics } = named({ bad, good });
  const [badSum, goodSum] = [sum(names['bad']), sum(names['good'])];
  const expression = `IF(${badSum} >= ${atLeast}, 100 * (${badSum}) / (${badSum} + ${goodSum}), 0)`;
  return math({ expression, usingMetrics, period, label });
}

/** As `percentOf`, where the bad ones are counted among all. */
export function percentAmong(
  { bad, all }: { readonly bad: IMetric; readonly all: IMetric },
  { atLeast, period, label }: Rate,
): IMetric {
  const expression = `IF(FILL(bad, 0) >= ${atLeast}, 100 * FILL(bad, 0) / all, 0)`;
  return math({ expression, usingMetrics: { bad, all }, period, label });
}

/**
 * How many came in beyond those that went out, less a share of what came in: what is still being worked on
 * grows with it.
 */
export function gapBetween(
  { into, out }: { readonly into: readonly IMetric[]; readonly out: readonly IMetric[] },
  { tolerated, period, label }: Omit<Rate, 'atLeast'> & { readonly tolerated: number },
): IMetric {
  const { names, usingMetrics } = named({ in: into, out });
  const expression = `${1 - tolerated} * (${sum(names['in'])}) - (${sum(names['out'])})`;
  return math({ expression, usingMetrics, period, label });
}

interface Rate {
  readonly atLeast: number;
  readonly period: Duration;
  readonly label: string;
}

function named(groups: Readonly<Record<string, readonly IMetric[]>>) {
  const usingMetrics: Record<string, IMetric> = {};
  const names: Record<string, readonly string[]> = {};
  for (const [prefix, metrics] of Object.entries(groups)) {
    names[prefix] = metrics.map((_, index) => `${prefix}${index + 1}`);
    for (const [index, metric] of metrics.entries()) usingMetrics[`${prefix}${index + 1}`] = metric;
  }
  return { names, usingMetrics };
}

function sum(names: readonly string[] = []): string {
  return names.map((name) => `FILL(${name}, 0)`).join(' + ');
}

function math(
  props: ConstructorParameters<typeof MathExpression>[0] & {
    readonly usingMetrics: Record<string, IMetric>;
  },
): IMetric {
  const metrics = Object.keys(props.usingMetrics).length;
  if (metrics > MOST_METRICS) {
    throw new Error(`Split ${props.label}: an alarm takes ${MOST_METRICS} metrics, not ${metrics}`);
  }
  return new MathExpression(props);
}
