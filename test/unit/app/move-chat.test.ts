import { expect, test } from 'vitest';
import { aChat, aMessage, aTextMessage } from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';

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
