import { generateSchedule } from './plan/generate-schedule.ts';
import { seedOf } from './random.ts';
import { runSchedule } from './run-schedule.ts';
import { addResult, noTotals, type Totals } from './totals.ts';

/** Every `of`th schedule of a simulation, from `worker` on. */
export interface Share {
  readonly seed: number;
  readonly schedules: number;
  readonly worker: number;
  readonly of: number;
}

export interface ShareResult {
  readonly totals: Totals;
  /** Numbers of the schedules that failed; the first ones. */
  readonly failed: readonly number[];
}

const MOST_FAILED = 20;

export async function runShare({ seed, schedules, worker, of }: Share): Promise<ShareResult> {
  const totals = noTotals();
  const failed: number[] = [];
  for (let index = worker; index < schedules; index += of) {
    const result = await runSchedule(generateSchedule(seedOf(seed, index)));
    addResult(totals, result);
    if (result.violations.length > 0 && failed.length < MOST_FAILED) failed.push(index);
  }
  return { totals, failed };
}
