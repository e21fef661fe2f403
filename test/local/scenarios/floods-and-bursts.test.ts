import { expect, test } from 'vitest';
import { DEFAULT_TERMS } from '#domain/tenant/terms.ts';
import { useScenario } from '#test/support/scenario.ts';

const scenario = useScenario(7);

const FLOOD = 300;
const OTHERS = 20;

test('E1 row 5: five messages in two seconds are answered as one', async () => {
  const { simulator, customer, say, expectReplies } = scenario();
  // Slow enough that whatever a late start answered too early is seen before it is sent.
  await simulator.model({ latency_ms: 2_000 });
  const from = customer();
  const words = ['I would like', 'two loaves of', 'the dark bread and', 'a cake for', 'six people'];
  for (const text of words) {
    expect(await say(from, text)).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  await expectReplies(from, [`You said: ${words.join(' / ')}`]);
  await simulator.model({ latency_ms: 0 });
});

test('E1 row 43: one customer floods, is told so, and the others are answered', async () => {
  const { simulator, customer, say, expectReplies } = scenario();
  const started = Math.floor(Date.now() / 1_000) - FLOOD;
  const [flooder, ...others] = Array.from({ length: OTHERS + 1 }, customer);
  const flood = Array.from({ length: FLOOD }, (_, number) => `flood-${number}`);
  for (const [number, text] of flood.entries()) {
    const posts = [say(flooder ?? '', text, { timestamp: started + number })];
    const other = number % (FLOOD / OTHERS) === 0 ? others[number / (FLOOD / OTHERS)] : undefined;
    if (other) posts.push(say(other, 'May I ask something?'));
    expect(new Set(await Promise.all(posts))).toEqual(new Set([200]));
  }
  for (const other of others) await expectReplies(other, ['You said: May I ask something?']);
  const { limitText } = DEFAULT_TERMS;
  const replies = async () => simulator.textsTo(flooder ?? '');
  const covered = async () =>
    (await replies())
      .filter((text) => text !== limitText)
      .flatMap((text) => text.replace('You said: ', '').split(' / '));
  // Sixty at once and one more each second: each message is answered or kept, and counted as what it was.
  const dealtWith = async () =>
    (await covered()).length + ((await simulator.metrics())['MessagesLimited'] ?? 0);
  await expect.poll(dealtWith, { timeout: 90_000 }).toBe(FLOOD);
  const answered = new Set(await covered());
  expect(await covered()).toEqual(flood.filter((text) => answered.has(text)));
  expect(answered.size).toBeGreaterThanOrEqual(60);
  expect((await replies()).filter((text) => text === limitText)).toHaveLength(1);
  // Together as far as they came together: no bubble for each.
  expect((await replies()).length).toBeLessThan(FLOOD / 3);
});

test('E1 row 50: no number, text or secret in any log line of these scenarios', () => {
  expect(scenario().leaks()).toEqual([]);
});
