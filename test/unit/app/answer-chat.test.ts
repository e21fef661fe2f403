import { expect, test } from 'vitest';
import { newHead } from '#domain/conversation/head.ts';
import { inboundKey } from '#domain/conversation/message.ts';
import { DEFAULT_HAND_OVER } from '#domain/tenant/handover-settings.ts';
import { aChat, aMessage, aParking, aTenant, aTextMessage } from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';
import { answerTo, modelFails, modelSays } from '#test/support/peers.ts';

const RETRY = { class: 'retry', code: 'openai:503' } as const;

test('answers everything unanswered in one bubble, in the order of Meta timestamps', async () => {
  const world = new ChatWorld();
  await world.accept(
    aTextMessage('second', { timestamp: '1790400002' }),
    aTextMessage('first', { timestamp: '1790400001' }),
  );
  expect(await world.answer()).toEqual({ kind: 'settled' });
  expect(world.texts).toEqual(['You said: first / second']);
  expect(world.outcomes()).toEqual(['answered', 'answered']);
});

test('keeps the order of arrival within one second', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('a', { id: 'wamid.Z' }), aTextMessage('b', { id: 'wamid.A' }));
  await world.answer();
  expect(world.texts).toEqual(['You said: a / b']);
});

test('says nothing when the bell rings for what is answered', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello'));
  await world.answer();
  expect(await world.answer()).toEqual({ kind: 'settled' });
  expect(world.texts).toHaveLength(1);
  expect(world.model.requests).toHaveLength(1);
});

test('gives the model what was said before, and the new messages last', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('one'));
  await world.answer();
  await world.accept(aTextMessage('two', { timestamp: '1790400005' }));
  await world.answer();
  expect(world.model.requests[1]?.conversation).toEqual([
    { role: 'customer', text: 'one' },
    { role: 'assistant', text: 'You said: one' },
    { role: 'customer', text: 'two' },
  ]);
});

test('replaces the draft when the customer writes on before it is sent', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('I want'));
  world.model.next.push(async (request) => {
    await world.accept(aTextMessage('two loaves', { timestamp: '1790400003' }));
    return answerTo(request);
  });
  await world.answer();
  expect(world.texts).toEqual(['You said: I want / two loaves']);
  expect(world.model.requests).toHaveLength(2);
});

test('marks the newest message as read, also when the customer writes on', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('one', { id: 'wamid.ONE' }));
  world.model.next.push(async (request) => {
    await world.accept(aTextMessage('two', { id: 'wamid.TWO', timestamp: '1790400003' }));
    return answerTo(request);
  });
  await world.answer();
  expect(world.sender.read).toEqual(['wamid.ONE', 'wamid.TWO']);
});

test('replaces a draft at most twice, and answers the rest in the next turn', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('0'));
  for (const body of ['1', '2', '3']) {
    world.model.next.push(async (request) => {
      await world.accept(aTextMessage(body, { timestamp: `179040000${body}` }));
      return answerTo(request);
    });
  }
  await world.answer();
  await world.answer();
  expect(world.texts).toEqual(['You said: 0 / 1 / 2', 'You said: 3']);
});

test('an older message that arrives late is answered in a turn of its own', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('new', { timestamp: '1790400009' }));
  await world.answer();
  await world.accept(aTextMessage('late', { timestamp: '1790400001' }));
  await world.answer();
  expect(world.texts).toEqual(['You said: new', 'You said: late']);
});

test('records a reaction and an unknown type without an answer', async () => {
  const world = new ChatWorld();
  await world.accept(
    aMessage({ type: 'reaction', reaction: { message_id: 'wamid.OUT1', emoji: '👍' } }),
    aMessage({ type: 'hologram', hologram: {} }),
  );
  expect(await world.answer()).toEqual({ kind: 'settled' });
  expect(world.texts).toEqual([]);
  expect(world.outcomes()).toEqual(['recorded', 'recorded']);
});

test('sends to the phone number where one is known, else to the user id', async () => {
  const world = new ChatWorld();
  await world.accept(aMessage({ from: undefined, from_user_id: 'ES.9021' }));
  await world.answer(aChat('ES.9021'));
  expect(world.sender.delivered[0]?.recipient).toEqual({ waId: undefined, userId: 'ES.9021' });
});

test('a long reply goes out as ordered parts', async () => {
  const world = new ChatWorld();
  const long = `${'a'.repeat(3000)}\n\n${'b'.repeat(3000)}`;
  world.model.next.push(modelSays(long));
  await world.accept(aTextMessage('tell me everything'));
  await world.answer();
  expect(world.texts).toEqual(['a'.repeat(3000), 'b'.repeat(3000)]);
});

test('waits and tries again while the model is unwell', async () => {
  const world = new ChatWorld();
  world.model.next.push(modelFails(RETRY));
  await world.accept(aTextMessage('hello'));
  expect(await world.answer()).toMatchObject({ kind: 'deferred', cause: 'openai:503' });
  expect(world.texts).toEqual([]);
  await world.answer();
  expect(world.texts).toEqual(['You said: hello']);
});

test('sends the fallback once the answer deadline has passed, without asking the model', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello'));
  world.clock.advance(180_000);
  expect(await world.answer()).toEqual({ kind: 'settled' });
  expect(world.texts).toEqual([aTenant().fallbackText]);
  expect(world.model.requests).toEqual([]);
  expect(world.outcomes()).toEqual(['apologised']);
  expect((await world.store.readHead(aChat())).flag).toBe('fallback-sent');
});

test('parks messages of a number that nobody has, and answers them after the fix', async () => {
  const world = new ChatWorld();
  world.tenant = undefined;
  await world.accept(aTextMessage('hello'));
  expect(await world.answer()).toMatchObject({
    kind: 'parked',
    parking: { reason: 'unknown-phone-number' },
  });
  expect(world.outcomes()).toEqual(['parked']);
  world.tenant = aTenant();
  await world.answer();
  expect(world.texts).toEqual(['You said: hello']);
});

test('parks messages of a suspended tenant', async () => {
  const world = new ChatWorld();
  world.tenant = aTenant({ status: 'suspended' });
  await world.accept(aTextMessage('hello'));
  expect(await world.answer()).toMatchObject({
    kind: 'parked',
    parking: { reason: 'tenant-suspended' },
  });
  expect(world.model.requests).toEqual([]);
});

test('what a bug parked comes back only when a ring names it', async () => {
  const world = new ChatWorld();
  const message = aTextMessage('poison');
  await world.accept(message);
  await world.store.park(aChat(), [inboundKey(message)], aParking('bug'));
  await world.answer();
  expect(world.texts).toEqual([]);
  await world.answer(aChat(), { rung: [inboundKey(message)] });
  expect(world.texts).toEqual(['You said: poison']);
});

test('finds an unanswered message far back in the chat when a ring names it', async () => {
  const world = new ChatWorld();
  const later = Array.from({ length: 60 }, (_, index) =>
    aMessage({ type: 'reaction', reaction: {}, timestamp: String(1790400100 + index) }),
  );
  await world.accept(...later);
  await world.answer();
  const late = aTextMessage('from long ago', { timestamp: '1790400001' });
  await world.accept(late);
  await world.answer(aChat(), { rung: [inboundKey(late)] });
  expect(world.texts).toEqual(['You said: from long ago']);
});

test('leaves a chat to the person who took it over', async () => {
  const world = new ChatWorld();
  const head = await world.store.readHead(aChat());
  await world.store.saveHead(aChat(), { ...head, state: 'human' });
  await world.accept(aTextMessage('hello'));
  await world.answer();
  expect(world.texts).toEqual([]);
  expect(world.outcomes()).toEqual(['handed-over']);
});

test('an answer that is paid for is sent when the next one cannot be had', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('one'));
  world.model.next.push(
    async (request) => {
      await world.accept(aTextMessage('two', { timestamp: '1790400002' }));
      return answerTo(request);
    },
    modelFails({ class: 'reply-anyway', code: 'openai:refusal' }),
  );
  await world.answer();
  await world.answer();
  expect(world.texts).toEqual(['You said: one', 'You said: two']);
});

test('an answer that is paid for is sent when there is no time to ask again', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('one'));
  world.model.next.push(async (request) => {
    await world.accept(aTextMessage('two', { timestamp: '1790400002' }));
    world.remainingMs = 2_000;
    return answerTo(request);
  });
  await world.answer();
  expect(world.texts).toEqual(['You said: one']);
  expect(world.model.requests).toHaveLength(1);
});

test('does not ask the model when there is no time to use its answer', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('one'));
  world.remainingMs = 2_000;
  expect(await world.answer()).toMatchObject({ kind: 'deferred', cause: 'out-of-time' });
  expect(world.model.requests).toEqual([]);
});

test('waits no longer than until the answer deadline', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('one'));
  world.clock.advance(175_000);
  world.model.next.push(modelFails({ ...RETRY, retryAfterMs: 60_000 }));
  expect(await world.answer()).toMatchObject({ kind: 'deferred', delayMs: 5_000 });
});

test('a model that needs the operator is told apart, and the customer is not left waiting', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('one'));
  world.model.next.push(modelFails({ class: 'fix-needed', code: 'openai:insufficient_quota' }));
  await world.answer();
  expect(world.texts).toEqual([aTenant().fallbackText]);
  expect(world.metrics.of('ModelUnusable')).toBe(1);
});

test('a parked message that is tried again is watched over by the sweeper', async () => {
  const world = new ChatWorld();
  const message = aTextMessage('hello');
  await world.accept(message);
  await world.store.park(aChat(), [inboundKey(message)], aParking('token'));
  world.model.next.push(modelFails(RETRY));
  await world.answer();
  expect(world.outcomes()).toEqual(['unfinished']);
});

test('asks the model three times at most for one reply, wherever a process dies', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello'));
  world.model.reply = async (request) => {
    world.model.requests.push(request);
    throw new Error('the process dies');
  };
  for (let attempt = 1; attempt <= 6; attempt += 1) {
    await world.answer(aChat(), { attempt }).catch(() => undefined);
  }
  expect(world.model.requests).toHaveLength(3);
  expect(world.texts).toEqual([aTenant().fallbackText]);
  expect(world.outcomes()).toEqual(['apologised']);
});

test('a call that failed is not counted against the next one', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello'));
  world.model.next.push(...Array.from({ length: 8 }, () => modelFails(RETRY)));
  for (let attempt = 1; attempt <= 8; attempt += 1) await world.answer(aChat(), { attempt });
  await world.answer(aChat(), { attempt: 9 });
  expect(world.texts).toEqual(['You said: hello']);
});

test('a fresh message on its first try costs no write before the model is asked', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello'));
  world.model.next.push(async (request) => {
    expect((await world.store.readHead(aChat())).version).toBe(0);
    return answerTo(request);
  });
  await world.answer();
  expect(world.texts).toEqual(['You said: hello']);
});

test.each([
  ['after a wait for the customer to write on, the first call is as free', 'hi', 0],
  ['where nobody waited, the earlier try may have asked', 'What does a loaf cost?', 1],
])('%s', async (_, text, writes) => {
  const world = new ChatWorld();
  world.tenant = aTenant({ burstWait: { kind: 'adaptive' } });
  await world.accept(aTextMessage(text));
  const earlierTry = { atMs: world.clock.now() + 100 };
  world.clock.advance(2_500);
  world.model.next.push(async (request) => {
    expect((await world.store.readHead(aChat())).version).toBe(writes);
    return answerTo(request);
  });
  await world.answer(aChat(), { attempt: 2, earlierTry });
  expect(world.texts).toEqual([`You said: ${text}`]);
});

test('who reads slowly waits for the customer all the same, as whoever comes next infers', async () => {
  const world = new ChatWorld();
  world.tenant = aTenant({ burstWait: { kind: 'adaptive' } });
  await world.accept(aTextMessage('hi'));
  const readRecent = world.store.readRecent.bind(world.store);
  world.store.readRecent = (...wanted) => {
    world.clock.advance(2_500);
    return readRecent(...wanted);
  };
  expect(await world.answer()).toMatchObject({ kind: 'waiting' });
  expect(world.model.requests).toEqual([]);
});

test('a worker that lost its chat does not even ask the model', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello'));
  world.store.saveHead = async () => 'stale';
  expect(await world.answer(aChat(), { attempt: 2 })).toMatchObject({ cause: 'fenced' });
  expect(world.model.requests).toEqual([]);
});

test('the fallback is not said over and over', async () => {
  const world = new ChatWorld();
  world.tenant = aTenant({ handOver: { ...DEFAULT_HAND_OVER, afterFailures: 0 } });
  for (const second of [0, 1, 2]) {
    await world.accept(
      aTextMessage(`still down ${second}`, { timestamp: String(1_790_400_000 + second) }),
    );
    world.clock.advance(180_000);
    await world.answer();
  }
  expect(world.texts).toEqual([aTenant().fallbackText]);
  expect(world.outcomes()).toEqual(['apologised', 'handed-over', 'handed-over']);
  world.clock.advance(60 * 60_000);
  await world.accept(aTextMessage('hello?', { timestamp: '1790400005' }));
  world.clock.advance(180_000);
  await world.answer();
  expect(world.texts).toHaveLength(2);
});

test('an answer in between lets the next outage be told of', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('one'));
  world.clock.advance(180_000);
  await world.answer();
  await world.accept(aTextMessage('two', { timestamp: '1790400300' }));
  await world.answer();
  await world.accept(aTextMessage('three', { timestamp: '1790400600' }));
  world.clock.advance(180_000);
  await world.answer();
  expect(world.texts).toEqual([aTenant().fallbackText, 'You said: two', aTenant().fallbackText]);
});

test('what is older than twelve hours goes to a person, and what is fresh is answered', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('very late'));
  world.clock.advance(13 * 3_600_000);
  const now = String(Math.floor(world.clock.now() / 1_000));
  await world.accept(aTextMessage('fresh', { timestamp: now }));
  await world.answer();
  expect(world.outcomes()).toEqual(['handed-over', 'answered']);
  expect(world.texts).toEqual(['You said: fresh']);
  expect((await world.store.readHead(aChat())).flag).toBe('too-old');
});

test('waits whether the customer writes on, and answers everything then', async () => {
  const world = new ChatWorld();
  world.tenant = aTenant({ burstWait: { kind: 'adaptive' } });
  await world.accept(aTextMessage('hello'));
  expect(await world.answer()).toEqual({ kind: 'waiting', delayMs: 2_000 });
  world.clock.advance(1_500);
  await world.accept(aTextMessage('do you open on Sunday?', { timestamp: '1790400002' }));
  world.clock.advance(500);
  expect(await world.answer(aChat(), { attempt: 2 })).toMatchObject({ kind: 'waiting' });
  world.clock.advance(2_500);
  await world.answer(aChat(), { attempt: 3 });
  expect(world.texts).toEqual(['You said: hello / do you open on Sunday?']);
});

test('a tenant whose token is known to be dead costs no call to the model', async () => {
  const world = new ChatWorld();
  world.sendRefusal = {
    class: 'fix-needed',
    code: 'graph:190',
    remedy: 'token',
    retryAfterMs: 9_000,
  };
  const message = aTextMessage('hello');
  await world.accept(message);
  expect(await world.answer()).toMatchObject({
    kind: 'parked',
    parking: { reason: 'token', peer: 'graph', code: 'graph:190' },
  });
  expect(world.model.requests).toEqual([]);
  // The operator's redrive waits until a try is allowed, instead of being parked again unheard.
  expect(await world.answer(aChat(), { rung: [inboundKey(message)] })).toMatchObject({
    kind: 'deferred',
    delayMs: 9_000,
  });
  world.sendRefusal = undefined;
  await world.answer();
  expect(world.texts).toEqual(['You said: hello']);
});

test('a message that was parked for hours is answered by the model after its redrive', async () => {
  const world = new ChatWorld();
  world.tenant = aTenant({ status: 'suspended' });
  await world.accept(aTextMessage('hello'));
  await world.answer();
  world.tenant = aTenant();
  world.clock.advance(6 * 3_600_000);
  world.model.next.push(modelFails(RETRY));
  expect(await world.answer()).toMatchObject({ kind: 'deferred' });
  world.clock.advance(60_000);
  await world.answer();
  expect(world.texts).toEqual(['You said: hello']);
});

test('a call whose answer got lost may have been charged for, and counts', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello'));
  const lost = modelFails({ class: 'retry', code: 'openai:timeout', mayHaveCost: true });
  world.model.next.push(...Array.from({ length: 8 }, () => lost));
  for (let attempt = 1; attempt <= 5; attempt += 1) await world.answer(aChat(), { attempt });
  expect(world.model.requests).toHaveLength(3);
  expect(world.outcomes()).toEqual(['apologised']);
});

test('a notice of a new number moves nobody who is known by a user id', async () => {
  const world = new ChatWorld();
  const notice = aMessage({
    type: 'system',
    from_user_id: 'ES.1',
    system: { type: 'user_changed_number', wa_id: '34600999888' },
  });
  await world.accept(notice);
  await world.answer(notice.chat);
  expect((await world.store.readHead(notice.chat)).movedTo).toBeUndefined();
  expect(world.outcomes(notice.chat)).toEqual(['recorded']);
});

test('a chat that is left to a person is among those of its tenant', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('very late'));
  world.clock.advance(13 * 3_600_000);
  await world.answer();
  expect(await world.store.readHead(aChat())).toMatchObject({
    flag: 'too-old',
    tenantId: aTenant().id,
    lastMessageAtMs: 1_790_400_000_000,
  });
});

test('whoever is overtaken by another worker hands nothing over', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('very late'));
  world.clock.advance(13 * 3_600_000);
  world.store.saveHead = async () => 'stale';
  expect(await world.answer()).toMatchObject({ cause: 'fenced' });
  expect(world.outcomes()).toEqual(['unfinished']);
});

test('only a ring that names a parked message is a redrive', async () => {
  const world = new ChatWorld();
  const old = aTextMessage('old');
  await world.accept(old);
  await world.store.park(aChat(), [inboundKey(old)], aParking('token'));
  world.sendRefusal = { class: 'fix-needed', code: 'graph:190', remedy: 'token' };
  const fresh = aTextMessage('new', { timestamp: '1790400009' });
  await world.accept(fresh);
  expect(await world.answer(aChat(), { rung: [inboundKey(fresh)] })).toMatchObject({
    kind: 'parked',
    keys: [inboundKey(fresh)],
  });
});

test('what a person has is not parked for a dead token', async () => {
  const world = new ChatWorld();
  await world.store.saveHead(aChat(), { ...newHead(), state: 'human' });
  await world.accept(aTextMessage('hello'));
  world.sendRefusal = { class: 'fix-needed', code: 'graph:190', remedy: 'token' };
  await world.answer();
  expect(world.outcomes()).toEqual(['handed-over']);
});

test('an apology that WhatsApp refused does not hold the next one back', async () => {
  const world = new ChatWorld();
  const closed = { class: 'give-up-here', code: 'graph:131026' } as const;
  world.sender.next.push(() => ({ kind: 'refused', failure: closed }));
  for (const second of [0, 1]) {
    const timestamp = String(1_790_400_000 + second);
    await world.accept(aTextMessage(`late ${second}`, { timestamp }));
    world.clock.advance(180_000);
    await world.answer();
  }
  expect(world.texts).toEqual([aTenant().fallbackText]);
});
