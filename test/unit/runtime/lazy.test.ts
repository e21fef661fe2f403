import { expect, it } from 'vitest';
import { lazy } from '#runtime/lazy.ts';

it('makes the value once, also for callers that come while it is being made', async () => {
  let made = 0;
  const value = lazy(async () => {
    made += 1;
    return made;
  });
  expect(await Promise.all([value(), value()])).toEqual([1, 1]);
  expect(await value()).toBe(1);
});

it('forgets a failed attempt', async () => {
  let tries = 0;
  const value = lazy(() => {
    tries += 1;
    if (tries === 1) throw new Error('not yet');
    return 'ready';
  });
  await expect(value()).rejects.toThrow('not yet');
  expect(await value()).toBe('ready');
});
