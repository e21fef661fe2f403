import { expect, test } from 'vitest';
import { listParked } from '#app/list-parked.ts';
import { type Tidied, tidyDeadRings } from '#app/tidy-dead-rings.ts';
import { inboundKey } from '#domain/conversation/message.ts';
import type { InboundMessage } from '#domain/whatsapp/inbound-message.ts';
import { aMessage, aParking } from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';
import { InMemoryDeadLetterQueue } from '#test/support/dead-letter-queue.ts';

const NOTHING: Tidied = { removed: 0, rungAgain: 0, kept: 0, notTaken: 0, unreadable: 0 };

class OperatorWorld extends ChatWorld {
  readonly queue = new InMemoryDeadLetterQueue();

  tidy(...justRung: readonly InboundMessage[]): Promise<Tidied> {
    const { store, queue, bell, clock } = this;
    const deps = { parked: store, deadRings: queue, bell, clock };
    return tidyDeadRings(new Set(justRung.map(inboundKey)), deps);
  }

  list() {
    return listParked({ parked: this.store, deadRings: this.queue });
  }

  async park(message: InboundMessage): Promise<void> {
    await this.store.park(message.chat, [inboundKey(message)], aParking('token'));
  }

  async finish(message: InboundMessage): Promise<void> {
    const result = { outcome: 'answered', turnId: undefined } as const;
    await this.store.finish(message.chat, [inboundKey(message)], result);
  }
}

function messages(count: number, from = '34600111222'): readonly InboundMessage[] {
  return Array.from({ length: count }, () => aMessage({ from }));
}

test('removes the rings of what is finished, and of what is gone', async () => {
  const world = new OperatorWorld();
  const [answered, gone] = [aMessage(), aMessage({ from: '34600111333' })];
  await world.accept(answered);
  await world.finish(answered);
  for (const message of [answered, gone]) world.queue.addFor(message);
  expect(await world.tidy()).toEqual({ ...NOTHING, removed: 2 });
  expect(world.queue.size).toBe(0);
  expect(world.bell.rings).toEqual([]);
});

test('removes the ring of a message that is tried again: the sweeper watches over it', async () => {
  const world = new OperatorWorld();
  const message = aMessage();
  await world.accept(message);
  world.queue.addFor(message);
  expect(await world.tidy()).toEqual({ ...NOTHING, removed: 1 });
  expect(world.bell.rings).toEqual([]);
});

test('keeps the rings of what is parked, in sight', async () => {
  const world = new OperatorWorld();
  const parked = messages(3);
  await world.accept(...parked);
  for (const message of parked) {
    await world.park(message);
    world.queue.addFor(message);
  }
  expect(await world.tidy()).toEqual({ ...NOTHING, kept: 3 });
  expect(world.queue).toMatchObject({ size: 3, hiddenCount: 0 });
});

test('keeps the ring of a message that was rung and is still parked', async () => {
  const world = new OperatorWorld();
  const message = aMessage();
  await world.accept(message);
  await world.park(message);
  world.queue.addFor(message);
  expect(await world.tidy(message)).toEqual({ ...NOTHING, kept: 1 });
});

test('keeps one ring of a message that was parked again', async () => {
  const world = new OperatorWorld();
  const message = aMessage();
  await world.accept(message);
  await world.park(message);
  world.queue.addFor(message);
  world.queue.addFor(message);
  expect(await world.tidy(message)).toEqual({ ...NOTHING, removed: 1, kept: 1 });
  expect(world.queue.size).toBe(1);
});

test('rings again for what the queue itself gave up', async () => {
  const world = new OperatorWorld();
  const message = aMessage();
  await world.accept(message);
  world.queue.addFor(message, { isParked: false });
  expect(await world.tidy()).toEqual({ ...NOTHING, rungAgain: 1 });
  expect(world.bell.rings).toMatchObject([
    { messageKey: inboundKey(message), number: world.clock.now() },
  ]);
  expect(world.queue.size).toBe(0);
});

test('keeps what it cannot ring again for', async () => {
  const world = new OperatorWorld();
  const message = aMessage();
  await world.accept(message);
  world.queue.addFor(message, { isParked: false });
  world.bell.isDown = true;
  expect(await world.tidy()).toEqual({ ...NOTHING, notTaken: 1 });
  expect(world.queue).toMatchObject({ size: 1, hiddenCount: 0 });
});

test('keeps what no version up to this one wrote', async () => {
  const world = new OperatorWorld();
  world.queue.add('malformed');
  expect(await world.tidy()).toEqual({ ...NOTHING, unreadable: 1 });
  expect(world.queue.size).toBe(1);
});

test('reaches the rings that lie behind others of their chat', async () => {
  const world = new OperatorWorld();
  const [parked, ...answered] = messages(35);
  if (!parked) throw new Error('no message');
  await world.accept(parked, ...answered);
  await world.park(parked);
  for (const message of [parked, ...answered]) world.queue.addFor(message);
  for (const message of answered) await world.finish(message);
  expect(await world.tidy()).toEqual({ ...NOTHING, removed: 34, kept: 1 });
  expect(world.queue).toMatchObject({ size: 1, hiddenCount: 0 });
});

test('comes to the other chats although a chat’s rings all stay', async () => {
  const world = new OperatorWorld();
  const parked = messages(15);
  const answered = messages(3, '34600111333');
  await world.accept(...parked, ...answered);
  for (const message of parked) await world.park(message);
  for (const message of answered) await world.finish(message);
  for (const message of [...parked, ...answered]) world.queue.addFor(message);
  expect(await world.tidy()).toEqual({ ...NOTHING, removed: 3, kept: 10 });
  expect(world.queue).toMatchObject({ size: 15, hiddenCount: 0 });
});

test('ends although the queue shows again what is held', async () => {
  const world = new OperatorWorld();
  const message = aMessage();
  await world.accept(message);
  await world.park(message);
  world.queue.addFor(message);
  world.queue.forgetsHolds = true;
  expect(await world.tidy()).toEqual({ ...NOTHING, kept: 1 });
});

test('shows everything again when it cannot go on', async () => {
  const world = new OperatorWorld();
  const message = aMessage();
  await world.accept(message);
  world.queue.addFor(message);
  world.store.readFate = () => Promise.reject(new Error('the table is away'));
  await expect(world.tidy()).rejects.toThrow('the table is away');
  expect(world.queue).toMatchObject({ size: 1, hiddenCount: 0 });
});

test('a list tells what is parked, and how many rings are of nothing that is', async () => {
  const world = new OperatorWorld();
  const [parked, finished] = [aMessage(), aMessage({ from: '34600111333' })];
  await world.accept(parked, finished);
  await world.park(parked);
  await world.finish(finished);
  for (const message of [parked, finished]) world.queue.addFor(message);
  world.queue.add('malformed');
  const { messages: listed, rings } = await world.list();
  expect(listed.map(({ key }) => key)).toEqual([inboundKey(parked)]);
  expect(rings).toEqual({ seen: 3, ofNoParkedMessage: 2 });
  expect(world.queue).toMatchObject({ size: 3, hiddenCount: 0 });
});
