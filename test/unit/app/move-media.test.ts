import { expect, test } from 'vitest';
import { tombstone } from '#domain/conversation/erasure.ts';
import { aChat, aMessage, aTenant, aTextMessage } from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';
import { aPng, aVoiceNote } from '#test/support/files.ts';

const PHONE = '34600111222';
const USER = 'ES.9021';
const NEXT = 'ES.777';
const PICTURE = { type: 'image', image: { id: 'picture' } };
const VOICE = { type: 'audio', audio: { id: 'voice', voice: true } };

function aWorld(): ChatWorld {
  const world = new ChatWorld();
  world.source.files.set('picture', aPng('a cake'));
  world.source.files.set('voice', aVoiceNote(2, 'two loaves'));
  return world;
}

function shownIn(world: ChatWorld): readonly string[] {
  const images = world.model.requests.at(-1)?.images ?? new Map<string, Uint8Array>();
  return [...images.values()].map((bytes) => Buffer.from(bytes).toString('latin1'));
}

test('a picture is still seen when its contact goes on under another id', async () => {
  const world = aWorld();
  await world.accept(aMessage(PICTURE));
  await world.answer(aChat(PHONE));
  await world.accept(aTextMessage('this one', { from_user_id: USER, timestamp: '1790400009' }));
  await world.answer(aChat(USER));
  expect(shownIn(world)).toEqual([expect.stringContaining('a cake')]);
  expect(world.source.wanted).toHaveLength(1);
});

test('after a notice as well, with what was said and what was heard', async () => {
  const world = aWorld();
  const from = { from: undefined, from_user_id: USER };
  await world.accept(aMessage({ ...VOICE, ...from }), aMessage({ ...PICTURE, ...from }));
  await world.answer(aChat(USER));
  const system = { type: 'user_changed_user_id', user_id: NEXT, previous_user_id: USER };
  const notice = { from: undefined, type: 'system', system, timestamp: '1790400005' };
  await world.accept(aMessage(notice));
  await world.answer(aChat(USER));
  const later = { from: undefined, from_user_id: NEXT, timestamp: '1790400009' };
  await world.accept(aTextMessage('and now?', later));
  await world.answer(aChat(NEXT));
  const said = world.model.requests.at(-1)?.conversation.map(({ text }) => text) ?? [];
  expect(said[0]).toContain('two loaves');
  expect(shownIn(world)).toEqual([expect.stringContaining('a cake')]);
  expect([world.source.wanted.length, world.transcriber.heard.length]).toEqual([2, 1]);
});

test('what waits is taken along with what was heard in it, and neither fetched nor paid for again', async () => {
  const world = aWorld();
  await world.accept(aMessage(VOICE));
  const failure = { class: 'retry', code: 'openai:503' } as const;
  world.model.next.push({ kind: 'failed', failure });
  expect(await world.answer(aChat(PHONE))).toMatchObject({ kind: 'deferred' });
  await world.accept(aTextMessage('well?', { from_user_id: USER, timestamp: '1790400009' }));
  await world.answer(aChat(USER));
  await world.answer(aChat(USER));
  const said = world.model.requests.at(-1)?.conversation.map(({ text }) => text) ?? [];
  expect(said).toEqual([expect.stringContaining('two loaves'), 'well?']);
  expect([world.source.wanted.length, world.transcriber.heard.length]).toEqual([1, 1]);
  expect(world.outcomes(aChat(PHONE))).toEqual(['moved']);
});

test('a message to a contact’s earlier id has its file kept where it is answered', async () => {
  const world = aWorld();
  await world.accept(aTextMessage('hello', { from_user_id: USER }));
  await world.answer(aChat(USER));
  await world.accept(aMessage({ ...PICTURE, timestamp: '1790400009' }));
  await world.answer(aChat(PHONE));
  expect(world.source.wanted).toEqual([]);
  await world.answer(aChat(USER));
  expect(shownIn(world)).toEqual([expect.stringContaining('a cake')]);
});

test('what was heard elsewhere comes back with a contact who comes back', async () => {
  const world = aWorld();
  const at = (second: number) => ({ timestamp: String(1_790_400_000 + second) });
  const moved = (from: string, to: string, second: number) =>
    aMessage({
      ...at(second),
      ...{ from, type: 'system', system: { type: 'user_changed_number', wa_id: to } },
    });
  const OTHER = '34600111223';
  // The voice note leaves unheard with its contact, and is heard where it arrives.
  await world.accept(aMessage({ ...VOICE, ...at(5) }), moved(PHONE, OTHER, 6));
  await world.answer(aChat(PHONE));
  const failure = { class: 'retry', code: 'openai:503' } as const;
  world.model.next.push({ kind: 'failed', failure });
  expect(await world.answer(aChat(OTHER))).toMatchObject({ kind: 'deferred' });
  expect(world.transcriber.heard).toHaveLength(1);
  await world.accept(moved(OTHER, PHONE, 9));
  await world.answer(aChat(OTHER));
  await world.answer(aChat(PHONE));
  expect(world.texts).toEqual([expect.stringContaining('two loaves')]);
  expect([world.source.wanted.length, world.transcriber.heard.length]).toEqual([1, 1]);
});

test('a file of what turns out to be erased goes with its message', async () => {
  const world = aWorld();
  const { clock, store } = world;
  await world.accept(aMessage({ ...VOICE, from: undefined, from_user_id: USER }));
  const failure = { class: 'retry', code: 'openai:503' } as const;
  world.model.next.push({ kind: 'failed', failure });
  await world.answer(aChat(USER));
  const place = { tenantId: aTenant().id, chat: aChat(USER) };
  expect(world.media.filesOf(place)).toHaveLength(1);
  // Erased under the number, to which nothing leads yet from the user id.
  await store.saveHead(aChat(PHONE), tombstone(0, clock.now()));
  const timestamp = String(Math.floor(clock.now() / 1_000) + 60);
  await world.accept(aTextMessage('hello', { from_user_id: USER, timestamp }));
  expect(await world.answer(aChat(USER))).toEqual({ kind: 'settled' });
  expect(world.texts).toEqual(['You said: hello']);
  expect(world.media.filesOf(place)).toEqual([]);
});
