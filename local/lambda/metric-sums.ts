import type { EmfLine } from '../cloudwatch/read-emf.ts';

/** Sums of what functions print in CloudWatch's embedded metric format, by metric name. */
export class MetricSums {
  readonly #sums = new Map<string, number>();

  add({ metrics }: Pick<EmfLine, 'metrics'>): void {
    const byName = new Map(metrics.map(({ name, values }) => [name, values]));
    for (const [name, values] of byName) {
      const sum = values.reduce((total, each) => total + each, 0);
      this.#sums.set(name, (this.#sums.get(name) ?? 0) + sum);
    }
  }

  toJSON(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#sums);
  }
}
