import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useLocalStack } from '#test/support/local-stack.ts';
import { postWebhook } from '#test/support/webhooks.ts';

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'whatsapp');
/** What can become of an accepted message; together these account for every one. */
const OUTCOMES = ['MessagesFinished', 'MessagesRecorded', 'MessagesParked'];

/** When the recorded messages were sent, in seconds. */
const RECORDED_AT = 1_790_400_000;

const local = useLocalStack();

/** The recording with its times moved to the present: what is months old is only counted. */
function asOfNow(body: string): string {
  const shift = Math.floor(Date.now() / 1000) - 3_600 - RECORDED_AT;
  return body.replace(
    /("timestamp": *"?)(\d{10})/g,
    (_, before: string, seconds: string) => `${before}${Number(seconds) + shift}`,
  );
}

test('every kind of webhook is taken, and every message is answered, recorded or parked', async () => {
  const { simulator, stack } = local();
  const names = (await readdir(FIXTURES)).filter((name) => name.endsWith('.json'));
  expect(names.length).toBeGreaterThan(20);
  for (const name of names) {
    const body = asOfNow(await readFile(join(FIXTURES, name), 'utf8'));
    const answer = await postWebhook(stack.url, body);
    expect([name, answer.status]).toEqual([name, 200]);
  }
  // Both counts grow for a while after the answers: they are read together, once no ring is under way.
  await expect
    .poll(
      async () => {
        const chats = (await simulator.queues()).filter(({ name }) => name.includes('ChatsQueue'));
        const rings = chats.reduce((sum, queue) => sum + queue.available + queue.in_flight, 0);
        const metrics = await simulator.metrics();
        const ended = OUTCOMES.reduce((sum, name) => sum + (metrics[name] ?? 0), 0);
        return { rings, missing: (metrics['MessagesAccepted'] ?? 0) - ended };
      },
      { timeout: 60_000, interval: 300 },
    )
    .toEqual({ rings: 0, missing: 0 });
  expect((await simulator.metrics())['MessagesAccepted']).toBeGreaterThan(20);
  const log = stack
    .functionLog()
    .filter((line) => /chat_failed|Runtime\.|request_failed/.test(line));
  expect(log).toEqual([]);
});
