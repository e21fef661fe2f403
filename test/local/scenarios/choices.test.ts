import { expect, test } from 'vitest';
import { bubbleIn } from '#test/support/bubble-in.ts';
import { useScenario } from '#test/support/scenario.ts';
import { BAKERY, postWebhook, textWebhook } from '#test/support/webhooks.ts';

const scenario = useScenario(31);

const BUTTONS = ['Rye', 'Wheat'].map((title) => ({ id: title.toLowerCase(), title }));
const CHOICES = { kind: 'buttons', buttons: BUTTONS };
const OFFER = {
  kind: 'text',
  text: 'Which **bread**?',
  fields: { language: 'en', choices: CHOICES },
};

async function bubblesTo(contact: string) {
  const sent = await scenario().simulator.sentTo(contact);
  return sent.map(({ body, wamid }) => ({ wamid, ...bubbleIn({ ...body }) }));
}

test('buttons are offered, one is tapped, and the tap is answered', async () => {
  const { simulator, customer, say } = scenario();
  const from = customer();
  await simulator.model({ answers: [OFFER] });
  await say(from, 'A loaf of bread, please.');
  await expect.poll(() => bubblesTo(from)).toHaveLength(1);
  const [offer] = await bubblesTo(from);
  expect(offer).toMatchObject({ text: 'Which *bread*?', choices: CHOICES });
  const interactive = { type: 'button_reply', button_reply: BUTTONS[0] };
  const context = { id: offer?.wamid };
  await simulator.send(BAKERY, from, { type: 'interactive', context, interactive });
  await expect.poll(() => bubblesTo(from)).toHaveLength(2);
  const [, answer] = await bubblesTo(from);
  const text = expect.stringMatching(/^You said: ⟦In reply to .*Rye ⟦chosen; id rye⟧$/s);
  expect(answer).toMatchObject({ text, choices: undefined });
});

test('buttons that WhatsApp does not take are said in words, in the same try', async () => {
  const { simulator, customer, say, expectReplies, grown } = scenario();
  const before = await simulator.metrics();
  const from = customer();
  await simulator.model({ answers: [OFFER] });
  await simulator.fault('graph', 'graph:131009');
  await say(from, 'A loaf of bread, please.');
  await expectReplies(from, ['Which *bread*?\n\n1. Rye\n2. Wheat']);
  await expect.poll(() => grown(before, ['BubblesMadePlain'])).toEqual({ BubblesMadePlain: 1 });
});

test('a bubble with buttons that comes to nothing is sent again in words', async () => {
  const { simulator, customer, say } = scenario();
  const from = customer();
  await say(from, 'Good morning!');
  await expect.poll(() => bubblesTo(from)).toHaveLength(1);
  await simulator.model({ answers: [OFFER] });
  await simulator.failDelivery(BAKERY, from, 131_000);
  await say(from, 'A loaf of bread, please.');
  await expect.poll(() => bubblesTo(from)).toHaveLength(3);
  const [, offer, again] = await bubblesTo(from);
  expect(offer).toMatchObject({ choices: CHOICES });
  expect(again).toMatchObject({ text: 'Which *bread*?\n\n1. Rye\n2. Wheat', choices: undefined });
});

test('of two messages the answer quotes the one that it is about', async () => {
  const { simulator, stack, customer } = scenario();
  const from = customer();
  await simulator.model({ answers: [{ kind: 'text', text: 'Until six.', fields: { quotes: 1 } }] });
  const messages = [
    { id: 'wamid.ROLLS', from, text: 'Are there any rolls left?' },
    { id: 'wamid.HOURS', from, text: 'And until when are you open?' },
  ];
  await postWebhook(stack.url, textWebhook(BAKERY, messages));
  await expect.poll(() => bubblesTo(from)).toHaveLength(1);
  expect(await bubblesTo(from)).toMatchObject([{ text: 'Until six.', quotes: 'wamid.HOURS' }]);
  expect(scenario().leaks()).toEqual([]);
});
