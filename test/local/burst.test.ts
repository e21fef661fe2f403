import { expect, test } from 'vitest';
import { useLocalStack } from '#test/support/local-stack.ts';
import type { SimulatorClient } from '#test/support/simulator-client.ts';
import { BAKERY, postWebhook, textWebhook } from '#test/support/webhooks.ts';

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

function coveredBy(sent: Awaited<ReturnType<SimulatorClient['sent']>>): number {
  return sent
    .filter(({ wamid }) => wamid !== null)
    .map(({ body }) => body.text?.body.split(' / ').length ?? 0)
    .reduce((sum, count) => sum + count, 0);
}
