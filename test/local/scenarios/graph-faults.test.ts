import { afterEach, expect, test } from 'vitest';
import { useScenario } from '#test/support/scenario.ts';
import { BAKERY } from '#test/support/webhooks.ts';

const scenario = useScenario(4);

// What one scenario taught a process of the Graph API's health is not to bear on the next.
afterEach(async () => {
  await scenario().quiet();
  await scenario().simulator.kill('processor', 'idle');
});

/** Too long for one bubble. */
const FIRST = `${'one '.repeat(1_000)}end.`;
const SECOND = `${'two '.repeat(100)}end.`;

test('E1 row 22: the answer to a send is lost, and its status proves it', async () => {
  const { simulator, customer, say, expectReplies, grown } = scenario();
  const before = await simulator.metrics();
  const from = customer();
  await simulator.fault('graph', 'reset-after-effect');
  await say(from, 'Was that sent at all?');
  await expectReplies(from, ['You said: Was that sent at all?']);
  await expect
    .poll(() => grown(before, ['AmbiguousResends', 'ModelCalls', 'TurnsAnswered']))
    .toEqual({
      AmbiguousResends: 0,
      ModelCalls: 1,
      TurnsAnswered: 1,
    });
});

test.each([
  ['is refused', 'graph:130429'],
  ['is sent and its answer lost', 'reset-after-effect'],
])('E1 row 24: the second of two bubbles %s', async (_, fault) => {
  const { simulator, customer, say, expectReplies } = scenario();
  const from = customer();
  await simulator.model({ answers: [{ kind: 'text', text: `${FIRST}\n\n${SECOND}` }] });
  await simulator.fault('graph', 'slow:1');
  await simulator.fault('graph', fault);
  await say(from, 'Tell me everything you know.');
  await expectReplies(from, [FIRST, SECOND]);
});

test.each([
  ['130429, the number sends too much', 130429],
  ['131056, the customer gets too much', 131056],
  ['80007, the account asks too much', 80007],
  ['4, the app asks too much', 4],
])('E1 row 32: a send is refused with %s', async (_, code) => {
  const { simulator, customer, say, expectReplies, grown } = scenario();
  const before = await simulator.metrics();
  const from = customer();
  await simulator.fault('graph', `graph:${code}`, 2);
  await say(from, 'Is this the first one?');
  await expect
    .poll(async () => (await grown(before, ['SendsRefused'])).SendsRefused)
    .toBeGreaterThan(0);
  await say(from, 'Is this the second one?');
  await expectReplies(from, [
    'You said: Is this the first one?',
    'You said: Is this the second one?',
  ]);
  await expect
    .poll(() => grown(before, ['ModelCalls', 'SendsRefused', 'MessagesFinished']))
    .toEqual({
      ModelCalls: 2,
      SendsRefused: 2,
      MessagesFinished: 2,
    });
});

test.each([131047, 131026])('E1 row 34: a send is refused for good with %i', async (code) => {
  const { simulator, customer, say, quiet, grown } = scenario();
  const before = await simulator.metrics();
  const from = customer();
  await simulator.fault('graph', `graph:${code}`);
  await say(from, 'Can you reach me here?');
  await expect
    .poll(async () => (await grown(before, ['TurnsUndeliverable'])).TurnsUndeliverable)
    .toBe(1);
  await quiet();
  const calls = (await simulator.sent()).filter(({ body }) => body.to === `+${from}`);
  expect(calls.map(({ error }) => error?.code)).toEqual([code]);
  expect(await simulator.deadLetters()).toEqual([]);
  await say(from, 'And can you reach me now?');
  await expect
    .poll(() => simulator.textsTo(from))
    .toEqual(['You said: Can you reach me here? / And can you reach me now?']);
});

test.each([
  ['131047, which is recorded', 131047, 1, 'TurnsAnswered'],
  ['131026, where another address is tried', 131026, 2, 'BubblesRepeated'],
  ['131000, which may be sent again', 131000, 2, 'BubblesRepeated'],
  ['131042, which a person looks at', 131042, 1, 'BubblesGivenUp'],
] as const)('E1 row 34: a bubble is taken and fails with %s', async (_, code, bubbles, metric) => {
  const { simulator, customer, quiet, grown } = scenario();
  const from = customer();
  // Before the measure: the customer has to be known, whose next bubble is to fail.
  await simulator.write(BAKERY, from, 'Good to meet you here!');
  await expect.poll(() => simulator.textsTo(from)).toHaveLength(1);
  await quiet();
  const before = await simulator.metrics();
  const already = (await simulator.sent()).length;
  await simulator.failDelivery(BAKERY, from, code);
  await simulator.write(BAKERY, from, 'Will this one fail now?');
  await expect
    .poll(async () => (await grown(before, ['DeliveriesFailed'])).DeliveriesFailed)
    .toBe(1);
  await expect.poll(async () => (await grown(before, [metric]))[metric]).toBe(1);
  await quiet();
  const texts = (await simulator.sent()).slice(already).map(({ body }) => body.text?.body);
  expect(texts).toEqual(Array(bubbles).fill('You said: Will this one fail now?'));
  await expect.poll(async () => (await grown(before, ['ModelCalls'])).ModelCalls).toBe(1);
});

test('E1 row 50: no number, text or secret in any log line of these scenarios', () => {
  expect(scenario().leaks()).toEqual([]);
});
