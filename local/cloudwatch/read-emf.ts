import { isObject, type JsonObject } from '../cloud/properties.ts';
import type { MetricIdentity } from './metric-point.ts';

/** Values of one metric in one line. */
interface EmfMetric extends MetricIdentity {
  readonly values: readonly number[];
}

/** What a log line in CloudWatch's embedded metric format says. */
export interface EmfLine {
  /** Milliseconds since 1970. */
  readonly timestampMs: number;
  readonly metrics: readonly EmfMetric[];
  /** What CloudWatch would not take; it counts them as `EMFValidationErrors`. */
  readonly errors: readonly string[];
}

const MOST_METRICS = 100;
const MOST_VALUES = 100;
const MOST_DIMENSIONS = 30;

/**
 * Undefined for a line that holds no metrics. Format:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function readEmf(line: string): EmfLine | undefined {
  if (!line.includes('"CloudWatchMetrics"')) return undefined;
  const json = parsed(line);
  const aws = json?.['_aws'];
  if (!json || !isObject(aws) || !Array.isArray(aws['CloudWatchMetrics'])) return undefined;
  const timestamp = aws['Timestamp'];
  const errors: string[] = [];
  if (typeof timestamp !== 'number') errors.push('Timestamp is not a number');
  const directives = aws['CloudWatchMetrics'].filter(isObject);
  const metrics = directives.flatMap((directive) => metricsOf(directive, json, errors));
  return { timestampMs: typeof timestamp === 'number' ? timestamp : 0, metrics, errors };
}

function metricsOf(directive: JsonObject, root: JsonObject, errors: string[]): EmfMetric[] {
  const namespace = directive['Namespace'];
  if (typeof namespace !== 'string' || namespace === '') {
    errors.push('Namespace is missing');
    return [];
  }
  const metrics = listOf(directive['Metrics']).filter(isObject);
  if (metrics.length > MOST_METRICS) errors.push(`more than ${MOST_METRICS} metrics`);
  const sets = listOf(directive['Dimensions']).map((set) => listOf(set).map(String));
  return metrics.slice(0, MOST_METRICS).flatMap((metric) => {
    const name = String(metric['Name']);
    const values = valuesOf(root[name]);
    if (!values) {
      errors.push(`${name} is no number, and no list of up to ${MOST_VALUES}`);
      return [];
    }
    return sets.flatMap((set) => {
      const dimensions = dimensionsOf(set, root);
      if (dimensions) return [{ namespace, name, dimensions, values }];
      errors.push(`a dimension of ${name} has no text`);
      return [];
    });
  });
}

function valuesOf(value: unknown): readonly number[] | undefined {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const numbers = values.filter((each) => typeof each === 'number');
  return numbers.length === values.length && numbers.length <= MOST_VALUES ? numbers : undefined;
}

function dimensionsOf(
  names: readonly string[],
  root: JsonObject,
): MetricIdentity['dimensions'] | undefined {
  if (names.length > MOST_DIMENSIONS) return undefined;
  const pairs = names.map((name) => [name, root[name]] as const);
  return pairs.every(([, value]) => typeof value === 'string' && value !== '')
    ? Object.fromEntries(pairs.map(([name, value]) => [name, String(value)]))
    : undefined;
}

function parsed(line: string): JsonObject | undefined {
  try {
    const json: unknown = JSON.parse(line);
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
