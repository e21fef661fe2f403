import { expect, it } from 'vitest';
import { realClock, VirtualClock } from '#local/clock.ts';

it('runs what is due in the order of its times, each at its own time', () => {
  const clock = new VirtualClock(1_000);
  const log: [string, number][] = [];
  const note = (name: string) => () => log.push([name, clock.now()]);
  clock.schedule(1_300, note('third'));
  clock.schedule(1_100, note('first'));
  clock.schedule(1_200, note('second'));
  clock.schedule(1_200, note('second, scheduled later'));
  clock.schedule(1_301, note('not yet'));
  clock.advanceTo(1_300);
  expect(log).toEqual([
    ['first', 1_100],
    ['second', 1_200],
    ['second, scheduled later', 1_200],
    ['third', 1_300],
  ]);
  expect(clock.nextDueMs).toBe(1_301);
});

it('also runs what is scheduled meanwhile', () => {
  const clock = new VirtualClock();
  const log: number[] = [];
  function everySecond(): void {
    log.push(clock.now());
    clock.schedule(clock.now() + 1_000, everySecond);
  }
  clock.schedule(1_000, everySecond);
  clock.advanceBy(3_500);
  expect(log).toEqual([1_000, 2_000, 3_000]);
  expect(clock.now()).toBe(3_500);
});

it('runs nothing that was cancelled', () => {
  const clock = new VirtualClock();
  const log: string[] = [];
  const cancel = clock.schedule(1, () => log.push('cancelled'));
  cancel();
  expect(clock.nextDueMs).toBeUndefined();
  clock.advanceBy(10);
  expect(log).toEqual([]);
});

it('runs what is overdue when it is advanced next, and never goes back', () => {
  const clock = new VirtualClock(1_000);
  const log: number[] = [];
  clock.schedule(500, () => log.push(clock.now()));
  clock.advanceTo(900);
  expect(log).toEqual([1_000]);
  expect(clock.now()).toBe(1_000);
});

it('follows the real time where it is the real clock', async () => {
  const clock = realClock();
  const startMs = clock.now();
  const firedMs = await new Promise<number>((resolve) => {
    clock.schedule(startMs + 5, () => resolve(clock.now()));
  });
  // A timer may fire up to a millisecond early.
  expect(firedMs).toBeGreaterThanOrEqual(startMs + 4);
});
