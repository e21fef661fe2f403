import { expect, test } from 'vitest';
import { evidenceWaitMs } from '#domain/conversation/turn.ts';
import { aChat, aTextMessage, present } from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';
import { answerTo, modelSays } from '#test/support/peers.ts';

const REFUSED = { kind: 'refused', failure: { class: 'retry', code: 'graph:131056' } } as const;

async function worldWithMessage(): Promise<ChatWorld> {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello'));
  return world;
}

test('a crash before the send costs nothing but time: the draft is sent, the model is not asked again', async () => {
  const world = await worldWithMessage();
  world.sender.next.push(() => 'crash-before');
  await expect(world.answer()).rejects.toThrow('crash');
  world.clock.advance(evidenceWaitMs(0));
  await world.answer();
  expect(world.texts).toEqual(['You said: hello']);
  expect(world.model.requests).toHaveLength(1);
});

test('a crash after the send is not followed by a second bubble once a status proves the first', async () => {
  const world = await worldWithMessage();
  world.sender.next.push(() => 'crash-after');
  await expect(world.answer()).rejects.toThrow('crash');
  const sent = present(world.sender.delivered[0]);
  await world.store.mergeDelivery({
    reference: sent.reference,
    wamid: 'wamid.PROVEN',
    status: 'delivered',
    atMs: world.clock.now(),
    errorCode: undefined,
    pricing: undefined,
  });
  expect(await world.answer()).toEqual({ kind: 'settled' });
  expect(world.texts).toHaveLength(1);
  expect(world.outcomes()).toEqual(['answered']);
});

test('an ambiguous part waits for evidence before it is sent again, and the resend is counted', async () => {
  const world = await worldWithMessage();
  world.sender.next.push(() => ({ kind: 'ambiguous', code: 'timeout' }));
  expect(await world.answer()).toMatchObject({ kind: 'deferred', cause: 'ambiguous' });
  world.clock.advance(evidenceWaitMs(0) - 1);
  expect(await world.answer()).toMatchObject({ kind: 'deferred', cause: 'awaiting-evidence' });
  expect(world.texts).toHaveLength(1);
  world.clock.advance(1);
  await world.answer();
  expect(world.texts).toHaveLength(2);
  expect(world.metrics.of('AmbiguousResends')).toBe(1);
});

test('what proves a part while its resend is being marked keeps it from going out again', async () => {
  const world = await worldWithMessage();
  world.sender.next.push(() => ({ kind: 'ambiguous', code: 'timeout' }));
  await world.answer();
  world.clock.advance(evidenceWaitMs(0));
  const readOutbound = world.store.readOutbound.bind(world.store);
  world.store.readOutbound = async (reference) => {
    world.store.readOutbound = readOutbound;
    const wasProven = await readOutbound(reference);
    // Who has sent it comes back after the look.
    const bubble = { reference, wamid: 'wamid.PROVEN', atMs: world.clock.now() };
    const status = { ...bubble, status: 'sent', errorCode: undefined, pricing: undefined };
    await world.store.mergeDelivery(status);
    return wasProven;
  };
  expect(await world.answer()).toEqual({ kind: 'settled' });
  expect(world.texts).toHaveLength(1);
  expect(world.metrics.of('AmbiguousResends')).toBe(0);
  expect(world.outcomes()).toEqual(['answered']);
});

test('a send that was certainly refused is tried again without waiting for evidence', async () => {
  const world = await worldWithMessage();
  world.sender.next.push(() => REFUSED);
  expect(await world.answer()).toMatchObject({ kind: 'deferred', cause: 'graph:131056' });
  await world.answer();
  expect(world.texts).toEqual(['You said: hello']);
});

test('a closed window is recorded with its code and not tried again', async () => {
  const world = await worldWithMessage();
  const failure = { class: 'give-up-here', code: 'graph:131047' } as const;
  world.sender.next.push(() => ({ kind: 'refused', failure }));
  expect(await world.answer()).toEqual({ kind: 'settled' });
  await world.answer();
  expect(world.texts).toEqual([]);
  expect(world.outcomes()).toEqual(['undeliverable']);
  expect(
    world.store.transcript(aChat()).find(({ direction }) => direction === 'out'),
  ).toMatchObject({
    refusedCode: 'graph:131047',
  });
});

test('the model is not told of a reply that the customer has never seen', async () => {
  const world = await worldWithMessage();
  const failure = { class: 'give-up-here', code: 'graph:131026' } as const;
  world.sender.next.push(() => ({ kind: 'refused', failure }));
  await world.answer();
  await world.accept(aTextMessage('again', { timestamp: '1790400009' }));
  await world.answer();
  expect(world.model.requests[1]?.conversation.map(({ text }) => text)).toEqual(['hello', 'again']);
});

test('a dead token parks the messages, and the paid draft goes out after the fix', async () => {
  const world = await worldWithMessage();
  const failure = { class: 'fix-needed', code: 'graph:190', remedy: 'token' } as const;
  world.sender.next.push(() => ({ kind: 'refused', failure }));
  expect(await world.answer()).toMatchObject({ kind: 'parked', parking: { reason: 'token' } });
  expect(world.outcomes()).toEqual(['parked']);
  await world.answer();
  expect(world.texts).toEqual(['You said: hello']);
  expect(world.model.requests).toHaveLength(1);
});

test('a worker that lost its chat stops without a word', async () => {
  const world = await worldWithMessage();
  world.model.next.push(async () => {
    await world.answer();
    return modelSays('the slow one');
  });
  expect(await world.answer()).toMatchObject({ kind: 'deferred', cause: 'fenced' });
  expect(world.texts).toEqual(['You said: hello']);
});

test('after a crash between two parts only the second one is sent', async () => {
  const world = await worldWithMessage();
  const text = `${'a'.repeat(4000)}\n\n${'b'.repeat(200)}`;
  world.model.next.push(modelSays(text));
  world.sender.next.push(
    () => ({ kind: 'sent', wamid: 'wamid.A' }),
    () => 'crash-before',
  );
  await expect(world.answer()).rejects.toThrow('crash');
  world.clock.advance(evidenceWaitMs(0));
  await world.answer();
  expect(world.texts).toEqual(['a'.repeat(4000), 'b'.repeat(200)]);
});

test('every part names its chat, turn and number', async () => {
  const world = await worldWithMessage();
  await world.answer();
  expect(world.sender.delivered[0]?.reference).toMatchObject({ chat: aChat(), part: 0 });
});

test('proof of an earlier try is not forgotten when the resend was refused', async () => {
  const world = await worldWithMessage();
  world.sender.next.push(
    () => ({ kind: 'ambiguous', code: 'timeout' }),
    () => REFUSED,
  );
  await world.answer();
  world.clock.advance(evidenceWaitMs(0));
  expect(await world.answer()).toMatchObject({ cause: 'graph:131056' });
  await world.store.mergeDelivery({
    reference: present(world.sender.delivered[0]).reference,
    wamid: 'wamid.PROVEN',
    status: 'delivered',
    atMs: world.clock.now(),
    errorCode: undefined,
    pricing: undefined,
  });
  await world.answer();
  expect(world.texts).toHaveLength(1);
  expect(world.outcomes()).toEqual(['answered']);
});

test('each resend makes the next wait for proof longer', async () => {
  const world = await worldWithMessage();
  const lost = () => ({ kind: 'ambiguous', code: 'timeout' }) as const;
  world.sender.next.push(lost, lost);
  await world.answer();
  world.clock.advance(60_000);
  await world.answer();
  world.clock.advance(60_000);
  expect(await world.answer()).toMatchObject({ cause: 'awaiting-evidence' });
  world.clock.advance(60_000);
  await world.answer();
  expect(world.texts).toHaveLength(3);
});

test('sends nothing when there is no time left to record it', async () => {
  const world = await worldWithMessage();
  world.model.next.push(async (request) => {
    world.remainingMs = 500;
    return answerTo(request);
  });
  expect(await world.answer()).toMatchObject({ kind: 'deferred', cause: 'out-of-time' });
  expect(world.texts).toEqual([]);
  world.remainingMs = 40_000;
  await world.answer();
  expect(world.texts).toEqual(['You said: hello']);
  expect(world.model.requests).toHaveLength(1);
});

test('gives up after four resends without proof, and flags the chat for a person', async () => {
  const world = await worldWithMessage();
  world.sender.next.push(
    ...Array.from({ length: 9 }, () => () => ({ kind: 'ambiguous', code: 'timeout' }) as const),
  );
  for (let look = 0; look < 12; look += 1) {
    await world.answer();
    world.clock.advance(15 * 60_000);
  }
  expect(world.texts).toHaveLength(5);
  expect(world.outcomes()).toEqual(['undeliverable']);
  expect((await world.store.readHead(aChat())).flag).toBe('undeliverable');
});

test('tries nothing once WhatsApp’s window has closed', async () => {
  const world = await worldWithMessage();
  world.sender.next.push(() => REFUSED);
  await world.answer();
  world.clock.advance(24 * 3_600_000);
  await world.answer();
  expect(world.texts).toEqual([]);
  expect(world.outcomes()).toEqual(['undeliverable']);
  const { messages } = await world.store.readRecent(aChat(), { limit: 5, keys: [] });
  expect(messages).toContainEqual(expect.objectContaining({ refusedCode: 'window-closed' }));
});

test('a customer who has had too many messages is left alone ever longer', async () => {
  const world = await worldWithMessage();
  const failure = { class: 'retry', code: 'graph:131056', isOfThePair: true } as const;
  world.sender.next.push(...[0, 1, 2].map(() => () => ({ kind: 'refused', failure }) as const));
  const waits = [await world.answer(), await world.answer(), await world.answer()];
  expect(waits.map((outcome) => 'delayMs' in outcome && outcome.delayMs)).toEqual([
    1_000, 4_000, 16_000,
  ]);
  await world.answer();
  expect(world.texts).toEqual(['You said: hello']);
});

test('a reply that does not fit the pair budget waits as a whole, before its first part', async () => {
  const world = await worldWithMessage();
  const head = await world.store.readHead(aChat());
  const spentMs = world.clock.now() + 44 * 6_000;
  await world.store.saveHead(aChat(), { ...head, pairPaidUpToMs: spentMs });
  world.model.next.push(modelSays('a'.repeat(9_000)));
  expect(await world.answer()).toEqual({
    kind: 'deferred',
    delayMs: 12_000,
    cause: 'pair-budget',
  });
  expect(world.texts).toEqual([]);
  world.clock.advance(12_000);
  await world.answer();
  expect(world.texts).toHaveLength(3);
});

test('a reply of two parts costs two writes of the head: the draft, and the first part sent', async () => {
  const world = await worldWithMessage();
  world.model.next.push(modelSays(`${'a'.repeat(4_000)}\n\n${'b'.repeat(200)}`));
  await world.answer();
  expect(world.texts).toHaveLength(2);
  expect((await world.store.readHead(aChat())).version).toBe(2);
});

test('a chat is counted as active once a day of its customer’s messages', async () => {
  const world = new ChatWorld();
  const active = async (hours: number) => {
    const at = String(1_790_400_000 + hours * 3600);
    world.clock.advance(hours * 3_600_000 + 1_790_400_000_000 - world.clock.now());
    await world.accept(aTextMessage(`hour ${hours}`, { id: `wamid.${hours}`, timestamp: at }));
    await world.answer();
    return world.metrics.of('ChatsActive');
  };
  expect([await active(0), await active(1), await active(24), await active(25)]).toEqual([
    1, 1, 2, 2,
  ]);
});

test('what a turn came to, how long it took and what the model cost is logged for sums', async () => {
  const world = await worldWithMessage();
  await world.answer();
  const lineOf = (event: string) => world.log.lines.find((line) => line.event === event)?.fields;
  expect(lineOf('model_called')).toMatchObject({ kind: 'answer', cost: expect.any(Number) });
  expect(lineOf('bubble_sent')).toMatchObject({ part: 0, bubbleId: 'a bubble' });
  expect(lineOf('turn_closed')).toMatchObject({ kind: 'reply', bubbles: 1, messages: 1 });
  expect(lineOf('turn_closed')?.['waitedMs']).toBeGreaterThanOrEqual(0);
});
