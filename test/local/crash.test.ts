import { expect, test } from 'vitest';
import { startStack } from '#test/support/local-stack.ts';
import { SimulatorClient } from '#test/support/simulator-client.ts';
import { BAKERY } from '#test/support/webhooks.ts';

test('a processor that dies in a turn costs its chat one visibility timeout, and nothing else', async () => {
  const stack = await startStack();
  try {
    const simulator = new SimulatorClient(stack.url);
    await simulator.fault('lambda:processor', 'kill');
    await simulator.write(BAKERY, '34600444001', 'hello');
    await expect
      .poll(() => simulator.textsTo('34600444001'), { timeout: 110_000, interval: 500 })
      .toEqual(['You said: hello']);
    await simulator.write(BAKERY, '34600444001', 'still there?');
    await expect
      .poll(() => simulator.textsTo('34600444001'))
      .toEqual(['You said: hello', 'You said: still there?']);
  } finally {
    expect(await stack.close()).toBe(0);
  }
});
