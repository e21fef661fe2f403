import type { MetricIdentity, MetricPoint } from './metric-point.ts';

export const MINUTE_MS = 60_000;

/** Longer than any alarm looks back: CloudWatch lets an alarm's periods sum to a day, or seven. */
const KEPT_MS = 2 * 86_400_000;

/** Values by the minute in which they were measured. */
type Series = Map<number, number[]>;

/** Every data point of the last two days, in minutes, which is as finely as CloudWatch keeps them. */
export class MetricStore {
  readonly #series = new Map<string, Series>();
  #pruneAtMs = 0;

  add(points: readonly MetricPoint[]): void {
    for (const point of points) {
      const series = this.#seriesOf(point);
      const minute = minuteOf(point.atMs);
      const values = series.get(minute);
      if (values) values.push(point.value);
      else series.set(minute, [point.value]);
    }
    const latest = points.at(-1);
    if (latest) this.#prune(latest.atMs);
  }

  /** What was measured from one time up to, and not at, another; both are cut to whole minutes. */
  values(metric: MetricIdentity, fromMs: number, toMs: number): readonly number[] {
    const series = this.#series.get(keyOf(metric));
    if (!series) return [];
    const values: number[] = [];
    for (let minute = minuteOf(fromMs); minute < minuteOf(toMs); minute += MINUTE_MS) {
      const some = series.get(minute);
      if (some) values.push(...some);
    }
    return values;
  }

  /** As if it had never been measured. */
  forget(metric: MetricIdentity): void {
    this.#series.delete(keyOf(metric));
  }

  #seriesOf(metric: MetricIdentity): Series {
    const key = keyOf(metric);
    const known = this.#series.get(key);
    if (known) return known;
    const series: Series = new Map();
    this.#series.set(key, series);
    return series;
  }

  #prune(nowMs: number): void {
    if (nowMs < this.#pruneAtMs) return;
    this.#pruneAtMs = nowMs + 60 * MINUTE_MS;
    for (const series of this.#series.values()) {
      for (const minute of series.keys()) if (minute < nowMs - KEPT_MS) series.delete(minute);
    }
  }
}

export function minuteOf(atMs: number): number {
  return Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
}

function keyOf({ namespace, name, dimensions }: MetricIdentity): string {
  const sorted = Object.entries(dimensions).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([namespace, name, sorted]);
}
