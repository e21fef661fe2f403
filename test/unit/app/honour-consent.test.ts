import { expect, test } from 'vitest';
import { newHead } from '#domain/conversation/head.ts';
import { aChat, aParking, aTenant, aTextMessage } from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';
import { answerTo } from '#test/support/peers.ts';

const PHONE = '34600111222';
const USER = 'ES.9021';
const GOODBYE =
  'You will get no more messages from us. Write START whenever you want to hear from us again.';
const WELCOME = 'Welcome back! How can we help you?';

let second = 1_790_400_000;

function said(text: string, over: Record<string, unknown> = {}) {
  second += 1;
  return aTextMessage(text, { timestamp: String(second), ...over });
}

async function hear(world: ChatWorld, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    await world.accept(said(text));
    await world.answer();
  }
}

test('who says STOP gets one confirmation and no model, and then nothing until START', async () => {
  const world = new ChatWorld();
  await hear(world, 'hello', 'STOP', 'are you there?', 'stop', 'start', 'and now?');
  expect(world.texts).toEqual(['You said: hello', GOODBYE, WELCOME, 'You said: and now?']);
  expect(world.model.requests).toHaveLength(2);
  expect(world.outcomes()).toEqual([
    'answered',
    'answered',
    'opted-out',
    'opted-out',
    'answered',
    'answered',
  ]);
  expect(world.metrics.of('ContactsOptedOut')).toBe(1);
  expect(world.metrics.of('ContactsOptedIn')).toBe(1);
});

test('the words and texts are the business’s', async () => {
  const world = new ChatWorld();
  const optOut = { optOutWords: ['Schluss'], optInWords: ['Weiter'], optOutText: 'Gut.' };
  world.tenant = aTenant({ optOut: { ...optOut, optInText: 'Da sind Sie ja.' } });
  await hear(world, 'SCHLUSS!', 'hallo?', 'weiter');
  expect(world.texts).toEqual(['Gut.', 'Da sind Sie ja.']);
});

test('START from who never left is a message like any other', async () => {
  const world = new ChatWorld();
  await hear(world, 'START');
  expect(world.texts).toEqual(['You said: START']);
});

test('what was asked before a STOP of the same moment is answered with it, what comes after is not', async () => {
  const world = new ChatWorld();
  await world.accept(said('do you have rye?'), said('STOP'), said('hello?'));
  await world.answer();
  expect(world.texts).toEqual([GOODBYE]);
  expect(world.outcomes()).toEqual(['answered', 'answered', 'opted-out']);
});

test('STOP and START of the same moment are both heard, in their order', async () => {
  const world = new ChatWorld();
  await world.accept(said('STOP'), said('hm'), said('START'), said('do you have rye?'));
  await world.answer();
  expect(world.texts).toEqual([GOODBYE, WELCOME, 'You said: do you have rye?']);
  expect(world.outcomes()).toEqual(['answered', 'opted-out', 'answered', 'answered']);
});

test('a STOP while the model thinks is the end of that answer', async () => {
  const world = new ChatWorld();
  await world.accept(said('do you have rye?'));
  world.model.next.push(async (request) => {
    await world.accept(said('STOP'));
    return answerTo(request);
  });
  await world.answer();
  expect(world.texts).toEqual([GOODBYE]);
  expect(world.model.requests).toHaveLength(1);
});

test('where a person has the chat they see it, and the assistant confirms nothing', async () => {
  const world = new ChatWorld();
  await world.store.saveHead(aChat(), { ...newHead(), state: 'human' });
  await hear(world, 'STOP', 'hello?');
  expect(world.texts).toEqual([]);
  expect(world.outcomes()).toEqual(['handed-over', 'handed-over']);
  const head = await world.store.readHead(aChat());
  expect(head).toMatchObject({ state: 'human', replies: { kind: 'stopped' } });
  await world.store.saveHead(aChat(), { ...head, state: 'assistant' });
  await hear(world, 'anybody?');
  expect(world.texts).toEqual([]);
});

test('a STOP that comes too late for the model is heard all the same', async () => {
  const world = new ChatWorld();
  const message = said('STOP');
  world.clock.advance(20 * 3_600_000);
  await world.accept(message);
  await world.answer();
  expect(world.texts).toEqual([GOODBYE]);
  expect(world.metrics.of('MessagesTooOld')).toBe(0);
});

test('where nothing can be sent a STOP holds without its confirmation, and START waits', async () => {
  const world = new ChatWorld();
  world.sendRefusal = { class: 'fix-needed', code: 'graph:190', remedy: 'token' };
  await hear(world, 'STOP', 'hello?', 'START');
  expect(world.texts).toEqual([]);
  expect(world.outcomes()).toEqual(['opted-out', 'opted-out', 'parked']);
  world.sendRefusal = undefined;
  await world.answer();
  expect(world.texts).toEqual([WELCOME]);
});

test('a confirmation that could not be sent is sent after the fix, once', async () => {
  const world = new ChatWorld();
  await world.accept(said('STOP'));
  world.sender.next.push(() => ({
    kind: 'refused',
    failure: { class: 'fix-needed', code: 'graph:190', remedy: 'token' },
  }));
  expect(await world.answer()).toMatchObject({ kind: 'parked' });
  await world.answer();
  expect(world.texts).toEqual([GOODBYE]);
  expect(world.outcomes()).toEqual(['answered']);
});

test('a confirmation that died on its way is finished by the next worker', async () => {
  const world = new ChatWorld();
  await world.accept(said('STOP'));
  world.sender.next.push(() => 'crash-before');
  await expect(world.answer()).rejects.toThrow();
  world.clock.advance(120_000);
  await world.answer();
  await hear(world, 'hello?');
  expect(world.texts).toEqual([GOODBYE]);
});

test('what was parked before a STOP is kept after it', async () => {
  const world = new ChatWorld();
  const first = said('first');
  await world.accept(first);
  const [item] = (await world.store.look(aChat())).items;
  await world.store.park(aChat(), [item?.name ?? ''], aParking('token'));
  await world.accept(said('STOP'));
  await world.answer();
  expect(world.texts).toEqual([GOODBYE]);
  expect(world.outcomes()).toEqual(['answered', 'answered']);
});

test('whoever opted out under the phone number has done so under the user id, and can come back', async () => {
  const world = new ChatWorld();
  await hear(world, 'STOP');
  for (const text of ['hello?', 'START', 'do you have rye?']) {
    await world.accept(said(text, { from_user_id: USER }));
    await world.answer(aChat(USER));
  }
  expect(world.texts).toEqual([GOODBYE, WELCOME, 'You said: do you have rye?']);
  await world.accept(said('only my phone'));
  await world.answer(aChat(PHONE));
  await world.answer(aChat(USER));
  expect(world.texts.at(-1)).toBe('You said: only my phone');
});

test('a new number does not end an opt-out', async () => {
  const world = new ChatWorld();
  await hear(world, 'STOP');
  const system = { type: 'user_changed_number', wa_id: '34600999888' };
  await world.accept(said('', { type: 'system', system }));
  await world.answer();
  await world.accept(said('hello?', { from: '34600999888' }));
  await world.answer(aChat('34600999888'));
  expect(world.texts).toEqual([GOODBYE]);
  expect(world.outcomes(aChat('34600999888'))).toEqual(['opted-out']);
});

test('without any word to come back with, who opted out before is answered again', async () => {
  const world = new ChatWorld();
  await hear(world, 'STOP');
  world.tenant = aTenant({ optOut: { optOutWords: [], optInWords: [] } });
  await hear(world, 'hello?', 'STOP');
  expect(world.texts).toEqual([GOODBYE, 'You said: hello?', 'You said: STOP']);
});

test('a worker that read the chat before a STOP says nothing', async () => {
  const world = new ChatWorld();
  await world.accept(said('hello'));
  world.model.next.push(async (request) => {
    const head = await world.store.readHead(aChat());
    await world.store.saveHead(aChat(), { ...head, replies: { kind: 'stopped', atMs: 1 } });
    return answerTo(request);
  });
  expect(await world.answer()).toMatchObject({ cause: 'fenced' });
  await world.answer();
  expect(world.texts).toEqual([]);
  expect(world.outcomes()).toEqual(['opted-out']);
});

test('a START of before the STOP that comes after it brings nobody back', async () => {
  const world = new ChatWorld();
  const start = said('START');
  await hear(world, 'STOP');
  await world.accept(start);
  await world.answer();
  await hear(world, 'hello?');
  expect(world.texts).toEqual([GOODBYE]);
  expect(world.outcomes().toSorted()).toEqual(['answered', 'opted-out', 'opted-out']);
});

test('a STOP of before the START that comes after it is a message like any other', async () => {
  const world = new ChatWorld();
  await hear(world, 'STOP');
  const late = said('STOP');
  await hear(world, 'START');
  await world.accept(late);
  await world.answer();
  expect(world.texts).toEqual([GOODBYE, WELCOME, 'You said: STOP']);
});

test('of a STOP and a START of one second the one that came later counts', async () => {
  const world = new ChatWorld();
  const start = said('START');
  const timestamp = String(second);
  await world.accept(said('STOP', { timestamp }));
  await world.answer();
  await world.accept(start);
  await world.answer();
  expect(world.texts).toEqual([GOODBYE, WELCOME]);
});

/** A reply that is drafted and waits, since the customer has had so many messages. */
async function aWaitingDraft(text: string): Promise<ChatWorld> {
  const world = new ChatWorld();
  const pairPaidUpToMs = world.clock.now() + 600_000;
  await world.store.saveHead(aChat(), { ...newHead(), pairPaidUpToMs });
  await world.accept(said(text));
  expect(await world.answer()).toMatchObject({ cause: 'pair-budget' });
  return world;
}

test('a draft of which nothing is out yet is dropped for a STOP', async () => {
  const world = await aWaitingDraft('do you have rye?');
  await world.accept(said('STOP'));
  world.clock.advance(900_000);
  await world.answer();
  expect(world.texts).toEqual([GOODBYE]);
  expect(world.outcomes()).toEqual(['answered', 'answered']);
});

test('a confirmation of which nothing is out yet is not dropped for the STOP that it confirms', async () => {
  const world = await aWaitingDraft('STOP');
  const { version, openTurn } = await world.store.readHead(aChat());
  expect(await world.answer()).toMatchObject({ cause: 'pair-budget' });
  expect(await world.store.readHead(aChat())).toMatchObject({ version, openTurn });
  world.clock.advance(900_000);
  await world.answer();
  expect(world.texts).toEqual([GOODBYE]);
});

test('a failed bubble that is about to be sent again is dropped for a STOP', async () => {
  const world = new ChatWorld();
  await hear(world, 'hello');
  const bubble = world.store.transcript(aChat()).find(({ direction }) => direction === 'out');
  if (bubble?.direction !== 'out') throw new Error('The chat has no bubble');
  const { turnId, part } = bubble;
  const status = {
    reference: { chat: aChat(), turnId, part },
    wamid: 'wamid.OUT',
    status: 'failed',
    atMs: 1,
    errorCode: 131_000,
    pricing: undefined,
  };
  const arrival = { nowMs: world.clock.now(), correlationId: 'request-1' };
  await world.store.requestFollowUp(status, 'send-again', arrival);
  const head = await world.store.readHead(aChat());
  const pairPaidUpToMs = world.clock.now() + 600_000;
  await world.store.saveHead(aChat(), { ...head, pairPaidUpToMs });
  expect(await world.answer()).toMatchObject({ cause: 'pair-budget' });
  expect(await world.store.readHead(aChat())).toMatchObject({ openTurn: { kind: 'repeat' } });
  await world.accept(said('STOP'));
  world.clock.advance(900_000);
  await world.answer();
  expect(world.texts).toEqual(['You said: hello', GOODBYE]);
  expect(await world.store.readHead(aChat())).toMatchObject({ openTurn: undefined });
});

test('a draft that is perhaps out already is finished first', async () => {
  const world = new ChatWorld();
  await world.accept(said('do you have rye?'));
  world.sender.next.push(() => 'crash-before');
  await expect(world.answer()).rejects.toThrow();
  await world.accept(said('STOP'));
  world.clock.advance(120_000);
  await world.answer();
  expect(world.texts).toEqual(['You said: do you have rye?', GOODBYE]);
});

test('who changes their mind over and over is heard, and told no more than six times an hour', async () => {
  const world = new ChatWorld();
  for (let time = 0; time < 10; time += 1) await hear(world, 'STOP', 'START');
  expect(world.texts).toHaveLength(6);
  expect((await world.store.readHead(aChat())).replies?.kind).toBe('resumed');
  await hear(world, 'do you have rye?');
  expect(world.texts.at(-1)).toBe('You said: do you have rye?');
  world.clock.advance(600_000);
  await hear(world, 'STOP');
  expect(world.texts).toHaveLength(8);
});
