/** One thing that had to hold of a run. */
export interface Verdict {
  readonly by: 'thresholds' | 'reconciliation' | 'artillery';
  readonly what: string;
  readonly is: string;
  readonly wanted: string;
  readonly holds: boolean;
}

/** For a terminal: a line each. */
export function inLines(verdicts: readonly Verdict[]): string {
  const widest = Math.max(0, ...verdicts.map(({ what }) => what.length));
  return verdicts
    .map(
      ({ holds, what, is, wanted }) =>
        `  ${holds ? 'ok    ' : 'MISSED'}  ${what.padEnd(widest)}  ${is}${wanted === '' ? '' : ` (${wanted})`}`,
    )
    .join('\n');
}
