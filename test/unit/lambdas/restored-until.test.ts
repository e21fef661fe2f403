import { expect, test } from 'vitest';
import { readRestoredUntilMs } from '#lambdas/processor/config.ts';
import { MissingEnvironmentError } from '#runtime/env.ts';

test('no variable means that no table was restored', () => {
  expect(readRestoredUntilMs(undefined)).toBeUndefined();
});

test.each([
  ['2026-11-26T12:00:00Z', Date.UTC(2026, 10, 26, 12)],
  ['2026-11-26T12:00:00.250Z', Date.UTC(2026, 10, 26, 12) + 250],
  ['2026-11-26T13:00:00+01:00', Date.UTC(2026, 10, 26, 12)],
])('%s is a time', (value, ms) => {
  expect(readRestoredUntilMs(value)).toBe(ms);
});

// Taken for none, everything of before would be answered again.
test.each([
  'yesterday',
  '2026-11-26',
  '2026-11-26T12:00:00',
  '1790400000000',
  '2026-13-26T12:00:00Z',
])('%s is refused, without its value', (value) => {
  const read = () => readRestoredUntilMs(value);
  expect(read).toThrow(MissingEnvironmentError);
  expect(read).toThrow(/RESTORED_UNTIL must be a time such as/);
});
