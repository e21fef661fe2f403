import { generateSchedule } from './plan/generate-schedule.ts';
import type { Schedule } from './plan/schedule.ts';
import { type RunOptions, runSchedule } from './run-schedule.ts';
import { shrink } from './shrink.ts';

/** Everything that is needed to understand a failing schedule: its seed, what it comes down to, its trace. */
export async function explainFailure(seed: number): Promise<readonly string[]> {
  const whole = generateSchedule(seed);
  const { violations } = await runSchedule(whole);
  const kinds = new Set(violations.map(({ kind }) => kind));
  const small = await shrink(whole, async (candidate) => {
    const found = await runSchedule(candidate);
    return found.violations.some(({ kind }) => kinds.has(kind));
  });
  return [
    `FAILED seed ${seed}`,
    ...violations.map(({ kind, text, atMs }) => `  ${kind}: ${text} (at ${atMs / 1000} s)`),
    '  comes down to:',
    ...describe(small),
    '  trace:',
    ...(await traceOf(small)).map((line) => `  ${line}`),
  ];
}

function describe(schedule: Schedule): readonly string[] {
  const lists = ['customers', 'messages', 'webhooks', 'operations', 'faults'] as const;
  return [
    ...lists.flatMap((list) => schedule[list].map((each) => `    ${list} ${JSON.stringify(each)}`)),
    `    statuses ${JSON.stringify(schedule.statuses)}`,
  ];
}

export async function traceOf(
  schedule: Schedule,
  options: RunOptions = {},
): Promise<readonly string[]> {
  const lines: string[] = [];
  await runSchedule(schedule, { ...options, lines });
  return lines;
}
