import { expect, test } from 'vitest';
import { keepTyping } from '#app/keep-typing.ts';
import type { ReadReceipt } from '#app/ports/message-sender.ts';
import { aTextMessage } from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';
import { answerTo, modelFails } from '#test/support/peers.ts';

/** Lets everything go on that waits for nothing but its turn. */
const soon = () => new Promise((resolve) => setImmediate(resolve));

test('while the model thinks for long the customer sees that somebody types, and not after it', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello', { id: 'wamid.ONE' }));
  world.model.next.push(async (request) => {
    await soon();
    expect(world.sender.read).toEqual(['wamid.ONE']);
    world.pauses.end();
    await soon();
    expect(world.sender.read).toEqual(['wamid.ONE', 'wamid.ONE']);
    return answerTo(request);
  });
  await world.answer();
  world.pauses.end();
  await soon();
  expect(world.sender.read).toHaveLength(2);
  expect(world.texts).toHaveLength(1);
  // Well before WhatsApp takes the indicator away.
  expect(world.pauses.begun.every((durationMs) => durationMs < 25_000)).toBe(true);
});

test('after a wait and with a new draft it is shown again, each time for the newest message', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('one', { id: 'wamid.ONE' }));
  world.model.next.push(modelFails({ class: 'retry', code: 'openai:503' }));
  expect(await world.answer()).toMatchObject({ kind: 'deferred' });
  world.model.next.push(async (request) => {
    await world.accept(aTextMessage('two', { id: 'wamid.TWO', timestamp: '1790400003' }));
    return answerTo(request);
  });
  await world.answer(undefined, { attempt: 2 });
  expect(world.sender.read).toEqual(['wamid.ONE', 'wamid.ONE', 'wamid.TWO']);
});

test('an indicator that is on its way when the answer comes is waited for, and none follows', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello'));
  const order: string[] = [];
  let arrive = () => {};
  world.sender.showTyping = async ({ timeoutMs }: ReadReceipt) => {
    expect(timeoutMs).toBeLessThanOrEqual(2_500);
    await new Promise<void>((resolve) => {
      arrive = resolve;
    });
    order.push('typing');
    return true;
  };
  world.sender.next.push(() => {
    order.push('reply');
    return { kind: 'sent', wamid: 'wamid.OUT1' };
  });
  const answered = world.answer();
  await soon();
  expect(order).toEqual([]);
  arrive();
  await answered;
  expect(order).toEqual(['typing', 'reply']);
});

test('that it cannot be shown changes nothing', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello'));
  world.sender.showTyping = async () => false;
  await world.answer();
  expect(world.texts).toEqual(['You said: hello']);
});

test('it is not shown for ever', async () => {
  const world = new ChatWorld();
  const message = aTextMessage('hello');
  await world.accept(message);
  let isOver = false;
  world.model.next.push(async (request) => {
    for (let time = 0; time < 10; time += 1) {
      await soon();
      world.pauses.end();
    }
    isOver = true;
    return answerTo(request);
  });
  await world.answer();
  expect(isOver).toBe(true);
  expect(world.sender.read).toHaveLength(3);
});

test('nobody is shown anything where nothing is to be answered', async () => {
  const world = new ChatWorld();
  const over = new AbortController();
  const nothing = { work: {}, tenant: {}, pending: { toAnswer: [] } };
  await keepTyping(nothing as never, over.signal, { sender: world.sender, pauses: world.pauses });
  expect(world.sender.read).toEqual([]);
});
