/** Takes the values of one period together. */
export type Statistic = (values: readonly number[]) => number;

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}

const PLAIN: Readonly<Record<string, Statistic>> = {
  Sum: sum,
  SampleCount: (values) => values.length,
  Average: (values) => sum(values) / values.length,
  Minimum: (values) => values.reduce((least, each) => Math.min(least, each)),
  Maximum: (values) => values.reduce((most, each) => Math.max(most, each)),
};

/** By the name that CloudWatch gives it, such as `Sum` or `p99.9`; undefined for one that is unknown here. */
export function statisticOf(name: string): Statistic | undefined {
  const percent = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name)?.[1];
  if (percent !== undefined) return (values) => percentile(values, Number(percent) / 100);
  return Object.hasOwn(PLAIN, name) ? PLAIN[name] : undefined;
}

/** Between the two nearest values, where none is exactly there. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}
