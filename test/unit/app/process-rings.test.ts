import { expect, test } from 'vitest';
import { QueueRefusedError } from '#adapters/sqs/queue.ts';
import { commandMessage } from '#domain/conversation/command.ts';
import { aChat, aTenant, aTextMessage } from '#test/support/builders.ts';
import { aRing, ChatWorld } from '#test/support/chat-world.ts';
import { modelFails } from '#test/support/peers.ts';

const RETRY = modelFails({ class: 'retry', code: 'openai:503' });

test('a finished chat gives its rings back at once, while a slow one is still worked', async () => {
  const world = new ChatWorld();
  const slow = aTextMessage('slow', { from: '34600000001' });
  const fast = aTextMessage('fast', { from: '34600000002' });
  await world.accept(slow, fast);
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  world.model.next.push(async () => {
    await released;
    return RETRY;
  });
  const batch = world.process([aRing(slow), aRing(fast)]);
  await expect
    .poll(() => world.ringBox.finished.map(({ messageId }) => messageId))
    .toEqual([aRing(fast).messageId]);
  release();
  expect(await batch).toEqual([aRing(slow).messageId]);
});

test('several rings of one chat are one turn', async () => {
  const world = new ChatWorld();
  const messages = [aTextMessage('a'), aTextMessage('b'), aTextMessage('c')];
  await world.accept(...messages);
  expect(await world.process(messages.map((message) => aRing(message)))).toEqual([]);
  expect(world.texts).toEqual(['You said: a / b / c']);
});

test('a failing chat keeps its own rings only', async () => {
  const world = new ChatWorld();
  const bad = aTextMessage('bad', { from: '34600000001' });
  const good = aTextMessage('good', { from: '34600000002' });
  await world.accept(bad, good);
  world.model.next.push(RETRY);
  expect(await world.process([aRing(bad), aRing(good)])).toEqual([aRing(bad).messageId]);
  expect(world.ringBox.deferred).toMatchObject([{ receiptHandle: aRing(bad).receiptHandle }]);
  expect(world.texts).toEqual(['You said: good']);
});

test('on its last receive a healthy ring is left to the sweeper instead of the dead-letter queue', async () => {
  const world = new ChatWorld();
  const message = aTextMessage('hello');
  await world.accept(message);
  world.model.next.push(RETRY);
  expect(await world.process([aRing(message, { receiveCount: 10 })])).toEqual([]);
  expect(world.ringBox.dead).toEqual([]);
  expect(world.outcomes()).toEqual(['unfinished']);
});

/** Every call that shows the model a text with this word in it breaks us. */
function breakOn(world: ChatWorld, word: string): void {
  const reply = world.model.reply.bind(world.model);
  world.model.reply = async (request) => {
    if (request.conversation.at(-1)?.text.includes(word)) throw new TypeError('unexpected');
    const isAmong = request.conversation.some(({ text }) => text.includes(word));
    if (isAmong && request.conversation.length > 1) throw new TypeError('unexpected');
    return reply(request);
  };
}

test('a message that always breaks us is parked on its second try, and its customer is told once', async () => {
  const world = new ChatWorld();
  const message = aTextMessage('poison');
  await world.accept(message);
  breakOn(world, 'poison');
  expect(await world.process([aRing(message)])).toEqual([aRing(message).messageId]);
  expect(world.ringBox.deferred[0]?.delayMs).toBeLessThanOrEqual(2_000);
  expect(await world.process([aRing(message, { receiveCount: 2 })])).toEqual([]);
  expect(world.outcomes()).toEqual(['parked']);
  expect(world.ringBox.dead).toMatchObject([
    { parking: { reason: 'bug', class: 'bug', peer: 'concierge', code: 'TypeError', attempts: 2 } },
  ]);
  expect(world.texts).toEqual([aTenant().fallbackText]);
  // Neither try failed the function itself: this is all that tells.
  expect(world.metrics.counts.get('ChatsFailed')).toBe(2);
});

test('a poison message does not keep its chat’s other messages from being answered', async () => {
  const world = new ChatWorld();
  const messages = ['before', 'poison', 'after', 'another poison', 'last'].map((text, second) =>
    aTextMessage(text, { timestamp: String(1_790_400_000 + second) }),
  );
  await world.accept(...messages);
  breakOn(world, 'poison');
  await world.process(messages.map((message) => aRing(message, { receiveCount: 2 })));
  expect(world.outcomes()).toEqual(['answered', 'parked', 'answered', 'parked', 'answered']);
  expect(world.texts).toEqual([
    'You said: before',
    aTenant().fallbackText,
    'You said: after',
    'You said: last',
  ]);
});

test('what breaks us from the history does not keep new messages from being answered', async () => {
  const world = new ChatWorld();
  const [poison, next] = [aTextMessage('poison'), aTextMessage('hello')];
  await world.accept(poison);
  world.model.next.push(modelFails({ class: 'reply-anyway', code: 'openai:refusal' }));
  await world.process([aRing(poison)]);
  expect(world.outcomes()).toEqual(['apologised']);
  breakOn(world, 'poison');
  await world.accept(next);
  await world.process([aRing(next, { receiveCount: 2 })]);
  expect(world.texts).toEqual([aTenant().fallbackText, 'You said: hello']);
  expect(world.ringBox.dead).toEqual([]);
});

test('the turn that another worker has begun meanwhile is not set aside for a bug of ours', async () => {
  const world = new ChatWorld();
  const message = aTextMessage('hello');
  await world.accept(message);
  const breaks = async () => Promise.reject(new TypeError('unexpected'));
  world.model.next.push(breaks, async () => {
    world.sender.next.push(() => ({ kind: 'ambiguous', code: 'timeout' }));
    await world.process([aRing(message, { receiveCount: 3 })]);
    return breaks();
  });
  await world.process([aRing(message, { receiveCount: 2 })]);
  const { openTurn } = await world.store.readHead(aChat());
  expect(openTurn?.parts.map(({ delivery }) => delivery.kind)).toEqual(['sending']);
  expect(world.outcomes()).toEqual(['unfinished']);
});

test('an open turn whose record breaks us is closed without it', async () => {
  const world = new ChatWorld();
  const message = aTextMessage('hello');
  await world.accept(message);
  world.store.recordOutbound = async () => Promise.reject(new TypeError('unexpected'));
  await world.process([aRing(message)]);
  await world.process([aRing(message, { receiveCount: 2 })]);
  expect((await world.store.readHead(aChat())).openTurn).toBeUndefined();
  expect(world.outcomes()).toEqual(['answered']);
  expect(world.texts).toEqual(['You said: hello']);
});

test('a command that always breaks us is parked, and the customer, who wrote nothing, hears nothing', async () => {
  const world = new ChatWorld();
  const by = { id: 'c-1', atMs: world.clock.now() };
  const command = commandMessage(aChat(), { kind: 'take', by: 'ana' }, by);
  await world.accept(command);
  world.store.accept = async () => {
    throw new TypeError('unexpected');
  };
  for (const receiveCount of [1, 2]) await world.process([aRing(command, { receiveCount })]);
  expect(world.commandOutcomes()).toEqual(['parked']);
  expect(world.texts).toEqual([]);
});

test('a table that is unwell is waited for, and no message is parked for it', async () => {
  const world = new ChatWorld();
  const message = aTextMessage('hello');
  await world.accept(message);
  const { memories } = world.store;
  const readWithHead = memories.readWithHead.bind(memories);
  const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
  memories.readWithHead = async () => Promise.reject(throttled);
  expect(await world.process([aRing(message, { receiveCount: 5 })])).toHaveLength(1);
  // Perhaps it is parked, which cannot be seen now: its last ring is left to the queue.
  expect(await world.process([aRing(message, { receiveCount: 10 })])).toHaveLength(1);
  expect(world.ringBox.finished).toEqual([]);
  expect(world.outcomes()).toEqual(['unfinished']);
  memories.readWithHead = readWithHead;
  await world.process([aRing(message)]);
  expect(world.outcomes()).toEqual(['answered']);
});

test('parked rings go to the dead-letter queue with the reason', async () => {
  const world = new ChatWorld();
  world.tenant = undefined;
  const message = aTextMessage('hello');
  await world.accept(message);
  expect(await world.process([aRing(message)])).toEqual([]);
  expect(world.ringBox.dead).toMatchObject([{ parking: { reason: 'unknown-phone-number' } }]);
  expect(world.outcomes(aChat())).toEqual(['parked']);
});

test('a chat that was answered stays answered when its rings cannot be deleted early', async () => {
  const world = new ChatWorld();
  const message = aTextMessage('hello');
  await world.accept(message);
  world.ringBox.done = async () => Promise.reject(new Error('queue is down'));
  expect(await world.process([aRing(message, { receiveCount: 10 })])).toEqual([]);
  expect(world.outcomes()).toEqual(['answered']);
  expect(world.ringBox.dead).toEqual([]);
});

test('while the dead letter of a parked message is not taken, its ring stays, the last time too', async () => {
  const world = new ChatWorld();
  world.tenant = aTenant({ status: 'suspended' });
  const message = aTextMessage('hello');
  await world.accept(message);
  world.ringBox.deadLetter = async () => {
    throw new QueueRefusedError('The dead-letter queue did not take a ring');
  };
  const ring = aRing(message, { receiveCount: 10 });
  expect(await world.process([ring])).toEqual([ring.messageId]);
  expect(world.ringBox.finished).toEqual([]);
  expect(world.outcomes()).toEqual(['parked']);
});

test('every parked message has a ring on the dead-letter queue, also one whose own ring is gone', async () => {
  const world = new ChatWorld();
  const older = aTextMessage('older', { timestamp: '1790400000' });
  const newer = aTextMessage('newer', { timestamp: '1790400001' });
  await world.accept(older, newer);
  const reply = world.model.reply;
  world.model.reply = async () => Promise.reject(new TypeError('unexpected'));
  await world.process([aRing(newer, { receiveCount: 10 })]);
  expect(world.outcomes()).toEqual(['parked', 'parked']);
  world.model.reply = reply;
  for (const { ring } of world.ringBox.dead) {
    await world.process([{ ...aRing(older), ring }]);
  }
  expect(world.outcomes()).toEqual(['answered', 'answered']);
});

test('the ring that was received most often tells how often a chat was tried', async () => {
  const world = new ChatWorld();
  const messages = [aTextMessage('a'), aTextMessage('b')];
  await world.accept(...messages);
  world.model.next.push(RETRY);
  const [first, second] = messages;
  if (!first || !second) throw new Error('unreachable');
  const kept = await world.process([aRing(first, { receiveCount: 10 }), aRing(second)]);
  expect(kept).toEqual([]);
});

test('a message that stays parked gets no second dead letter for each new message of its chat', async () => {
  const world = new ChatWorld();
  world.tenant = undefined;
  const first = aTextMessage('first', { timestamp: '1790400000' });
  await world.accept(first);
  await world.process([aRing(first)]);
  const second = aTextMessage('second', { timestamp: '1790400001' });
  await world.accept(second);
  await world.process([aRing(second)]);
  const dead = () => world.ringBox.dead.map(({ ring }) => ring.messageKey);
  expect(dead()).toEqual([aRing(first).ring.messageKey, aRing(second).ring.messageKey]);
  // The operator's redrive took the first one's dead letter away.
  await world.process([aRing(first)]);
  expect(dead()).toHaveLength(3);
});

test('poison is paid for no more once it is parked, whatever its neighbours wait for', async () => {
  const world = new ChatWorld();
  const poison = aTextMessage('poison', { timestamp: '1790400000' });
  const healthy = aTextMessage('healthy', { timestamp: '1790400001' });
  await world.accept(poison, healthy);
  const reply = world.model.reply.bind(world.model);
  const shown: string[] = [];
  world.model.reply = async (request) => {
    const text = request.conversation.map((each) => each.text).join();
    shown.push(text);
    if (text.includes('poison')) throw new TypeError('unexpected');
    return shown.length < 6 ? RETRY : reply(request);
  };
  let rings = [aRing(poison), aRing(healthy)];
  for (let receiveCount = 2; receiveCount < 8; receiveCount += 1) {
    const kept = await world.process(rings.map((ring) => ({ ...ring, receiveCount })));
    rings = rings.filter(({ messageId }) => kept.includes(messageId));
  }
  expect(world.outcomes()).toEqual(['parked', 'answered']);
  expect(shown.filter((text) => text.includes('poison')).length).toBeLessThanOrEqual(2);
  expect(world.ringBox.dead).toHaveLength(1);
});
