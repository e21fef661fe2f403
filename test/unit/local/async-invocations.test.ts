import { expect, test } from 'vitest';
import { VirtualClock } from '#local/clock.ts';
import { AsyncInvocations } from '#local/lambda/async-invocations.ts';
import type { InvokeOutcome } from '#local/lambda/invocation.ts';

const FAILED: InvokeOutcome = {
  kind: 'failed',
  error: { errorType: 'Error', errorMessage: 'as asked' },
};
const RETURNED: InvokeOutcome = { kind: 'returned', payload: 'null' };

/** A function that ends as the list says, then well; and when it was tried. */
function aFunctionThat(outcomes: readonly InvokeOutcome[]) {
  const clock = new VirtualClock(0);
  const left = [...outcomes];
  const triedAtSeconds: number[] = [];
  const lambda = {
    invoke: async () => {
      triedAtSeconds.push(clock.now() / 1000);
      return left.shift() ?? RETURNED;
    },
  };
  return { clock, lambda, triedAtSeconds, asyncInvocations: new AsyncInvocations(clock) };
}

/** Lets the clock run second by second, and what each second brings come to its end. */
async function pass(clock: VirtualClock, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    clock.advanceBy(1000);
    await Promise.resolve();
    await Promise.resolve();
  }
}

test('an event that fails is tried again after one and then two minutes, and then given up', async () => {
  const { clock, lambda, triedAtSeconds, asyncInvocations } = aFunctionThat([
    FAILED,
    FAILED,
    FAILED,
    FAILED,
  ]);
  await asyncInvocations.send(lambda, '{}', 'schedule');
  await pass(clock, 1000);
  expect(triedAtSeconds).toEqual([0, 60, 180]);
});

test('an event without retries is tried once', async () => {
  const { clock, lambda, triedAtSeconds, asyncInvocations } = aFunctionThat([FAILED]);
  await asyncInvocations.send(lambda, '{}', 'schedule', { retries: 0, maximumAgeSeconds: 60 });
  await pass(clock, 1000);
  expect(triedAtSeconds).toEqual([0]);
});

test('a throttled event comes back ever later until it is too old', async () => {
  const throttled = Array.from({ length: 20 }, () => ({ kind: 'throttled' }) as const);
  const { clock, lambda, triedAtSeconds, asyncInvocations } = aFunctionThat(throttled);
  await asyncInvocations.send(lambda, '{}', 'schedule', { retries: 0, maximumAgeSeconds: 60 });
  await pass(clock, 1000);
  expect(triedAtSeconds).toEqual([0, 1, 3, 7, 15, 31]);
});

test('nothing is tried again once it is closed', async () => {
  const { clock, lambda, triedAtSeconds, asyncInvocations } = aFunctionThat([FAILED]);
  await asyncInvocations.send(lambda, '{}', 'schedule');
  asyncInvocations.close();
  await pass(clock, 1000);
  expect(triedAtSeconds).toEqual([0]);
});
