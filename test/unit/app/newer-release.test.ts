import { expect, test } from 'vitest';
import { NewerVersionError } from '#adapters/dynamodb/stored-record.ts';
import { aTextMessage } from '#test/support/builders.ts';
import { aRing, ChatWorld } from '#test/support/chat-world.ts';

/** A chat whose last message was written by a release that is not known here. */
async function aWorld() {
  const world = new ChatWorld();
  const [known, later] = [aTextMessage('known'), aTextMessage('of a later release')];
  await world.accept(known, later);
  const readRecent = world.store.readRecent.bind(world.store);
  world.store.readRecent = async (chat, wanted) => {
    const { messages, ...rest } = await readRecent(chat, wanted);
    const newer = messages.filter(
      (each) => each.direction === 'in' && each.message.wamid === later.wamid,
    );
    const open = newer.filter(
      (each) => each.direction === 'in' && each.progress.kind === 'unfinished',
    );
    return {
      ...rest,
      messages: messages.filter((each) => !newer.includes(each)),
      newer: open.map(({ key }) => key),
    };
  };
  return { world, rings: [aRing(known), aRing(later)] };
}

test('a chat waits for the release that can read all of it, and nothing of it is parked', async () => {
  const { world, rings } = await aWorld();
  expect(await world.process(rings)).toHaveLength(2);
  expect(world.ringBox.deferred).toMatchObject([{ delayMs: 45_000 }, { delayMs: 45_000 }]);
  expect(world.texts).toEqual([]);
  expect(world.outcomes()).toEqual(['unfinished', 'unfinished']);
  expect(world.metrics.counts.get('ChatsFailed')).toBeUndefined();
});

test('what a release left behind that was taken back is parked in the end, and the rest is answered', async () => {
  const { world, rings } = await aWorld();
  await world.process(rings.map((ring) => ({ ...ring, receiveCount: 9 })));
  expect(world.texts).toEqual(['You said: known']);
  expect(world.outcomes()).toEqual(['answered', 'parked']);
});

test('a head of a later release is a reason to try again, and no bug', async () => {
  const world = new ChatWorld();
  const message = aTextMessage('hello');
  await world.accept(message);
  world.store.memories.readWithHead = async () => {
    throw new NewerVersionError('Item … / HEAD has version 9');
  };
  expect(await world.process([aRing(message, { receiveCount: 3 })])).toHaveLength(1);
  expect(world.ringBox.deferred).toHaveLength(1);
  expect(world.metrics.counts.get('ChatsFailed')).toBeUndefined();
  expect(world.outcomes()).toEqual(['unfinished']);
});
