import { Random } from '../random.ts';
import type { Fault } from './fault.ts';
import type { Schedule } from './schedule.ts';

/** How many schedules have one. */
const RESTORES = 0.02;

/**
 * Some schedules with a restore of the tables. It draws for itself, so that all others are as they were. The
 * operator does nothing else meanwhile, and clocks agree: by them it is told what is of before.
 */
export function withRestore(schedule: Schedule): Schedule {
  const random = new Random(schedule.seed, 'restore');
  if (!random.chance(RESTORES)) return schedule;
  const snapshotAtMs = random.int(500, random.pick([8_000, 60_000]));
  const lostMs = random.int(1_000, random.pick([15_000, 120_000, 900_000]));
  const restore: Fault = { kind: 'restore', snapshotAtMs, atMs: snapshotAtMs + lostMs };
  const faults = schedule.faults.filter(({ kind }) => kind !== 'skew');
  return { ...schedule, operations: [], faults: [...faults, restore] };
}
