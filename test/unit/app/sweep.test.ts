import { expect, test } from 'vitest';
import type { Ring } from '#app/ports/queues.ts';
import { sweep } from '#app/sweep.ts';
import { idleMessage } from '#domain/conversation/command.ts';
import { inboundKey } from '#domain/conversation/message.ts';
import { aChat, aTextMessage } from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';

const RING_AFTER_MS = 120_000;

function sweepOf(world: ChatWorld): Promise<void> {
  const { store, bell, clock, log, metrics } = world;
  return sweep({ unfinished: store, bell, clock, log, metrics, ringAfterMs: RING_AFTER_MS });
}

test('leaves a fresh message to its own ring', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello'));
  world.clock.advance(RING_AFTER_MS);
  await sweepOf(world);
  expect(world.bell.rings).toEqual([]);
});

test('rings again for a message that stayed, under a number that the queue has not seen', async () => {
  const world = new ChatWorld();
  const message = aTextMessage('hello');
  await world.accept(message);
  world.clock.advance(RING_AFTER_MS + 1);
  await sweepOf(world);
  expect(world.bell.rings).toMatchObject([{ messageKey: inboundKey(message), number: 1 }]);
});

test('rings ever more rarely', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello'));
  for (let minute = 0; minute < 60; minute += 1) {
    world.clock.advance(60_000);
    await sweepOf(world);
  }
  expect(world.bell.rings.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
});

test('does not ring for what is answered, and counts what waits', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('answered'));
  await world.answer();
  await world.accept(aTextMessage('waiting', { timestamp: '1790400009' }));
  world.clock.advance(RING_AFTER_MS + 1);
  await sweepOf(world);
  expect(world.bell.rings).toHaveLength(1);
  expect(world.metrics.of('UnfinishedMessages')).toBe(1);
});

test('many that sit out their pause do not hide one that is due', async () => {
  const world = new ChatWorld();
  await world.accept(
    ...Array.from({ length: 1_500 }, (_, each) => aTextMessage('x', { from: `34${each + 100}` })),
  );
  for (let minute = 0; minute < 60; minute += 1) {
    world.clock.advance(60_000);
    await sweepOf(world);
  }
  const lost = aTextMessage('its ring was lost', { from: '999' });
  await world.accept(lost);
  world.clock.advance(RING_AFTER_MS + 1);
  await sweepOf(world);
  expect(world.bell.rings.map(({ messageKey }) => messageKey)).toContain(inboundKey(lost));
});

test('a chat of ten thousand messages costs one ring, and hides no other', async () => {
  const world = new ChatWorld();
  await world.accept(
    ...Array.from({ length: 10_500 }, () => aTextMessage('flood', { from: '34600111001' })),
  );
  world.clock.advance(1_000);
  const lost = aTextMessage('its ring was lost', { from: '999' });
  await world.accept(lost);
  world.clock.advance(RING_AFTER_MS + 1);
  await sweepOf(world);
  expect(world.bell.rings).toHaveLength(2);
  expect(world.bell.rings.map(({ messageKey }) => messageKey)).toContain(inboundKey(lost));
  expect(world.metrics.of('UnfinishedMessages')).toBe(10_501);
  expect(world.metrics.of('MessagesRungAgain')).toBe(2);
});

test('rings ever more rarely for a chat, however many wait in it', async () => {
  const world = new ChatWorld();
  await world.accept(...Array.from({ length: 50 }, () => aTextMessage('waits')));
  for (let minute = 0; minute < 60; minute += 1) {
    world.clock.advance(60_000);
    await sweepOf(world);
  }
  expect(world.bell.rings).toHaveLength(4);
});

test('names each message of a chat in its turn, since one may be out of sight of the others', async () => {
  const world = new ChatWorld();
  const messages = ['one', 'two', 'three'].map((text) => aTextMessage(text));
  await world.accept(...messages);
  for (let minute = 0; minute < 30; minute += 1) {
    world.clock.advance(60_000);
    await sweepOf(world);
  }
  const named = world.bell.rings.map(({ messageKey }) => messageKey);
  expect(named.toSorted()).toEqual(messages.map(inboundKey).toSorted());
});

test('rings soon for a message that came after the chat’s last ring', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('stuck'));
  for (let hour = 0; hour < 10; hour += 1) {
    world.clock.advance(60 * 60_000);
    await sweepOf(world);
  }
  world.clock.advance(1_000);
  const later = aTextMessage('later');
  await world.accept(later);
  world.clock.advance(RING_AFTER_MS + 1);
  await sweepOf(world);
  expect(world.bell.rings.at(-1)?.messageKey).toBe(inboundKey(later));
});

test('tells how much waits even when its rings cannot be counted', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello'));
  world.clock.advance(RING_AFTER_MS + 1);
  world.store.countRing = async () => Promise.reject(new Error('throttled'));
  await expect(sweepOf(world)).rejects.toThrow('throttled');
  expect(world.metrics.of('UnfinishedMessages')).toBe(1);
});

test('does not count a ring that the queue did not take', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello'));
  world.clock.advance(RING_AFTER_MS + 1);
  world.bell.isDown = true;
  await sweepOf(world);
  expect(world.metrics.of('MessagesRungAgain')).toBe(0);
  world.bell.isDown = false;
  await sweepOf(world);
  expect(world.bell.rings).toMatchObject([{ number: 1 }]);
});

test('never gives a message up', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello'));
  for (let hour = 0; hour < 100; hour += 1) {
    world.clock.advance(60 * 60_000);
    await sweepOf(world);
  }
  expect(world.bell.rings.length).toBeGreaterThan(90);
  expect(world.outcomes(aChat())).toEqual(['unfinished']);
});

test('tells apart messages of two chats that have the same id', async () => {
  const world = new ChatWorld();
  const twin = { id: 'wamid.TWIN' };
  await world.accept(
    aTextMessage('one', { ...twin, from: '34600111001' }),
    aTextMessage('other', { ...twin, from: '34600111002' }),
  );
  world.clock.advance(RING_AFTER_MS + 1);
  const { store: unfinished, clock, log, metrics } = world;
  // The queue takes the first ring only.
  const bell = { ring: async (rings: readonly Ring[]) => rings.slice(1) };
  await sweep({ unfinished, bell, clock, log, metrics, ringAfterMs: RING_AFTER_MS });
  expect(world.metrics.of('MessagesRungAgain')).toBe(1);
});

test('a timer is rung when it is due, and is nothing that waits too long', async () => {
  const world = new ChatWorld();
  const dueMs = world.clock.now() + 60 * 60_000;
  const message = idleMessage(aChat(), 3, dueMs);
  await world.store.accept([{ message, acceptedAtMs: dueMs, position: 0, correlationId: 'timer' }]);
  world.clock.advance(59 * 60_000);
  await sweepOf(world);
  expect(world.bell.rings).toEqual([]);
  world.clock.advance(60_000 + RING_AFTER_MS + 1);
  await sweepOf(world);
  expect(world.bell.rings).toMatchObject([{ messageKey: inboundKey(message) }]);
  expect(world.metrics.of('TimersRung')).toBe(1);
  expect(world.metrics.of('MessagesRungAgain')).toBe(0);
  expect(world.metrics.of('UnfinishedMessages')).toBe(0);
  // One that is rung in vain is.
  world.clock.advance(10 * 60_000);
  await sweepOf(world);
  expect(world.metrics.of('MessagesRungAgain')).toBe(1);
  expect(world.metrics.of('UnfinishedMessages')).toBe(1);
});
