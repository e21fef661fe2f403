import { expect, test } from 'vitest';
import { AFTER_A_CRASH, useScenario } from '#test/support/scenario.ts';

// Each of these heals by time: a ring hidden by a dead worker comes back after a minute, evidence of a
// send is awaited for one, the sweeper looks every minute for what is older than one and a half. So all
// of them happen first, one after the other, and then they heal side by side.

const scenario = useScenario(8);

const FIRST = `${'one '.repeat(1_000)}end.`;
const SECOND = `${'two '.repeat(100)}end.`;
const PURGED_CHATS = 30;

const people: Record<string, string> = {};
let purged: readonly string[] = [];

/** The customer of one scenario writes, and meets the fault. */
async function happens(name: string, peer: string, fault: string): Promise<void> {
  const { simulator, customer, say, faultsMet } = scenario();
  people[name] = customer();
  await simulator.fault(peer, fault);
  expect(await say(people[name], `Is it ${name} today?`)).toBe(200);
  await faultsMet();
}

test('all of it happens, one after the other', async () => {
  const { simulator, customer, say, faultsMet } = scenario();

  // First, since it takes the rings of all others with it.
  purged = Array.from({ length: PURGED_CHATS }, customer);
  await simulator.fault('lambda:processor', 'status:500', 100_000);
  for (const from of purged) expect(await say(from, 'Was my ring thrown away?')).toBe(200);
  for (const from of purged) expect(await say(from, 'And this one as well?')).toBe(200);
  await simulator.purge('chats');
  await simulator.clearFaults();

  people['unrung'] = customer();
  await simulator.fault('sqs', 'status:500', 1_000);
  expect(await say(people['unrung'], 'Is it unrung today?')).toBe(503);
  await simulator.clearFaults();

  await happens('dead-after-model', 'openai', 'kill-caller-after-effect');
  await happens('dead-before-send', 'graph', 'kill-caller');
  await happens('dead-after-send', 'graph', 'kill-caller-after-effect');

  people['two-bubbles'] = customer();
  await simulator.model({ answers: [{ kind: 'text', text: `${FIRST}\n\n${SECOND}` }] });
  await simulator.fault('graph', 'slow:1');
  await simulator.fault('graph', 'kill-caller-after-effect');
  await say(people['two-bubbles'], 'Tell me everything you know.');
  await faultsMet();

  people['dead-while-thinking'] = customer();
  const asked = await simulator.modelRequests();
  await simulator.model({ latency_ms: 5_000 });
  await say(people['dead-while-thinking'], 'Is it dead-while-thinking today?');
  await expect.poll(() => simulator.modelRequests()).toBeGreaterThan(asked);
  expect(await simulator.kill('processor', 'working')).toBeGreaterThan(0);
  await simulator.model({ latency_ms: 0 });

  // After the kill, which would have ended these as well.
  await happens('hanging', 'openai', 'timeout');
  await happens('not-sent', 'graph', 'timeout');

  // Last, while no other chat needs a status for its proof.
  const seen = ['dead-after-send', 'two-bubbles'].map((name) => people[name] ?? '');
  for (const from of seen) await expect.poll(() => wasProven(from)).toBe(true);
  await simulator.deliverStatuses('lost');
  await happens('sent-without-a-trace', 'graph', 'reset-after-effect');
});

/** Whether the status of the last bubble to this customer has been delivered. */
async function wasProven(from: string): Promise<boolean> {
  const { simulator } = scenario();
  const transcript = (await simulator.transcript('100000000000001', from)) as {
    messages: readonly { direction: string; status: string }[];
  };
  const last = transcript.messages.findLast(({ direction }) => direction === 'out');
  return last?.status === 'read';
}

async function isAnswered(name: string, texts = [`You said: Is it ${name} today?`]): Promise<void> {
  const { simulator } = scenario();
  await expect.poll(() => simulator.textsTo(people[name] ?? ''), AFTER_A_CRASH).toEqual(texts);
}

test('E1 row 27: the model hangs', () => isAnswered('hanging'));

test('E1 row 17: a worker is lost in mid-turn, and another takes over', () =>
  isAnswered('dead-while-thinking'));

test('E1 row 20: a crash after the model, before the draft is stored', () =>
  isAnswered('dead-after-model'));

test('E1 row 21: a crash after the draft is stored, before the send', () =>
  isAnswered('dead-before-send'));

test('E1 row 22: a crash after the send, before its record', () => isAnswered('dead-after-send'));

test('E1 row 24: a crash after the second of two bubbles', () =>
  isAnswered('two-bubbles', [FIRST, SECOND]));

test('E1 row 23: a send times out that Meta did not take', () => isAnswered('not-sent'));

test('E1 row 22: a send of which no status ever tells is repeated once, and counted', () =>
  isAnswered('sent-without-a-trace', Array(2).fill('You said: Is it sent-without-a-trace today?')));

test('E1 row 14: a message whose ring was never taken is rung by the sweeper', () =>
  isAnswered('unrung'));

test('E1 row 40: the chat queue is purged while messages wait, and none is lost', async () => {
  const { simulator } = scenario();
  for (const from of purged) {
    await expect
      .poll(() => simulator.textsTo(from), AFTER_A_CRASH)
      .toEqual(['You said: Was my ring thrown away? / And this one as well?']);
  }
});

test('nothing was said twice but what was counted, when all has come to rest', async () => {
  const { simulator, noRings } = scenario();
  await noRings();
  const sent = (await simulator.sent()).filter(({ wamid }) => wamid !== null);
  const names = Object.keys(people);
  // Two of `two-bubbles`, two of `sent-without-a-trace`, one of each other.
  expect(sent).toHaveLength(PURGED_CHATS + names.length + 2);
  // The resends of what was not sent before are among them: nobody could know.
  const { AmbiguousResends, TurnsApologised = 0 } = await simulator.metrics();
  expect(AmbiguousResends).toBe(3);
  expect(TurnsApologised).toBe(0);
  expect(await simulator.deadLetters()).toEqual([]);
});

test('E1 row 50: no number, text or secret in any log line of these scenarios', () => {
  expect(scenario().leaks()).toEqual([]);
});
