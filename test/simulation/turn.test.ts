import { expect, test } from 'vitest';
import { runExhaustively } from './exhaustive.ts';
import { generateSchedule } from './plan/generate-schedule.ts';
import { traceOf } from './report-failure.ts';
import { runSchedule } from './run-schedule.ts';
import { override } from './sabotage/override.ts';
import { NO_SABOTAGE } from './sabotage/sabotage.ts';
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
  const areAllCaught = await runSelfTest(1, (line) => lines.push(line));
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
  const sabotage = {
    ...NO_SABOTAGE,
    store: (store: Parameters<typeof override>[0]) => override(store, { finish: async () => {} }),
  };
  const fails = async (candidate: ReturnType<typeof generateSchedule>) => {
    const { violations } = await runSchedule(candidate, { sabotage });
    return violations.some(({ kind }) => kind === 'lost');
  };
  const whole = generateSchedule(11);
  expect(await fails(whole)).toBe(true);
  const small = await shrink(whole, fails);
  expect(await fails(small)).toBe(true);
  expect(small.faults).toEqual([]);
  expect(small.messages).toHaveLength(1);
});
