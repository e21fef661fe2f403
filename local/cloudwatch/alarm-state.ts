export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export const MISSING_DATA = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;

export type MissingData = (typeof MISSING_DATA)[number];

/** When an alarm goes off. */
export interface AlarmTerms {
  readonly isBreaching: (value: number) => boolean;
  /** Evaluation periods: N of "M out of N". */
  readonly of: number;
  /** Datapoints to alarm: M. */
  readonly bad: number;
  readonly missing: MissingData;
}

/**
 * CloudWatch looks at more periods than it evaluates, so that points that come late or rarely count. How
 * many more it does not say for all alarms; in its own example it is two for an alarm of three.
 */
const LOOKS_FURTHER_BACK = 2;

/** How many periods an alarm of so many evaluation periods looks at. */
export function evaluationRange({ of }: Pick<AlarmTerms, 'of'>): number {
  return of + LOOKS_FURTHER_BACK;
}

/**
 * The state of an alarm by the values of the periods in its evaluation range, oldest first, undefined for
 * a period without data. By the tables of
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html:
 * 1. Points that are there come first, the newest N of them; what lacks is filled as the alarm says.
 * 2. An alarm for which silence is neither good nor bad goes off by what is there, if the oldest point is
 *    as old as M periods and it and all after it are bad.
 */
export function nextState(
  values: readonly (number | undefined)[],
  terms: AlarmTerms,
  before: AlarmState,
): AlarmState {
  const { isBreaching, of, bad, missing } = terms;
  const there = values.filter((value) => value !== undefined).slice(-of);
  const lacking = of - there.length;
  const breaches = there.filter(isBreaching).length;
  if (missing === 'breaching') return breaches + lacking >= bad ? 'ALARM' : 'OK';
  if (breaches >= bad) return 'ALARM';
  if (missing === 'notBreaching') return 'OK';
  if (there.length === 0) return missing === 'ignore' ? before : 'INSUFFICIENT_DATA';
  const oldest = values.findIndex((value) => value !== undefined);
  const isAllBad = breaches === there.length && values.length - oldest >= bad;
  if (!isAllBad) return 'OK';
  return missing === 'ignore' ? before : 'ALARM';
}
