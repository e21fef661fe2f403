import { expect, test } from 'vitest';
import { useLocalStack } from '#test/support/local-stack.ts';
import type { SimulatorClient } from '#test/support/simulator-client.ts';
import { BAKERY, CLINIC, postWebhook, textWebhook } from '#test/support/webhooks.ts';

const CHATS = 50;
const MESSAGES_PER_CHAT = 6;
const DELIVERIES = 3;

const local = useLocalStack();

test('300 messages in 50 chats, each delivered three times, are each covered by exactly one reply, in order', async () => {
  const { simulator, stack } = local();
  const started = Math.floor(Date.now() / 1000);
  const contacts = Array.from(
    { length: CHATS },
    (_, chat) => `346100000${String(chat).padStart(2, '0')}`,
  );
  const rounds = Array.from({ length: MESSAGES_PER_CHAT }, (_, number) => number);
  for (const number of rounds) {
    const bodies = contacts.map((from) =>
      textWebhook(BAKERY, [
        {
          id: `wamid.${from}.${number}`,
          from,
          text: `${from}-${number}`,
          timestamp: started + number,
        },
      ]),
    );
    const deliveries = bodies.flatMap((body) => Array.from({ length: DELIVERIES }, () => body));
    const answers = await Promise.all(deliveries.map((body) => postWebhook(stack.url, body)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  }

  await expect
    .poll(async () => coveredBy(await simulator.sent()), { timeout: 90_000, interval: 500 })
    .toBe(CHATS * MESSAGES_PER_CHAT);
  for (const contact of contacts) {
    const texts = await simulator.textsTo(contact);
    const covered = texts.flatMap((text) => text.replace('You said: ', '').split(' / '));
    expect(covered).toEqual(rounds.map((number) => `${contact}-${number}`));
  }
  expect((await simulator.metrics())['AmbiguousResends'] ?? 0).toBe(0);
});

test('200 customers who write at the same moment are all taken, and answered once', async () => {
  const { simulator, stack } = local();
  const contacts = Array.from({ length: 200 }, (_, nth) => `3462${String(nth).padStart(7, '0')}`);
  const answers = await Promise.all(
    contacts.map((from, nth) => {
      // One business alone would be served at the pace of its limit of turns.
      const number = nth % 2 === 0 ? BAKERY : CLINIC;
      const body = textWebhook(number, [{ id: `wamid.${from}`, from, text: from }]);
      return postWebhook(stack.url, body);
    }),
  );
  expect(answers.map(({ status }) => status)).toEqual(contacts.map(() => 200));
  const texts = async () =>
    (await simulator.sent())
      .filter(({ wamid, body }) => wamid !== null && /^\+?3462/.test(body.to ?? ''))
      .map(({ body }) => body.text?.body);
  await expect
    .poll(async () => (await texts()).length, { timeout: 90_000, interval: 250 })
    .toBeGreaterThanOrEqual(contacts.length);
  expect((await texts()).sort()).toEqual(contacts.map((from) => `You said: ${from}`));
});

function coveredBy(sent: Awaited<ReturnType<SimulatorClient['sent']>>): number {
  return sent
    .filter(({ wamid }) => wamid !== null)
    .map(({ body }) => body.text?.body.split(' / ').length ?? 0)
    .reduce((sum, count) => sum + count, 0);
}
