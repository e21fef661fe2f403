import { MetricUnit, Metrics as PowertoolsEmf } from '@aws-lambda-powertools/metrics';
import type { CountMetric, DurationMetric, GaugeMetric, Metrics } from '#app/ports/metrics.ts';

/** The part of Powertools' metrics that is used. */
export type MetricSink = Pick<PowertoolsEmf, 'addMetric' | 'publishStoredMetrics'>;

/**
 * Gathers an invocation's metrics and publishes them as one line of CloudWatch's embedded metric
 * format. Counts are summed first: a batch of a thousand messages is one number, not a thousand.
 */
export class PowertoolsMetrics implements Metrics {
  readonly #sink: MetricSink;
  readonly #counts = new Map<CountMetric, number>();
  readonly #durations: [DurationMetric, number][] = [];
  readonly #gauges: [GaugeMetric, number][] = [];

  constructor(sink: MetricSink) {
    this.#sink = sink;
  }

  count(name: CountMetric, by = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by);
  }

  duration(name: DurationMetric, ms: number): void {
    this.#durations.push([name, ms]);
  }

  gauge(name: GaugeMetric, value: number): void {
    this.#gauges.push([name, value]);
  }

  /** Publishes and forgets what was gathered; call it once at the end of each invocation. */
  flush(): void {
    const gathered = this.#counts.size + this.#durations.length + this.#gauges.length;
    if (gathered === 0) return;
    for (const [name, sum] of this.#counts) this.#sink.addMetric(name, MetricUnit.Count, sum);
    for (const [name, ms] of this.#durations) {
      this.#sink.addMetric(name, MetricUnit.Milliseconds, ms);
    }
    for (const [name, value] of this.#gauges) this.#sink.addMetric(name, MetricUnit.NoUnit, value);
    this.#counts.clear();
    this.#gauges.length = 0;
    this.#durations.length = 0;
    this.#sink.publishStoredMetrics();
  }
}

/** Namespace and the only dimension, the service, come from POWERTOOLS_* variables of the stack. */
export function createMetrics(): PowertoolsMetrics {
  return new PowertoolsMetrics(new PowertoolsEmf());
}
