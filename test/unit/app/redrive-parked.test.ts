import { expect, test } from 'vitest';
import type { Ring } from '#app/ports/queues.ts';
import { type RedriveProgress, redriveParked } from '#app/redrive-parked.ts';
import { inboundKey } from '#domain/conversation/message.ts';
import type { InboundMessage } from '#domain/whatsapp/inbound-message.ts';
import { aMessage, aParking } from '#test/support/builders.ts';
import { aRing, ChatWorld } from '#test/support/chat-world.ts';

/** What the processor makes of the rings while the operator waits. */
type Work = (world: ChatWorld, messages: readonly InboundMessage[]) => Promise<unknown>;

async function redrive(messages: readonly InboundMessage[], work: Work, world = new ChatWorld()) {
  await world.accept(...messages);
  for (const message of messages) {
    await world.store.park(message.chat, [inboundKey(message)], aParking('token'));
  }
  const progress: RedriveProgress[] = [];
  const startedMs = world.clock.now();
  let isWorked = false;
  const redriven = await redriveParked(
    await world.store.listParked(),
    {
      parked: world.store,
      bell: world.bell,
      clock: world.clock,
      patienceMs: 90_000,
      pause: async (ms) => {
        world.clock.advance(ms);
        if (!isWorked) await work(world, messages);
        isWorked = true;
      },
    },
    (step) => progress.push(step),
  );
  return { redriven, progress, world, tookMs: world.clock.now() - startedMs };
}

const answerAll: Work = (world, messages) => world.process(messages.map((each) => aRing(each)));

test('rings for each message, oldest first, under a number that was never used', async () => {
  const messages = [aMessage(), aMessage(), aMessage()];
  const world = new ChatWorld();
  const number = world.clock.now();
  const { redriven } = await redrive(messages, answerAll, world);
  expect(world.bell.rings).toEqual(
    messages.map(({ chat, ...message }) => ({
      chat,
      messageKey: inboundKey(message),
      number,
      correlationId: 'request-1',
    })),
  );
  expect(redriven.fates).toEqual(new Map([['answered', 3]]));
  expect(redriven.notRung).toEqual([]);
});

test('goes on as soon as everything is answered, and tells how far it is', async () => {
  const { progress, tookMs } = await redrive([aMessage(), aMessage()], answerAll);
  expect(tookMs).toBeLessThan(1_000);
  expect(progress[0]).toEqual({ step: 'rung', done: 2, of: 2, worked: 0 });
  expect(progress.at(-1)).toEqual({ step: 'settled', done: 2, of: 2, worked: 0 });
});

test('is answered once, however often it is redriven', async () => {
  const world = new ChatWorld();
  const message = aMessage();
  await redrive([message], answerAll, world);
  await answerAll(world, [message]);
  await redriveParked(
    await world.store.listParked(),
    {
      parked: world.store,
      bell: world.bell,
      clock: world.clock,
      patienceMs: 0,
      pause: async () => {},
    },
    () => {},
  );
  expect(world.texts).toHaveLength(1);
  expect(world.bell.rings).toHaveLength(1);
});

test('waits for nothing that does not change', async () => {
  const { redriven, tookMs } = await redrive([aMessage()], async () => {});
  expect(redriven.fates).toEqual(new Map([['parked', 1]]));
  expect(tookMs).toBe(15_000);
});

test('knows at once that a message was tried and parked again', async () => {
  const { redriven, tookMs } = await redrive([aMessage()], async (world, [message]) => {
    if (!message) return;
    const keys = [inboundKey(message)];
    await world.store.resume(message.chat, keys);
    const readFate = world.store.readFate.bind(world.store);
    world.store.readFate = async (...args) => {
      const read = await readFate(...args);
      await world.store.park(message.chat, keys, aParking('token'));
      return read;
    };
  });
  expect(redriven.fates).toEqual(new Map([['parked', 1]]));
  expect(tookMs).toBeLessThan(5_000);
});

test('waits longer for what is being worked, and then leaves it to the sweeper', async () => {
  const { redriven, progress, tookMs } = await redrive([aMessage()], async (world, [message]) => {
    if (message) await world.store.resume(message.chat, [inboundKey(message)]);
  });
  expect(redriven.fates).toEqual(new Map([['unfinished', 1]]));
  expect(progress.at(-1)).toEqual({ step: 'settled', done: 0, of: 1, worked: 1 });
  expect(tookMs).toBeGreaterThanOrEqual(90_000);
});

test('tells what the queue did not take, and stops when it takes nothing', async () => {
  const world = new ChatWorld();
  world.bell.isDown = true;
  const messages = Array.from({ length: 200 }, () => aMessage());
  const { redriven, progress } = await redrive(messages, answerAll, world);
  expect(redriven.notRung).toHaveLength(200);
  expect(redriven.rung).toEqual([]);
  expect(progress).toEqual([{ step: 'rung', done: 0, of: 200, worked: 0 }]);
});

test('rings for the others where the queue refused some', async () => {
  const world = new ChatWorld();
  const messages = Array.from({ length: 100 }, () => aMessage());
  const [refused] = messages;
  const ring = world.bell.ring.bind(world.bell);
  world.bell.ring = async (rings: readonly Ring[]) => {
    const lost = rings.filter(({ messageKey }) => refused && messageKey === inboundKey(refused));
    await ring(rings.filter((each) => !lost.includes(each)));
    return lost;
  };
  const { redriven } = await redrive(messages, answerAll, world);
  expect(redriven.notRung.map(({ key }) => key)).toEqual(refused && [inboundKey(refused)]);
  expect(world.bell.rings).toHaveLength(99);
});

test('tells apart messages of two chats that have the same id', async () => {
  const world = new ChatWorld();
  const twins = ['34600111001', '34600111002'].map((from) => aMessage({ id: 'wamid.TWIN', from }));
  // The queue takes the first ring only.
  world.bell.ring = async (rings) => rings.slice(1);
  const { redriven } = await redrive(twins, answerAll, world);
  expect(redriven.rung.map(({ chat }) => chat.contact)).toEqual(['34600111001']);
  expect(redriven.notRung.map(({ chat }) => chat.contact)).toEqual(['34600111002']);
});
