import { expect, test } from 'vitest';
import type { OutgoingMessage } from '#app/ports/message-sender.ts';
import { recordEvent } from '#app/record-event.ts';
import { writeCallbackData } from '#domain/conversation/callback-data.ts';
import { inboundKey, outboundKey } from '#domain/conversation/message.ts';
import { aChat, aTextMessage, PHONE_NUMBER_ID, present } from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';

/** Meta reports that a bubble which it had accepted was not delivered. */
async function reportFailure(
  world: ChatWorld,
  { reference }: OutgoingMessage,
  code: number,
  status = 'failed',
): Promise<void> {
  const { clock } = world;
  const payload = {
    id: `wamid.OUT${world.sender.delivered.length}`,
    status,
    timestamp: '1790400001',
    biz_opaque_callback_data: writeCallbackData(reference),
    errors: [{ code }],
  };
  await recordEvent(
    {
      kind: 'status',
      field: 'messages',
      accountId: undefined,
      phoneNumberId: PHONE_NUMBER_ID,
      payload,
      receivedAtMs: clock.now(),
      correlationId: 'request-2',
    },
    world.eventsDeps,
  );
}

async function worldWithReply(over: Record<string, unknown> = {}) {
  const world = new ChatWorld();
  const message = aTextMessage('hello', over);
  await world.accept(message);
  await world.answer(message.chat);
  return { world, message, sent: present(world.sender.delivered[0]) };
}

test('a bubble that could not be delivered for the moment is sent again, after its chat was rung', async () => {
  const { world, sent } = await worldWithReply();
  await reportFailure(world, sent, 131_000);
  const { turnId, part } = sent.reference;
  expect(world.bell.rings).toMatchObject([{ messageKey: outboundKey(turnId, part) }]);
  await world.answer();
  expect(world.texts).toEqual(['You said: hello', 'You said: hello']);
  expect(world.model.requests).toHaveLength(1);
  await world.answer();
  expect(world.texts).toHaveLength(2);
});

test('a text that fails again and again is left to a person', async () => {
  const { world } = await worldWithReply();
  for (let send = 0; send < 5; send += 1) {
    await reportFailure(world, present(world.sender.delivered.at(-1)), 131_000);
    await world.answer();
  }
  expect(world.texts).toHaveLength(3);
  expect((await world.store.readHead(aChat())).flag).toBe('undeliverable');
});

test('a failure that nobody here can mend flags the chat and sends nothing', async () => {
  const { world, sent } = await worldWithReply();
  await reportFailure(world, sent, 131_042);
  await world.answer();
  expect(world.texts).toHaveLength(1);
  expect((await world.store.readHead(aChat())).flag).toBe('undeliverable');
  expect(world.metrics.of('BubblesGivenUp')).toBe(1);
});

test('a customer who cannot be reached under one address is tried under the other', async () => {
  const { world, message, sent } = await worldWithReply({ from_user_id: 'ES.1' });
  expect(sent.recipient).toEqual({ waId: '34600111222', userId: 'ES.1' });
  await reportFailure(world, sent, 131_026);
  await world.answer(message.chat);
  expect(world.sender.delivered.at(-1)?.recipient).toEqual({ waId: undefined, userId: 'ES.1' });
});

test('a closed window is only recorded', async () => {
  const { world, sent } = await worldWithReply();
  await reportFailure(world, sent, 131_047);
  expect(world.bell.rings).toEqual([]);
  await world.answer();
  expect(world.texts).toHaveLength(1);
  expect((await world.store.readHead(aChat())).flag).toBeUndefined();
});

test('a bubble that was delivered is not sent again, whatever is said later', async () => {
  const { world, sent } = await worldWithReply();
  await reportFailure(world, sent, 0, 'delivered');
  await reportFailure(world, sent, 131_000);
  await world.answer();
  expect(world.texts).toHaveLength(1);
});

test('what the customer writes meanwhile is answered after the repeated bubble', async () => {
  const { world, sent } = await worldWithReply();
  await reportFailure(world, sent, 131_000);
  const next = aTextMessage('and tomorrow?', { timestamp: '1790400009' });
  await world.accept(next);
  await world.answer(aChat(), { rung: [inboundKey(next)] });
  expect(world.texts).toEqual(['You said: hello', 'You said: hello', 'You said: and tomorrow?']);
});

test('a repeated bubble that dies on the way is finished by the next try', async () => {
  const { world, sent } = await worldWithReply();
  await reportFailure(world, sent, 131_000);
  world.sender.next.push(() => 'crash-before');
  await expect(world.answer()).rejects.toThrow('crash');
  world.clock.advance(60_000);
  await world.answer();
  expect(world.texts).toHaveLength(2);
  const unfinished = await world.store.listUnfinished({
    acceptedBeforeMs: Number.POSITIVE_INFINITY,
    limit: 10,
  });
  expect(unfinished).toEqual([]);
});

test('a bubble of which two copies may be out is not sent a third time', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello'));
  world.sender.next.push(() => ({ kind: 'ambiguous', code: 'timeout' }));
  await world.answer();
  world.clock.advance(60_000);
  await world.answer();
  expect(world.texts).toHaveLength(2);
  await reportFailure(world, present(world.sender.delivered[0]), 131_000);
  await world.answer();
  expect(world.texts).toHaveLength(2);
  expect((await world.store.readHead(aChat())).flag).toBe('undeliverable');
});

test('too many messages are followed up by the sweeper, not at once', async () => {
  const { world, sent } = await worldWithReply();
  await reportFailure(world, sent, 131_056);
  expect(world.bell.rings).toEqual([]);
  const unfinished = await world.store.listUnfinished({
    acceptedBeforeMs: Number.POSITIVE_INFINITY,
    limit: 5,
  });
  expect(unfinished).toHaveLength(1);
});
