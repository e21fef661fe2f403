import { isObject, type JsonObject } from '../cloud/properties.ts';

/** Sums of what functions print in CloudWatch's embedded metric format, by metric name. */
export class MetricSums {
  readonly #sums = new Map<string, number>();

  /**
   * Takes a log line; one that holds no metrics changes nothing. Format:
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
   */
  add(line: string): void {
    if (!line.includes('"CloudWatchMetrics"')) return;
    const json = parsed(line);
    const aws = json?.['_aws'];
    const directives = isObject(aws) ? listOf(aws['CloudWatchMetrics']) : [];
    const metrics = directives.flatMap((each) => (isObject(each) ? listOf(each['Metrics']) : []));
    const names = metrics.flatMap((each) => (isObject(each) ? [String(each['Name'])] : []));
    for (const name of new Set(names)) {
      const values = [json?.[name]].flat().filter((each) => typeof each === 'number');
      const sum = values.reduce((total, each) => total + each, 0);
      this.#sums.set(name, (this.#sums.get(name) ?? 0) + sum);
    }
  }

  toJSON(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#sums);
  }
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
