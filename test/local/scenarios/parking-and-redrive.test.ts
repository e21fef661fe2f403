import { expect, test } from 'vitest';
import { useScenario } from '#test/support/scenario.ts';
import { BAKERY, postWebhook, textWebhook } from '#test/support/webhooks.ts';

const scenario = useScenario(6);

const NOBODY = '100000000000009';

test('E1 row 11: a message to a number that nobody has', async () => {
  const { stack, simulator, customer, say, expectReplies, grown } = scenario();
  const before = await simulator.metrics();
  const from = customer();
  const message = { id: 'wamid.NOBODY', from, text: 'Is this the bakery?' };
  expect((await postWebhook(stack.url, textWebhook(NOBODY, [message]))).status).toBe(200);
  await expect
    .poll(async () => (await simulator.deadLetters()).map(({ reason }) => reason))
    .toEqual(['unknown-phone-number']);
  await expect
    .poll(() => grown(before, ['MessagesParked', 'ModelCalls']))
    .toEqual({
      MessagesParked: 1,
      ModelCalls: 0,
    });
  // The same customer's chat with a business that is there is another chat.
  await say(from, 'Then is this the bakery?');
  await expectReplies(from, ['You said: Then is this the bakery?']);
});

test('E1 row 39: the dead-letter queue is redriven, and again, and late', async () => {
  const { simulator, customer, say, quiet, expectReplies, grown } = scenario();
  const [early, late] = [customer(), customer()];
  const parked = async () => (await simulator.deadLetters()).length;
  const already = await parked();
  await simulator.fault('graph', 'graph:190', 1_000);
  await say(early, 'Are you there for me?');
  await say(late, 'Are you there for me too?');
  await expect.poll(parked).toBe(already + 2);
  await quiet();
  await simulator.clearFaults();
  // A deployment comes with the fix: what a process knows of the number's health is gone.
  await simulator.kill('processor', 'idle');
  // One of the two writes again, and both of its messages are answered before the redrive.
  await simulator.write(BAKERY, late, 'Hello, are you there?');
  await expect
    .poll(async () => (await simulator.textsTo(late)).join())
    .toContain('Hello, are you there?');
  const before = await simulator.metrics();
  const answeredLate = await simulator.textsTo(late);

  await simulator.redrive('chat-dead-letters');
  await expectReplies(early, ['You said: Are you there for me?']);
  await simulator.redrive('chat-dead-letters');
  await expectReplies(early, ['You said: Are you there for me?']);
  await expectReplies(late, answeredLate);
  expect((await grown(before, ['ModelCalls'])).ModelCalls).toBeLessThanOrEqual(1);
  // What was parked for a number that nobody has is parked again, with its reason.
  await expect
    .poll(async () => (await simulator.deadLetters()).map(({ reason }) => reason))
    .toEqual(['unknown-phone-number']);
});

test('E1 row 50: no number, text or secret in any log line of these scenarios', () => {
  expect(scenario().leaks()).toEqual([]);
});
