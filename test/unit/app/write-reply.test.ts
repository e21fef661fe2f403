import { expect, test } from 'vitest';
import type { OutgoingMessage, SendResult } from '#app/ports/message-sender.ts';
import type { Answer } from '#domain/conversation/answer.ts';
import type { Choices } from '#domain/conversation/choices.ts';
import { exportedItem } from '#operator/archive-view.ts';
import { aChat, aTextMessage } from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';
import { modelSays } from '#test/support/peers.ts';

const YES_OR_NO: Choices = {
  kind: 'buttons',
  buttons: [
    { id: 'yes', title: 'Yes' },
    { id: 'no', title: 'No' },
  ],
};

/** The customer has written twice. */
async function worldThatSays(text: string, fields: Partial<Answer> = {}): Promise<ChatWorld> {
  const world = new ChatWorld();
  await world.accept(
    aTextMessage('Any rolls left?', { id: 'wamid.ROLLS', timestamp: '1790400001' }),
    aTextMessage('And are you open?', { id: 'wamid.OPEN', timestamp: '1790400002' }),
  );
  world.model.next.push(modelSays(text, fields));
  return world;
}

function refusedWith(code: string, isOfTheForm?: true): () => SendResult {
  return () => ({ kind: 'refused', failure: { class: 'give-up-here', code, isOfTheForm } });
}

function sentBy({ sender }: ChatWorld): readonly Partial<OutgoingMessage>[] {
  return sender.delivered.map(({ text, choices, quotes }) => ({ text, choices, quotes }));
}

test('what the model writes in Markdown is sent as WhatsApp shows it, and the model sees its own again', async () => {
  const world = await worldThatSays('**Two** left:\n\n- rye\n- ~~wheat~~');
  await world.answer();
  expect(world.texts).toEqual(['*Two* left:\n- rye\n- ~wheat~']);
  await world.accept(aTextMessage('Thanks', { timestamp: '1790400009' }));
  await world.answer();
  expect(world.model.requests[1]?.conversation[2]).toEqual({
    role: 'assistant',
    text: '**Two** left:\n- rye\n- ~~wheat~~',
  });
});

test('words that are only notation are said all the same', async () => {
  const world = await worldThatSays('#');
  await world.answer();
  expect(world.texts).toEqual(['#']);
});

test('choices are offered beneath the reply, and kept in words', async () => {
  const world = await worldThatSays('Shall I?', { choices: YES_OR_NO });
  await world.answer();
  expect(sentBy(world)).toEqual([{ text: 'Shall I?', choices: YES_OR_NO, quotes: undefined }]);
  const [bubble] = world.store.transcript(aChat()).filter(({ direction }) => direction === 'out');
  expect(bubble).toMatchObject({ text: 'Shall I?\n\n1. Yes\n2. No' });
});

test('of several messages the reply quotes the one that the model names, and none that there is not', async () => {
  const world = await worldThatSays('Until six.', { quotes: 1 });
  await world.answer();
  expect(sentBy(world)).toMatchObject([{ quotes: 'wamid.OPEN' }]);
  for (const quotes of [2, -1, 0.5]) {
    const other = await worldThatSays('Until six.', { quotes });
    await other.answer();
    expect(sentBy(other)).toMatchObject([{ quotes: undefined }]);
  }
});

test('a message alone is not quoted', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('Are you open?'));
  world.model.next.push(modelSays('Until six.', { quotes: 0 }));
  await world.answer();
  expect(sentBy(world)).toMatchObject([{ quotes: undefined }]);
});

test('a reply whose form WhatsApp refuses goes out as its words, once, in the same try', async () => {
  const world = await worldThatSays('Shall I?', { choices: YES_OR_NO, quotes: 0 });
  world.sender.next.push(refusedWith('graph:131009', true));
  expect(await world.answer()).toEqual({ kind: 'settled' });
  expect(sentBy(world)).toEqual([
    { text: 'Shall I?\n\n1. Yes\n2. No', choices: undefined, quotes: undefined },
  ]);
  expect(world.outcomes()).toEqual(['answered', 'answered']);
  expect(world.metrics.of('BubblesMadePlain')).toBe(1);
});

test('a list that is refused becomes as many texts as its words need', async () => {
  const rows = Array.from({ length: 10 }, (_, at) => ({
    id: `${at}`,
    title: `Row ${at}`,
    description: 'x'.repeat(72),
  }));
  const sections = [{ title: undefined, rows }];
  const text = 'Many words. '.repeat(330).trim();
  const choices: Choices = { kind: 'list', button: 'Rows', sections };
  const world = await worldThatSays(text, { choices });
  world.sender.next.push(refusedWith('graph:100', true));
  await world.answer();
  expect(world.texts).toHaveLength(2);
  expect(world.texts.join('\n')).toContain(`10. Row 9 – ${'x'.repeat(72)}`);
  expect(world.outcomes()).toEqual(['answered', 'answered']);
});

test('a plain text that is refused the same way is given up', async () => {
  const world = await worldThatSays('Until six.');
  world.sender.next.push(refusedWith('graph:100', true));
  await world.answer();
  expect(world.texts).toEqual([]);
  expect(world.outcomes()).toEqual(['undeliverable', 'undeliverable']);
});

test('so is a reply with choices to somebody who has no WhatsApp', async () => {
  const world = await worldThatSays('Shall I?', { choices: YES_OR_NO });
  world.sender.next.push(refusedWith('graph:131026'));
  await world.answer();
  expect(world.texts).toEqual([]);
  expect(world.outcomes()).toEqual(['undeliverable', 'undeliverable']);
});

test('the language of the answer is kept, and an answer that names none changes nothing', async () => {
  const world = await worldThatSays('Bis sechs.', { language: 'de-de' });
  await world.answer();
  expect((await world.store.readHead(aChat())).language).toBe('de-DE');
  await world.accept(aTextMessage('Danke', { timestamp: '1790400009' }));
  world.model.next.push(modelSays('Gern!', { language: 'no language' }));
  await world.answer();
  expect((await world.store.readHead(aChat())).language).toBe('de-DE');
});

test('an export has what could be tapped', async () => {
  const world = await worldThatSays('Shall I?', { choices: YES_OR_NO });
  world.sender.next.push(() => 'crash-before');
  await expect(world.answer()).rejects.toThrow('crash');
  const head = await world.store.readHead(aChat());
  const exported = exportedItem({ kind: 'head', key: 'HEAD', head });
  expect(exported).toMatchObject({ openTurn: { parts: [{ choices: YES_OR_NO }] } });
});
