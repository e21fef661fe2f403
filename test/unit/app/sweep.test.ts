import { expect, test } from 'vitest';
import { sweep } from '#app/sweep.ts';
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

test('parks what nothing helps, so that it is seen', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello'));
  for (let hour = 0; hour < 40; hour += 1) {
    world.clock.advance(60 * 60_000);
    await sweepOf(world);
  }
  expect(world.outcomes(aChat())).toEqual(['parked']);
  expect(world.metrics.of('MessagesParked')).toBe(1);
});
