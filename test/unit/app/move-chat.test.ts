import { expect, test } from 'vitest';
import { type Command, commandMessage } from '#domain/conversation/command.ts';
import { tombstone } from '#domain/conversation/erasure.ts';
import { aChat, aMessage, aTextMessage } from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';
import { answerTo, modelSays } from '#test/support/peers.ts';

const PHONE = '34600111222';
const USER = 'ES.9021';

test('the first message with both ids links them: what was said under the phone number is remembered', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('I am Mira'));
  await world.answer(aChat(PHONE));
  await world.accept(aTextMessage('who am I?', { from_user_id: USER, timestamp: '1790400009' }));
  await world.answer(aChat(USER));
  expect(world.model.requests[1]?.conversation.map(({ text }) => text)).toEqual([
    'I am Mira',
    'You said: I am Mira',
    'who am I?',
  ]);
});

test('a later message with the phone number alone is answered in the chat of the user id', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello', { from_user_id: USER }));
  await world.answer(aChat(USER));
  await world.accept(aTextMessage('only my phone', { timestamp: '1790400009' }));
  await world.answer(aChat(PHONE));
  expect(world.outcomes(aChat(PHONE))).toEqual(['moved']);
  expect(world.bell.rings).toMatchObject([{ chat: { contact: USER } }]);
  await world.answer(aChat(USER));
  expect(world.texts).toEqual(['You said: hello', 'You said: only my phone']);
});

test('a system notice moves the record to the new id without losing what was said', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('before', { from: undefined, from_user_id: USER }));
  await world.answer(aChat(USER));
  const system = { type: 'user_changed_user_id', user_id: 'ES.777', previous_user_id: USER };
  await world.accept(
    aMessage({ from: undefined, type: 'system', system, timestamp: '1790400005' }),
  );
  expect(await world.answer(aChat(USER))).toEqual({ kind: 'settled' });
  await world.accept(
    aTextMessage('after', { from: undefined, from_user_id: 'ES.777', timestamp: '1790400009' }),
  );
  await world.answer(aChat('ES.777'));
  expect(world.model.requests[1]?.conversation.map(({ text }) => text)).toEqual([
    'before',
    'You said: before',
    'after',
  ]);
});

test('a contact that changes back and forth does not send messages in circles', async () => {
  const world = new ChatWorld();
  const notice = (from: string, to: string, timestamp: string) =>
    aMessage({
      from,
      type: 'system',
      system: { type: 'user_changed_number', wa_id: to },
      timestamp,
    });
  await world.accept(notice('346001', '346002', '1790400001'));
  await world.answer(aChat('346001'));
  await world.accept(notice('346002', '346001', '1790400002'));
  await world.answer(aChat('346002'));
  await world.accept(aTextMessage('home again', { from: '346001', timestamp: '1790400003' }));
  await world.answer(aChat('346001'));
  expect(world.texts).toEqual(['You said: home again']);
});

test('ids are linked by whichever message first carries both', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('no phone', { from: undefined, from_user_id: USER }));
  await world.answer(aChat(USER));
  await world.accept(aTextMessage('both', { from_user_id: USER, timestamp: '1790400002' }));
  await world.answer(aChat(USER));
  await world.accept(aTextMessage('phone only', { timestamp: '1790400003' }));
  await world.answer(aChat(PHONE));
  expect(world.outcomes(aChat(PHONE))).toEqual(['moved']);
});

test.each([
  ['one after the other', false],
  ['at once', true],
])(
  'what waits under the phone number joins the turn in its order, answered once, by workers %s',
  async (_, atOnce) => {
    const world = new ChatWorld();
    await world.accept(aTextMessage('one'));
    await world.accept(aTextMessage('two', { from_user_id: USER, timestamp: '1790400002' }));
    const chats = [aChat(USER), aChat(PHONE)];
    if (atOnce) await Promise.all(chats.map((chat) => world.answer(chat)));
    for (let round = 0; round < 3; round += 1) {
      for (const chat of chats) await world.answer(chat);
    }
    const covered = world.texts.flatMap((text) => text.replace('You said: ', '').split(' / '));
    expect(covered.sort()).toEqual(['one', 'two']);
  },
);

test('a message that the other inbox did not take stays where it is', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello', { from_user_id: USER }));
  await world.answer(aChat(USER));
  await world.accept(aTextMessage('only my phone', { timestamp: '1790400009' }));
  world.store.accept = async (arrivals) => arrivals.map(() => 'refused');
  expect(await world.answer(aChat(PHONE))).toMatchObject({ kind: 'deferred' });
  expect(world.outcomes(aChat(PHONE))).toEqual(['unfinished']);
});

test('a message in the other inbox is done with here, whether its bell rang or not', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello', { from_user_id: USER }));
  await world.answer(aChat(USER));
  await world.accept(aTextMessage('only my phone', { timestamp: '1790400009' }));
  world.bell.isDown = true;
  expect(await world.answer(aChat(PHONE))).toEqual({ kind: 'settled' });
  expect(world.outcomes(aChat(PHONE))).toEqual(['moved']);
  const unfinished = await world.store.listUnfinished({
    acceptedBeforeMs: Number.POSITIVE_INFINITY,
    limit: 5,
  });
  expect(unfinished).toMatchObject([{ chat: { contact: USER } }]);
});

test('what is on its way to a new number is not taken along by a link of ids as well', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('on its way'));
  const head = await world.store.readHead(aChat(PHONE));
  const [there] = [aChat('34600999888')];
  await world.store.saveHead(aChat(PHONE), {
    ...head,
    movedTo: there.contact,
    movedAtMs: world.clock.now(),
  });
  await world.accept(aTextMessage('it is me', { from_user_id: USER, timestamp: '1790400009' }));
  expect(await world.answer(aChat(USER))).toMatchObject({ cause: 'other-chat-busy' });
  expect(world.bell.rings).toMatchObject([{ chat: { contact: PHONE } }]);
  await world.answer(aChat(PHONE));
  await world.answer(there);
  await world.answer(aChat(USER));
  expect((await world.store.readHead(aChat(PHONE))).movedTo).toBe(there.contact);
  expect(world.texts).toEqual(['You said: on its way', 'You said: it is me']);
});

test('a turn that is open under the phone number is finished there first, and its bell is rung', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('one'));
  const failure = { class: 'fix-needed', code: 'graph:190', remedy: 'token' } as const;
  world.sender.next.push(() => ({ kind: 'refused', failure }));
  await world.answer(aChat(PHONE));
  await world.accept(aTextMessage('two', { from_user_id: USER, timestamp: '1790400002' }));
  expect(await world.answer(aChat(USER))).toMatchObject({ cause: 'other-chat-busy' });
  expect(world.bell.rings).toMatchObject([{ chat: { contact: PHONE } }]);
  await world.answer(aChat(PHONE));
  await world.answer(aChat(USER));
  expect(world.texts).toEqual(['You said: one', 'You said: two']);
});

test('a person who had the chat keeps it when its ids are linked', async () => {
  const world = new ChatWorld();
  const head = await world.store.readHead(aChat(PHONE));
  await world.store.saveHead(aChat(PHONE), { ...head, state: 'human' });
  await world.accept(aTextMessage('hello', { from_user_id: USER }));
  await world.answer(aChat(USER));
  expect(world.texts).toEqual([]);
  expect((await world.store.readHead(aChat(USER))).state).toBe('human');
});

test('a person who never comes back gives the chat back, also where it was erased under that id', async () => {
  const world = new ChatWorld();
  const { clock, store } = world;
  await store.saveHead(aChat(USER), tombstone(0, clock.now()));
  for (let writes = 0; writes < 5; writes += 1) {
    const { version } = await store.readHead(aChat(USER));
    await store.saveHead(aChat(USER), tombstone(version, clock.now()));
  }
  clock.advance(1_000);
  const command = { kind: 'take', by: 'ana' } as const;
  await world.accept(commandMessage(aChat(PHONE), command, { id: 'c-1', atMs: clock.now() }));
  await world.answer(aChat(PHONE));
  clock.advance(60_000);
  const timestamp = String(clock.now() / 1_000);
  await world.accept(aTextMessage('hello', { from_user_id: USER, timestamp }));
  await world.answer(aChat(USER));
  clock.advance(60_000);
  await world.answer(aChat(USER));
  expect(world.outcomes(aChat(USER))).toEqual(['handed-over']);
  clock.advance(12 * 3_600_000);
  await world.answer(aChat(USER));
  expect(world.texts).toEqual(['You said: hello']);
});

test('a person who gave the chat back under the new id has not got it when the contact comes back', async () => {
  const world = new ChatWorld();
  const [here, there] = [aChat('346001'), aChat('346002')];
  const now = () => String(world.clock.now() / 1_000);
  const want = async (chat: typeof here, kind: 'take' | 'release') => {
    world.clock.advance(1_000);
    const command: Command = { kind, by: 'ana' };
    await world.accept(commandMessage(chat, command, { id: kind, atMs: world.clock.now() }));
    await world.answer(chat);
  };
  const move = async (from: string, to: string) => {
    world.clock.advance(1_000);
    const system = { type: 'user_changed_number', wa_id: to };
    await world.accept(aMessage({ from, type: 'system', system, timestamp: now() }));
    await world.answer(aChat(from));
  };
  await want(here, 'take');
  await move('346001', '346002');
  await want(there, 'release');
  await move('346002', '346001');
  world.clock.advance(1_000);
  await world.accept(aTextMessage('hello', { from: '346001', timestamp: now() }));
  await world.answer(here);
  expect(world.texts).toEqual(['You said: hello']);
});

test('what a person left unanswered goes along to the new id, and so does what they want to say', async () => {
  const world = new ChatWorld();
  const take = { kind: 'take', by: 'ana' } as const;
  await world.accept(aTextMessage('where is it?', { timestamp: '1790400001' }));
  const said = (id: string, command: Command) =>
    world.accept(commandMessage(aChat(PHONE), command, { id, atMs: world.clock.now() }));
  await said('c-1', take);
  await world.answer(aChat(PHONE));
  expect(world.outcomes(aChat(PHONE))).toEqual(['handed-over']);
  const system = { type: 'user_changed_number', wa_id: USER };
  await world.accept(aMessage({ type: 'system', system, timestamp: '1790400004' }));
  const content = { kind: 'text', text: 'On its way.' } as const;
  world.clock.advance(6_000);
  expect(await world.answer(aChat(PHONE))).toMatchObject({ cause: 'taking-along' });
  await world.answer(aChat(PHONE));
  await said('c-2', { kind: 'say', by: 'ana', content });
  await world.answer(aChat(PHONE));
  expect(world.outcomes(aChat(PHONE))).toEqual(['moved', 'recorded']);
  expect(world.commandOutcomes(aChat(PHONE))).toEqual(['recorded', 'moved']);
  const next = aChat(USER);
  await world.answer(next);
  expect(world.texts).toEqual(['On its way.']);
  expect(await world.store.readHead(next)).toMatchObject({
    state: 'human',
    handOver: { by: 'ana' },
  });
  expect(world.outcomes(next)).toEqual(['handed-over']);
  expect(world.commandOutcomes(next)).toEqual(['answered']);
});

test('what a person left unanswered under the phone number is theirs under the user id', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('one', { timestamp: '1790400001' }));
  const command = { kind: 'take', by: 'ana' } as const;
  const atMs = world.clock.now();
  await world.accept(commandMessage(aChat(PHONE), command, { id: 'c-1', atMs }));
  await world.answer(aChat(PHONE));
  await world.accept(aTextMessage('two', { from_user_id: USER, timestamp: '1790400009' }));
  await world.answer(aChat(USER));
  const { state, handOver } = await world.store.readHead(aChat(USER));
  expect([state, handOver?.kept.length]).toEqual(['human', 2]);
  const release = { kind: 'release', by: 'ana' } as const;
  const message = commandMessage(aChat(USER), release, { id: 'c-2', atMs: atMs + 60_000 });
  await world.accept(message);
  await world.answer(aChat(USER));
  expect(world.texts).toEqual(['You said: one / two']);
});

test('what waited under the old number is answered to the new one', async () => {
  const world = new ChatWorld();
  const system = { type: 'user_changed_number', wa_id: '346002' };
  await world.accept(
    aTextMessage('question', { from: '346001' }),
    aMessage({ from: '346001', type: 'system', timestamp: '1790400005', system }),
  );
  await world.answer(aChat('346001'));
  await world.answer(aChat('346002'));
  expect(world.sender.delivered).toMatchObject([{ recipient: { waId: '346002' } }]);
});

test('an older notice does not undo a newer one', async () => {
  const world = new ChatWorld();
  const notice = (from: string, to: string, timestamp: string) => {
    const system = { type: 'user_changed_user_id', user_id: to, previous_user_id: from };
    return aMessage({ from: undefined, type: 'system', timestamp, system });
  };
  await world.accept(notice('ES.1', 'ES.2', '1790400001'), notice('ES.2', 'ES.3', '1790400002'));
  await world.answer(aChat('ES.2'));
  await world.answer(aChat('ES.1'));
  expect((await world.store.readHead(aChat('ES.2'))).movedTo).toBe('ES.3');
});

test('a notice waits for the turn that is open under the new id', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hi', { from: '346002' }));
  const system = { type: 'user_changed_number', wa_id: '346002' };
  await world.accept(aMessage({ from: '346001', type: 'system', timestamp: '1790400005', system }));
  world.sender.next.push(() => ({ kind: 'ambiguous', code: 'timeout' }));
  await world.answer(aChat('346002'));
  const before = await world.store.readHead(aChat('346002'));
  expect(await world.answer(aChat('346001'))).toMatchObject({ cause: 'other-chat-busy' });
  expect(await world.store.readHead(aChat('346002'))).toEqual(before);
});

test('a notice waits for what is on its way from the new id to a third, which is answered once', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello', { from_user_id: USER }));
  await world.answer(aChat(USER));
  await world.accept(aTextMessage('on its way', { timestamp: '1790400003' }));
  const { moveAway } = world.store;
  world.store.moveAway = async () => {
    throw new Error('the table is busy');
  };
  await expect(world.answer(aChat(PHONE))).rejects.toThrow();
  world.store.moveAway = moveAway;
  const system = { type: 'user_changed_number', wa_id: PHONE };
  await world.accept(aMessage({ from: '346002', type: 'system', timestamp: '1790400005', system }));
  expect(await world.answer(aChat('346002'))).toMatchObject({ cause: 'other-chat-busy' });
  for (const contact of [PHONE, USER, '346002', PHONE]) await world.answer(aChat(contact));
  expect(world.texts).toEqual(['You said: hello', 'You said: on its way']);
  expect((await world.store.readHead(aChat(PHONE))).movedTo).toBeUndefined();
});

test('a notice in a group moves nobody', async () => {
  const world = new ChatWorld();
  const system = { type: 'user_changed_user_id', user_id: 'ES.2', previous_user_id: 'ES.1' };
  const group = 'Y2FwaV9ncm91cA==';
  await world.accept(aMessage({ group_id: group, type: 'system', system }));
  await world.answer(aChat(group));
  expect((await world.store.readHead(aChat(group))).movedTo).toBeUndefined();
  expect(world.outcomes(aChat(group))).toEqual(['recorded']);
});

test('a message whose forwarding died half-way is answered once, though the contact came back', async () => {
  const world = new ChatWorld();
  const [here, there] = [aChat('346001'), aChat('346002')];
  const notice = (from: string, to: string, timestamp: string) =>
    aMessage({
      from,
      type: 'system',
      system: { type: 'user_changed_number', wa_id: to },
      timestamp,
    });
  await world.accept(notice('346001', '346002', '1790400001'));
  await world.answer(here);
  await world.accept(aTextMessage('hello', { from: '346002', timestamp: '1790400002' }));
  world.model.next.push(async (request) => {
    await world.accept(aTextMessage('on its way', { from: '346001', timestamp: '1790400002' }));
    const { moveAway } = world.store;
    world.store.moveAway = () => Promise.reject(new Error('the worker died'));
    await expect(world.answer(here)).rejects.toThrow('died');
    world.store.moveAway = moveAway;
    return answerTo(request);
  });
  await world.answer(there);
  await world.accept(notice('346002', '346001', '1790400003'));
  await world.answer(there);
  await world.answer(here, { attempt: 2 });
  expect(world.texts).toEqual(['You said: hello / on its way']);
});

test('what waits while a contact moves away and back again is answered, once', async () => {
  const world = new ChatWorld();
  const notice = (from: string, to: string, timestamp: string) => {
    const system = { type: 'user_changed_number', wa_id: to };
    return aMessage({ from, type: 'system', system, timestamp });
  };
  const [here, there] = [aChat('346001'), aChat('346002')];
  await world.accept(
    aTextMessage('still waiting', { from: '346001', timestamp: '1790400001' }),
    notice('346001', '346002', '1790400002'),
  );
  await world.answer(here);
  await world.accept(notice('346002', '346001', '1790400003'));
  await world.answer(there);
  for (let round = 0; round < 2; round += 1) {
    for (const chat of [there, here]) await world.answer(chat);
  }
  expect(world.texts).toEqual(['You said: still waiting']);
  expect(world.outcomes(here)).toEqual(['answered', 'recorded']);
});

test('whoever has a phone number now is told nothing of who had it before', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('I am Ana'));
  await world.answer(aChat(PHONE));
  await world.accept(aTextMessage('both', { from_user_id: USER, timestamp: '1790400002' }));
  await world.answer(aChat(USER));
  const ana = await world.store.readHead(aChat(PHONE));
  const replies = { kind: 'stopped', atMs: 1_790_400_003_000 } as const;
  const erasure = { atMs: 1_790_400_100_000, version: 0 };
  await world.store.saveHead(aChat(PHONE), { ...ana, state: 'human', replies, erasure });
  for (const [text, timestamp] of [
    ['who am I?', '1790400004'],
    ['and now?', '1790400005'],
  ] as const) {
    await world.accept(aTextMessage(text, { from_user_id: 'ES.777', timestamp }));
    await world.answer(aChat('ES.777'));
  }
  const [, , first, second] = world.model.requests;
  expect(first?.conversation.map(({ text }) => text)).toEqual(['who am I?']);
  expect(second?.conversation.map(({ text }) => text)).toEqual([
    'who am I?',
    'You said: who am I?',
    'and now?',
  ]);
  expect(await world.store.readHead(aChat('ES.777'))).toMatchObject({
    state: 'assistant',
    phone: PHONE,
    formerly: undefined,
    replies: undefined,
  });
  expect(await world.store.readHead(aChat(PHONE))).toMatchObject({
    movedTo: 'ES.777',
    state: 'assistant',
    replies: undefined,
  });
});

test('nor where the first try of the answer ended before anything was stored', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('I am Ana'));
  await world.answer(aChat(PHONE));
  await world.accept(aTextMessage('both', { from_user_id: USER, timestamp: '1790400002' }));
  await world.answer(aChat(USER));
  world.clock.advance(60_000);
  await world.accept(aTextMessage('I am Bob', { from_user_id: 'ES.777', timestamp: '1790400060' }));
  world.model.next.push(() => Promise.reject(new Error('the worker died')));
  await expect(world.answer(aChat('ES.777'))).rejects.toThrow('died');
  expect(await world.store.readHead(aChat(PHONE))).toMatchObject({ movedTo: 'ES.777' });
  await world.answer(aChat('ES.777'));
  const told = world.model.requests.at(-1)?.conversation.map(({ text }) => text);
  expect(told).toEqual(['I am Bob']);
});

test('the language of a contact stays when its ids are linked, and when it gets a new one', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hola'));
  world.model.next.push(modelSays('¡Hola!', { language: 'es' }));
  await world.answer(aChat(PHONE));
  await world.accept(aTextMessage('¿qué tal?', { from_user_id: USER, timestamp: '1790400009' }));
  await world.answer(aChat(USER));
  expect((await world.store.readHead(aChat(USER))).language).toBe('es');
  const system = { type: 'user_changed_user_id', user_id: 'ES.777', previous_user_id: USER };
  await world.accept(
    aMessage({ from: undefined, type: 'system', system, timestamp: '1790400015' }),
  );
  await world.answer(aChat(USER));
  expect((await world.store.readHead(aChat('ES.777'))).language).toBe('es');
});

test.each([
  ['says STOP', { text: { body: 'STOP' } }],
  ['asks for a person', { text: { body: 'human' } }],
  ['wrote a day ago', { timestamp: '1790310000' }],
])('a contact who %s and nothing else is known by either id', async (_, over) => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello', { from_user_id: USER, ...over }));
  await world.answer(aChat(USER));
  expect(await world.store.readHead(aChat(USER))).toMatchObject({ phone: PHONE });
  expect(await world.store.readHead(aChat(PHONE))).toMatchObject({ movedTo: USER });
});
