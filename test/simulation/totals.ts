import type { ViolationKind } from './oracle/notebook.ts';
import { FAULT_NAMES, type FaultName } from './plan/fault.ts';
import type { RunResult } from './run-schedule.ts';

/** The sums of a whole simulation; plain data, so that workers can send it. */
export interface Totals {
  schedules: number;
  violations: Record<ViolationKind, number>;
  ambiguousResends: number;
  faults: Record<FaultName, number>;
  calls: number;
}

export function noTotals(): Totals {
  return {
    schedules: 0,
    violations: { lost: 0, duplicated: 0, 'out of order': 0, leaked: 0, other: 0 },
    ambiguousResends: 0,
    faults: Object.fromEntries(FAULT_NAMES.map((name) => [name, 0])) as Totals['faults'],
    calls: 0,
  };
}

export function addResult(totals: Totals, result: RunResult): void {
  totals.schedules += 1;
  totals.ambiguousResends += result.ambiguousResends;
  totals.calls += result.calls;
  for (const { kind } of result.violations) totals.violations[kind] += 1;
  for (const [name, count] of result.faults) totals.faults[name] += count;
}

export function addTotals(totals: Totals, more: Totals): void {
  totals.schedules += more.schedules;
  totals.ambiguousResends += more.ambiguousResends;
  totals.calls += more.calls;
  for (const name of FAULT_NAMES) totals.faults[name] += more.faults[name];
  for (const kind of ['lost', 'duplicated', 'out of order', 'leaked', 'other'] as const) {
    totals.violations[kind] += more.violations[kind];
  }
}

export function hasViolations({ violations }: Totals): boolean {
  return Object.values(violations).some((count) => count > 0);
}

/** The last line of a simulation, word for word. */
export function lastLine({ schedules, violations, ambiguousResends }: Totals): string {
  return [
    `schedules ${schedules}`,
    `lost ${violations.lost}`,
    `duplicated ${violations.duplicated}`,
    `out of order ${violations['out of order']}`,
    `leaked ${violations.leaked}`,
    `ambiguous resends ${ambiguousResends}`,
  ].join(', ');
}
