import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_HAND_OVER } from '#domain/tenant/handover-settings.ts';
import { PersonDesk } from '#test/support/person-desk.ts';
import { useScenario } from '#test/support/scenario.ts';
import { BAKERY, postWebhook } from '#test/support/webhooks.ts';

const scenario = useScenario(40);
const CHATS = 8;
/** A message's time is a whole second: what is said after it is said in a later one. */
const A_SECOND_MS = 1_100;

let desk: PersonDesk;
beforeAll(async () => {
  desk = await PersonDesk.open(scenario().stack.url);
});
afterAll(() => desk.close());

function pause(ms = A_SECOND_MS): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

test('eight chats are taken while the model thinks, spoken in and given back', async () => {
  const { simulator, customer, say, expectReplies, noRings, leaks } = scenario();
  const contacts = Array.from({ length: CHATS }, customer);
  await simulator.model({ latency_ms: 9_000 });
  const asked = await simulator.modelRequests();
  await Promise.all(contacts.map((from) => say(from, `${from}: where is my cake?`)));
  await expect.poll(() => simulator.modelRequests()).toBeGreaterThanOrEqual(asked + CHATS);
  await Promise.all(contacts.map((from) => desk.take(from)));
  await noRings();
  await simulator.model({ latency_ms: 0 });
  // The replies that were being written are never sent.
  for (const from of contacts) expect(await simulator.textsTo(from)).toEqual([]);

  await pause();
  await Promise.all(contacts.map((from) => desk.say(from, `${from}: it left at noon.`)));
  await Promise.all(contacts.map((from) => desk.say(from, 'Anything else?')));
  await noRings();
  await pause();
  await Promise.all(contacts.map((from) => say(from, `${from}: and the bread?`)));
  await noRings();
  await Promise.all(contacts.map((from) => desk.release(from)));
  for (const from of contacts) {
    await expectReplies(from, [
      `${from}: it left at noon.`,
      'Anything else?',
      `You said: ${from}: and the bread?`,
    ]);
    expect(await desk.head(from)).toMatchObject({ state: 'assistant', handOver: { by: 'ana' } });
  }
  expect(leaks()).toEqual([]);
});

test('what is typed on the phone of the business pauses the assistant', async () => {
  const { stack, simulator, customer, say, expectReplies, noRings } = scenario();
  const from = customer();
  await say(from, 'Do you bake on Sundays?');
  await expectReplies(from, ['You said: Do you bake on Sundays?']);
  const echo = {
    object: 'whatsapp_business_account',
    entry: [
      {
        id: '700100200300401',
        changes: [
          {
            field: 'smb_message_echoes',
            value: {
              messaging_product: 'whatsapp',
              metadata: { display_phone_number: '15550107788', phone_number_id: BAKERY },
              message_echoes: [
                {
                  from: '15550107788',
                  to: from,
                  id: 'wamid.ECHO40',
                  timestamp: String(Math.floor(Date.now() / 1000)),
                  type: 'text',
                  text: { body: 'We do, from eight on.' },
                },
              ],
            },
          },
        ],
      },
    ],
  };
  expect((await postWebhook(stack.url, JSON.stringify(echo))).status).toBe(200);
  await expect.poll(async () => (await desk.head(from)).state).toBe('human');
  await pause();
  await say(from, 'Great, thanks!');
  await noRings();
  expect(await simulator.textsTo(from)).toHaveLength(1);
  await desk.release(from);
  await expectReplies(from, ['You said: Do you bake on Sundays?', 'You said: Great, thanks!']);
});

test('who asks for a person is told that one comes, and nothing else', async () => {
  const { simulator, customer, say, expectReplies, noRings } = scenario();
  const from = customer();
  const before = await simulator.modelRequests();
  await say(from, 'Can I talk to a human?');
  await expectReplies(from, [DEFAULT_HAND_OVER.personText]);
  await say(from, 'Hello?');
  await noRings();
  expect(await simulator.textsTo(from)).toHaveLength(1);
  expect(await simulator.modelRequests()).toBe(before);
  expect(await desk.head(from)).toMatchObject({ state: 'waiting', flag: 'hand-over' });
});
