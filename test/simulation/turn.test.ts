import { expect, test } from 'vitest';
import { runExhaustively } from './exhaustive.ts';
import { generateSchedule } from './plan/generate-schedule.ts';
import type { Schedule } from './plan/schedule.ts';
import { traceOf } from './report-failure.ts';
import { runSchedule } from './run-schedule.ts';
import { SABOTAGES } from './sabotage/sabotages.ts';
import { runSelfTest } from './self-test.ts';
import { shrink } from './shrink.ts';

test('one turn survives a fault at every call, and crashes at every two', async () => {
  const lines: string[] = [];
  const isWell = await runExhaustively(1, (line) => lines.push(line));
  expect(lines.filter((line) => line.startsWith('FAILED'))).toEqual([]);
  expect(isWell).toBe(true);
});

test('each protection that is switched off is missed', async () => {
  const lines: string[] = [];
  const areAllCaught = await runSelfTest(9, (line) => lines.push(line));
  expect(areAllCaught, lines.join('\n')).toBe(true);
});

test('a schedule is a function of its seed', async () => {
  for (const seed of [3, 4, 5, 6, 7]) {
    const once = await traceOf(generateSchedule(seed));
    const again = await traceOf(generateSchedule(seed));
    expect(once.length).toBeGreaterThan(20);
    expect(again).toEqual(once);
  }
});

test('a failing schedule is shrunk to what it needs to fail', async () => {
  const sabotage = SABOTAGES.find(({ name }) => name === 'timestamp order');
  const fails = async (candidate: Schedule) => {
    const { violations } = await runSchedule(candidate, { sabotage });
    return violations.some(({ kind }) => kind === 'out of order');
  };
  const whole = await firstThat(fails);
  const small = await shrink(whole, fails);
  expect(await fails(small)).toBe(true);
  expect(small.faults.length).toBeLessThan(whole.faults.length);
  expect(small.messages.length).toBeLessThan(whole.messages.length);
});

/** A schedule with much in it that fails. */
async function firstThat(fails: (schedule: Schedule) => Promise<boolean>): Promise<Schedule> {
  for (let seed = 1; ; seed += 1) {
    const schedule = generateSchedule(seed);
    const isBig = schedule.faults.length > 3 && schedule.messages.length > 5;
    if (isBig && (await fails(schedule))) return schedule;
  }
}
