import { expect, test } from 'vitest';
import { useLocalStack } from '#test/support/local-stack.ts';
import { BAKERY, postWebhook, textWebhook } from '#test/support/webhooks.ts';

const local = useLocalStack();

function post(from: string, text: string): Promise<Response> {
  const { stack } = local();
  const message = { id: `wamid.${from}.${text}`, from, text };
  return postWebhook(stack.url, textWebhook(BAKERY, [message]));
}

// First, while no status webhook is under way that could meet the fault in its place.
test('ingest that dies gives no 200, and the redelivery is taken', async () => {
  const { simulator } = local();
  await simulator.fault('lambda:ingest', 'kill');
  const lost = await post('34600333007', 'hello');
  expect(lost.status).toBeGreaterThanOrEqual(500);
  const taken = await post('34600333007', 'hello');
  expect(taken.status).toBe(200);
  await expect.poll(() => simulator.textsTo('34600333007')).toEqual(['You said: hello']);
});

test('a refusal that Meta names as temporary is tried again, and one bubble comes', async () => {
  const { simulator } = local();
  await simulator.fault('graph', 'graph:131056');
  await post('34600333001', 'hello');
  await expect.poll(() => simulator.textsTo('34600333001')).toEqual(['You said: hello']);
});

test('a send whose answer was lost is proven by its status, and not repeated', async () => {
  const { simulator, stack } = local();
  await simulator.fault('graph', 'reset-after-effect');
  await post('34600333002', 'hello');
  await expect
    .poll(async () => stack.functionLog().join('\n'), { timeout: 60_000 })
    .toContain('ambiguous_part_proven');
  expect(await simulator.textsTo('34600333002')).toEqual(['You said: hello']);
  expect((await simulator.metrics())['AmbiguousResends'] ?? 0).toBe(0);
});

test('a store that throttles makes Meta send the webhook again', async () => {
  const { simulator } = local();
  await simulator.fault('dynamodb', 'throttle', 20);
  const refused = await post('34600333003', 'hello');
  expect(refused.status).toBeGreaterThanOrEqual(500);
  await simulator.clearFaults();
  const taken = await post('34600333003', 'hello');
  expect(taken.status).toBe(200);
  await expect.poll(() => simulator.textsTo('34600333003')).toEqual(['You said: hello']);
});

test('a model that is overloaded is asked again later', async () => {
  const { simulator } = local();
  await simulator.fault('openai', 'status:503', 2);
  await post('34600333004', 'hello');
  await expect
    .poll(() => simulator.textsTo('34600333004'), { timeout: 60_000 })
    .toEqual(['You said: hello']);
});

test('a closed window is recorded with its code and not tried again', async () => {
  const { simulator } = local();
  await simulator.fault('graph', 'graph:131047');
  await post('34600333005', 'hello');
  await expect.poll(async () => (await simulator.metrics())['TurnsUndeliverable']).toBe(1);
  expect(await simulator.textsTo('34600333005')).toEqual([]);
});

test('an unknown fault is refused with the list of those there are', async () => {
  const { stack } = local();
  const answer = await fetch(`${stack.url}/simulator/api/faults`, {
    method: 'POST',
    body: JSON.stringify({ peer: 'graph', fault: 'explode', times: 1 }),
  });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain('reset-after-effect');
});
