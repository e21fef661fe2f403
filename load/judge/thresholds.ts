import { percentile, type Tally } from '../ledger/tally.ts';
import { MOST_ERRORS, type Place, type Scenario } from '../scenarios/scenario.ts';
import type { Verdict } from './verdict.ts';

/**
 * Whether webhooks were acknowledged in time and as they had to be.
 * @param quietAnsweredMs until each message to the quiet tenant was answered, where that can be seen
 */
export function judgeThresholds(
  scenario: Scenario,
  place: Place,
  tally: Tally,
  quietAnsweredMs: readonly number[],
): readonly Verdict[] {
  const { p50, p95, p99 } = scenario.acknowledged[place];
  const { acknowledgedMs, webhooks, wrong, forged, refused } = tally;
  const within = (name: string, share: number, most: number) =>
    below(`acknowledged, ${name}`, acknowledgedMs, { share, most });
  return [
    {
      by: 'thresholds',
      what: 'answered otherwise than due, or not at all',
      is: `${wrong} of ${webhooks} webhooks`,
      wanted: `less than ${MOST_ERRORS * 100} %`,
      // Not where nothing was sent: that is nothing tried.
      holds: wrong < MOST_ERRORS * webhooks,
    },
    within('median', 0.5, p50),
    within('95 %', 0.95, p95),
    within('99 %', 0.99, p99),
    ...(forged === 0
      ? []
      : [
          {
            by: 'thresholds',
            what: 'signed wrongly and refused',
            is: `${refused}`,
            wanted: `all ${forged}`,
            holds: refused === forged,
          } as const,
        ]),
    ...quietly(scenario, quietAnsweredMs),
  ];
}

function quietly(
  { quietAnsweredMs: most }: Scenario,
  answeredMs: readonly number[],
): readonly Verdict[] {
  if (most === undefined) return [];
  const sorted = answeredMs.toSorted((one, other) => one - other);
  return [below('the quiet tenant’s customers answered, 95 %', sorted, { share: 0.95, most })];
}

/** Where there is none, nothing was fast. */
function below(
  what: string,
  sortedMs: readonly number[],
  { share, most }: { readonly share: number; readonly most: number },
): Verdict {
  const ms = percentile(sortedMs, share);
  const isAny = sortedMs.length > 0;
  return {
    by: 'thresholds',
    what,
    is: isAny ? `${inMs(ms)} ms` : 'none was',
    wanted: `below ${inMs(most)} ms`,
    holds: isAny && ms < most,
  };
}

function inMs(ms: number): string {
  return Math.round(ms).toLocaleString('en-US');
}
