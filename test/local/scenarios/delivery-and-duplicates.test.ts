import { expect, test } from 'vitest';
import { useScenario } from '#test/support/scenario.ts';
import { BAKERY, CLINIC, postWebhook, textWebhook, webhookBody } from '#test/support/webhooks.ts';

const scenario = useScenario(1);

const HOUR_S = 3_600;
const nowS = () => Math.floor(Date.now() / 1_000);

test('E1 row 1: the same webhook eight times in parallel', async () => {
  const { stack, simulator, customer, expectReplies, grown } = scenario();
  const before = await simulator.metrics();
  const from = customer();
  const body = textWebhook(BAKERY, [{ id: 'wamid.TWICE', from, text: 'Is the shop open now?' }]);
  const answers = await Promise.all(Array.from({ length: 8 }, () => postWebhook(stack.url, body)));
  expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
  await expectReplies(from, ['You said: Is the shop open now?']);
  await expect
    .poll(() => grown(before, ['MessagesAccepted', 'MessagesDuplicate', 'ModelCalls']))
    .toEqual({
      MessagesAccepted: 1,
      MessagesDuplicate: 7,
      ModelCalls: 1,
    });
});

test('E1 row 2: the same webhook again after its answer', async () => {
  const { customer, say, expectReplies } = scenario();
  const from = customer();
  const again = { id: 'wamid.AGAIN', timestamp: nowS() };
  expect(await say(from, 'Do you bake on Sundays?', again)).toBe(200);
  await expectReplies(from, ['You said: Do you bake on Sundays?']);
  expect(await say(from, 'Do you bake on Sundays?', again)).toBe(200);
  await expectReplies(from, ['You said: Do you bake on Sundays?']);
});

test('E1 row 2: a webhook of 6.9 days ago, delivered twice now', async () => {
  const { simulator, customer, say, expectReplies, grown } = scenario();
  const before = await simulator.metrics();
  const from = customer();
  const old = { id: 'wamid.LASTWEEK', timestamp: nowS() - 6.9 * 24 * HOUR_S };
  expect(await say(from, 'Is it ready by Friday?', old)).toBe(200);
  expect(await say(from, 'Is it ready by Friday?', old)).toBe(200);
  await expectReplies(from, []);
  await expect
    .poll(() => grown(before, ['MessagesAccepted', 'MessagesDuplicate', 'MessagesHandedOver']))
    .toEqual({ MessagesAccepted: 1, MessagesDuplicate: 1, MessagesHandedOver: 1 });
});

test('E1 row 3: an old signed body replayed on day 40', async () => {
  const { simulator, customer, say, expectReplies, grown } = scenario();
  const before = await simulator.metrics();
  const from = customer();
  expect(await say(from, 'Forty days ago?', { timestamp: nowS() - 40 * 24 * HOUR_S })).toBe(200);
  await expectReplies(from, []);
  await expect
    .poll(() => grown(before, ['MessagesAccepted', 'MessagesTooOld']))
    .toEqual({
      MessagesAccepted: 0,
      MessagesTooOld: 1,
    });
});

test('E1 row 3: a message of 13 hours ago goes to a person, the next one is answered', async () => {
  const { simulator, customer, say, expectReplies, grown } = scenario();
  const before = await simulator.metrics();
  const from = customer();
  expect(await say(from, 'Any bread left today?', { timestamp: nowS() - 13 * HOUR_S })).toBe(200);
  await expectReplies(from, []);
  await expect
    .poll(() => grown(before, ['MessagesHandedOver', 'ModelCalls']))
    .toEqual({
      MessagesHandedOver: 1,
      ModelCalls: 0,
    });
  await say(from, 'And this morning?');
  await expect.poll(() => simulator.textsTo(from)).toHaveLength(1);
});

test('E1 row 4: messages out of order, and two of the same second', async () => {
  const { stack, customer, say, expectReplies } = scenario();
  const from = customer();
  const start = nowS() - 60;
  const order = [
    ['third', 2],
    ['first', 0],
    ['second', 1],
    ['and third', 2],
  ] as const;
  const messages = order.map(([text, after]) => ({
    id: `wamid.ORDER.${text}`,
    from,
    text,
    timestamp: start + after,
  }));
  expect((await postWebhook(stack.url, textWebhook(BAKERY, messages))).status).toBe(200);
  await expectReplies(from, ['You said: first / second / third / and third']);
  // One that comes late is answered all the same.
  expect(await say(from, 'Did you get it?', { timestamp: start - 60 })).toBe(200);
  await expectReplies(from, [
    'You said: first / second / third / and third',
    'You said: Did you get it?',
  ]);
});

test('E1 row 6: a webhook of 100 messages for two businesses, one of them malformed', async () => {
  const { stack, simulator, customer, expectReplies, grown } = scenario();
  const before = await simulator.metrics();
  const people = Array.from({ length: 10 }, customer);
  const bodies = [BAKERY, CLINIC].map((number) =>
    JSON.parse(
      textWebhook(
        number,
        people.flatMap((from) =>
          [1, 2, 3, 4, 5].map((each) => ({
            id: `wamid.${number}.${from}.${each}`,
            from,
            text: `${number}-${each}`,
          })),
        ),
      ),
    ),
  );
  const [broken] = bodies[1].entry[0].changes[0].value.messages;
  broken.id = 7;
  const body = JSON.stringify({ ...bodies[0], entry: bodies.flatMap(({ entry }) => entry) });
  expect((await postWebhook(stack.url, body)).status).toBe(200);
  await expect
    .poll(() => grown(before, ['MessagesAccepted', 'ElementsMalformed']))
    .toEqual({
      MessagesAccepted: 99,
      ElementsMalformed: 1,
    });
  const replyOf = (number: string, from: number) =>
    `You said: ${[1, 2, 3, 4, 5]
      .slice(from)
      .map((each) => `${number}-${each}`)
      .join(' / ')}`;
  for (const [index, from] of people.entries()) {
    const expected = [replyOf(BAKERY, 0), replyOf(CLINIC, index === 0 ? 1 : 0)];
    await expect.poll(async () => (await simulator.textsTo(from)).toSorted()).toEqual(expected);
  }
  await expectReplies(customer(), []);
});

test('E1 row 7: a type, a field and a status of tomorrow', async () => {
  const { stack, simulator, customer, quiet, grown } = scenario();
  const before = await simulator.metrics();
  const from = customer();
  const hologram = { from, id: 'wamid.TOMORROW', timestamp: String(nowS()), type: 'hologram' };
  const status = { id: 'wamid.X', status: 'teleported', timestamp: String(nowS()) };
  const bodies = [
    webhookBody(BAKERY, { messages: [{ ...hologram, hologram: { depth: 3 } }] }),
    webhookBody(BAKERY, { statuses: [{ ...status, recipient_id: from }] }),
    JSON.stringify({
      object: 'whatsapp_business_account',
      entry: [{ id: '700100200300401', changes: [{ field: 'telepathy', value: { clear: true } }] }],
    }),
  ];
  for (const body of bodies) expect((await postWebhook(stack.url, body)).status).toBe(200);
  await quiet();
  const names = ['MessagesRecorded', 'StatusesUnmatched', 'EventsUnhandled'] as const;
  await expect
    .poll(() => grown(before, names))
    .toEqual({ MessagesRecorded: 1, StatusesUnmatched: 1, EventsUnhandled: 1 });
  expect(await simulator.textsTo(from)).toEqual([]);
});

test.each([
  ['zero', '0'],
  ['a time in the future', String(nowS() + 300)],
  ['a clock that is five minutes slow', String(nowS() - 300)],
  ['a number instead of a text', nowS()],
])('E1 row 41: a timestamp that is %s', async (_, timestamp) => {
  const { stack, customer, expectReplies } = scenario();
  const from = customer();
  const text = { from, id: `wamid.CLOCK.${from}`, timestamp, type: 'text' };
  const body = webhookBody(BAKERY, { messages: [{ ...text, text: { body: 'What time is it?' } }] });
  expect((await postWebhook(stack.url, body)).status).toBe(200);
  await expectReplies(from, ['You said: What time is it?']);
});

test('E1 row 50: no number, text or secret in any log line of these scenarios', () => {
  expect(scenario().leaks()).toEqual([]);
});
