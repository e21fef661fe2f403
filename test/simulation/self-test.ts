import type { Violation } from './oracle/notebook.ts';
import { generateSchedule } from './plan/generate-schedule.ts';
import { seedOf } from './random.ts';
import { runSchedule } from './run-schedule.ts';
import type { Sabotage } from './sabotage/sabotage.ts';
import { SABOTAGES } from './sabotage/sabotages.ts';

/** A sabotage that as many schedules do not notice is not caught. */
const MOST_SCHEDULES = 10_000;

/** Does the check bite? Switches each protection off in turn. @returns whether each was missed */
export async function runSelfTest(seed: number, print: (line: string) => void): Promise<boolean> {
  print(`seed ${seed}`);
  let caughtCount = 0;
  for (const sabotage of SABOTAGES) {
    const caught = await firstViolation(seed, sabotage);
    print(`without ${sabotage.name}: ${caught ? describe(caught) : 'NOT CAUGHT'}`);
    if (caught) caughtCount += 1;
  }
  print(`${caughtCount} of ${SABOTAGES.length} protections are missed when they are off`);
  return caughtCount === SABOTAGES.length;
}

interface Caught {
  readonly after: number;
  readonly violation: Violation;
}

/** One that there is with every protection on proves nothing, nor does one that another protection is for. */
async function firstViolation(seed: number, sabotage: Sabotage): Promise<Caught | undefined> {
  for (let index = 0; index < MOST_SCHEDULES; index += 1) {
    const schedule = generateSchedule(seedOf(seed, index));
    const { violations } = await runSchedule(schedule, { sabotage });
    const violation = violations.find(({ kind }) => sabotage.breaks.includes(kind));
    if (!violation) continue;
    const whole = await runSchedule(schedule);
    if (whole.violations.length === 0) return { after: index + 1, violation };
  }
  return undefined;
}

function describe({ after, violation: { kind, text } }: Caught): string {
  return `caught after ${after} schedules, ${kind}: ${text}`;
}
