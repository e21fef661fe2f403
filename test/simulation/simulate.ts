import { randomInt } from 'node:crypto';
import { runExhaustively } from './exhaustive.ts';
import { type Options, readOptions, USAGE, WrongOptionError } from './options.ts';
import { FAULT_NAMES } from './plan/fault.ts';
import { generateSchedule } from './plan/generate-schedule.ts';
import { seedOf } from './random.ts';
import { explainFailure, traceOf } from './report-failure.ts';
import { runOnWorkers } from './run-workers.ts';
import { runSelfTest } from './self-test.ts';
import { hasViolations, lastLine, type Totals } from './totals.ts';

/** Failing schedules that are shrunk and shown; the others are only counted. */
const MOST_SHOWN = 3;

async function main(): Promise<boolean> {
  const options = readOptions(process.argv.slice(2), () => randomInt(2 ** 47));
  switch (options.mode) {
    case 'help':
      console.log(USAGE);
      return true;
    case 'self-test':
      return runSelfTest(options.seed, console.log);
    case 'exhaustive':
      return runExhaustively(options.seed, console.log);
    case 'random':
      return runRandom(options);
  }
}

async function runRandom({ seed, schedules, workers, trace }: Options): Promise<boolean> {
  console.log(`seed ${seed}`);
  const startedMs = performance.now();
  const { totals, failed } = await runOnWorkers(seed, schedules, workers);
  const seconds = (performance.now() - startedMs) / 1000;
  if (trace) {
    for (let index = 0; index < schedules; index += 1) {
      console.log(`schedule ${seedOf(seed, index)}`);
      console.log((await traceOf(generateSchedule(seedOf(seed, index)))).join('\n'));
    }
  }
  for (const index of failed.slice(0, MOST_SHOWN)) {
    console.log((await explainFailure(seedOf(seed, index))).join('\n'));
  }
  for (const index of failed.slice(MOST_SHOWN)) console.log(`FAILED seed ${seedOf(seed, index)}`);
  printTotals(totals);
  console.log(`${Math.round(schedules / seconds)} schedules per second`);
  console.log(lastLine(totals));
  return !hasViolations(totals);
}

function printTotals({ faults, calls, violations }: Totals): void {
  for (const name of FAULT_NAMES) console.log(`fault ${name}: ${faults[name]}`);
  console.log(`calls of ports: ${calls}`);
  if (violations.other > 0) console.log(`other violations: ${violations.other}`);
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  if (!(error instanceof WrongOptionError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
