import { expect, test } from 'vitest';
import { startStack } from '#test/support/local-stack.ts';
import { SimulatorClient } from '#test/support/simulator-client.ts';
import { BAKERY } from '#test/support/webhooks.ts';

test('a processor that dies in a turn costs its chat one visibility timeout, and nothing else', async () => {
  const stack = await startStack();
  try {
    const simulator = new SimulatorClient(stack.url);
    // The canary waits for 50 seconds, and its chat is hidden for longer.
    await simulator.fault('lambda:processor', 'kill');
    const canary = simulator.run('canary');
    await expect.poll(() => simulator.faultsLeft()).toBe(0);
    await simulator.fault('lambda:processor', 'kill');
    await simulator.write(BAKERY, '34600444001', 'hello');
    await expect
      .poll(() => simulator.textsTo('34600444001'), { timeout: 110_000, interval: 500 })
      .toEqual(['You said: hello']);
    await simulator.write(BAKERY, '34600444001', 'still there?');
    await expect
      .poll(() => simulator.textsTo('34600444001'))
      .toEqual(['You said: hello', 'You said: still there?']);
    expect(await canary).toBe('returned');
    expect(await simulator.metrics()).toMatchObject({ CanaryRuns: 1, CanaryFailures: 1 });
    expect(stack.functionLog().join('\n')).toMatch(/"canary_failed".*"station":"not-answered"/);
    await simulator.run('canary');
    expect(await simulator.metrics()).toMatchObject({ CanaryRuns: 2, CanaryFailures: 1 });
  } finally {
    expect(await stack.close()).toBe(0);
  }
});
