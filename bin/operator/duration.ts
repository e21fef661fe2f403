import { InvalidArgumentError } from 'commander';

/** Milliseconds of `30m`, `24h` or `7d`, for an option. */
export function readDuration(text: string): number {
  const [, count, unit = ''] = /^(\d{1,4})([mhd])$/.exec(text) ?? [];
  const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 }[unit];
  if (count === undefined || unitMs === undefined) {
    throw new InvalidArgumentError('It must be a time such as 30m, 24h or 7d.');
  }
  return Number(count) * unitMs;
}
