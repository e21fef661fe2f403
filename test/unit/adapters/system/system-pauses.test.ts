import { expect, test } from 'vitest';
import { systemPauses, wakefulPauses } from '#adapters/system/system-pauses.ts';

/** Timers that keep the process from ending. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

test.each([
  ['a process ends in a pause where nothing else is under way', systemPauses, 0],
  ['one that does nothing but wait goes on', wakefulPauses, 1],
])('%s', async (_, pauses, kept) => {
  const over = new AbortController();
  const before = timers();
  const pausing = pauses.pause(60_000, over.signal);
  expect(timers() - before).toBe(kept);
  over.abort();
  await pausing;
});
