import { type ModelClock, realClock } from '../clock.ts';

/** How fast time passes for what measures it: schedules, metrics, alarms, and the age of what waits. */
export interface Pace {
  readonly clock: ModelClock;
  /** Minutes of this time in one minute of the clock on the wall. */
  readonly speed: number;
  /** A time on the wall in this time. */
  timeOf(wallMs: number): number;
}

export const REAL_PACE: Pace = { clock: realClock(), speed: 1, timeOf: (wallMs) => wallMs };

/**
 * Time that begins now and passes faster, as for a game day. Work takes as long as it takes: only waiting
 * is shortened.
 */
export function compressedPace(speed: number, startMs = Date.now()): Pace {
  const wall = realClock();
  const timeOf = (wallMs: number) => startMs + (wallMs - startMs) * speed;
  return {
    speed,
    timeOf,
    clock: {
      now: () => timeOf(wall.now()),
      schedule: (atMs, run) => wall.schedule(startMs + (atMs - startMs) / speed, run),
    },
  };
}
