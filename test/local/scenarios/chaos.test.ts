import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { useScenario } from '#test/support/scenario.ts';
import type { SimulatorClient } from '#test/support/simulator-client.ts';
import { BAKERY, CLINIC } from '#test/support/webhooks.ts';

const scenario = useScenario(9);

const CHATS = 200;
const ROUNDS = 3;
/** Between the rounds of messages, and between the kills; how long it goes on is what counts, not when. */
const ROUND_EVERY_MS = 4_000;
const KILL_EVERY_MS = 300;
/** On a slow machine the rounds last longer, and a chat whose worker dies three times gets an apology. */
const MOST_TROUBLES = 80;
/** Such as heal: what they cost is time. A broken connection may have been paid for, and three make an apology. */
const MODEL_FAULTS = ['status:500', 'status:503', 'throttle', 'status:502', 'slow:400'];

test('200 chats while workers are killed and the Graph API resets connections: no loss, no second bubble, in order', async () => {
  const { simulator, customer, noRings } = scenario();
  const chats = Array.from({ length: CHATS }, (_, index) => ({
    from: customer(),
    to: index % 4 === 0 ? CLINIC : BAKERY,
  }));
  await simulator.model({ latency_ms: 100 });
  const stop = new AbortController();
  const trouble = makeTrouble(simulator, stop.signal);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { from, to } of chats) await simulator.write(to, from, `${from}-${round}`);
    await sleep(ROUND_EVERY_MS);
  }
  stop.abort();
  const kills = await trouble;
  await simulator.clearFaults();

  const covered = async () => {
    const sent = (await simulator.sent()).filter(({ wamid }) => wamid !== null);
    return sent.flatMap(({ body }) =>
      (body.text?.body ?? '').replace('You said: ', '').split(' / '),
    );
  };
  await expect
    .poll(async () => new Set(await covered()).size, { timeout: 300_000, interval: 1_000 })
    .toBe(CHATS * ROUNDS);
  await noRings();
  const all = await covered();
  for (const { from } of chats) {
    const own = all.filter((text) => text.startsWith(from));
    expect(own).toEqual(Array.from({ length: ROUNDS }, (_, round) => `${from}-${round}`));
  }
  // Nothing else was said: no apology, and no bubble that covers nothing.
  expect(all).toHaveLength(CHATS * ROUNDS);
  expect(kills).toBeGreaterThan(10);
  expect(await simulator.deadLetters()).toEqual([]);
  const { MessagesAccepted, DeliveriesFailed = 0 } = await simulator.metrics();
  expect({ MessagesAccepted, DeliveriesFailed }).toEqual({
    MessagesAccepted: CHATS * ROUNDS,
    DeliveriesFailed: 0,
  });
}, 400_000);

test('E1 row 50: no number, text or secret in any log line of the chaos', () => {
  expect(scenario().leaks()).toEqual([]);
});

/** @returns how many workers were killed until it was stopped */
async function makeTrouble(simulator: SimulatorClient, stop: AbortSignal): Promise<number> {
  let kills = 0;
  for (let turn = 0; !stop.aborted && turn < MOST_TROUBLES; turn += 1) {
    await sleep(KILL_EVERY_MS);
    kills += await simulator.kill('processor', 'working', 1);
    if (turn % 2 === 0) await simulator.fault('graph', 'reset-after-effect');
    if (turn % 5 === 0) await simulator.fault('graph', 'kill-caller-after-effect');
    await simulator.fault('openai', MODEL_FAULTS[turn % MODEL_FAULTS.length] ?? 'throttle');
  }
  return kills;
}
