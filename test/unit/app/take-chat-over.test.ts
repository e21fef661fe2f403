import { expect, test } from 'vitest';
import { recordEvent } from '#app/record-event.ts';
import { writeCallbackData } from '#domain/conversation/callback-data.ts';
import { type Chat, parseTenantId } from '#domain/ids.ts';
import {
  aChat,
  aMessage,
  aTenant,
  aTextMessage,
  PHONE_NUMBER_ID,
  present,
} from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';
import { answerTo } from '#test/support/peers.ts';

const USER = 'ES.9021';
const CLINIC = aTenant({
  id: present(parseTenantId('clinic')),
  instructions: 'You answer for a clinic.',
});

/** The operator takes the number from the bakery and gives it to the clinic. */
function handToClinic(world: ChatWorld): void {
  world.tenant = CLINIC;
  world.clock.advance(60_000);
}

async function say(world: ChatWorld, text: string, chat: Chat = aChat(), over = {}): Promise<void> {
  const timestamp = String(Math.floor(world.clock.now() / 1_000));
  await world.accept(aTextMessage(text, { timestamp, ...over }));
  await world.answer(chat);
}

/** What the model was told at last. */
function toldAtLast(world: ChatWorld): readonly string[] {
  return present(world.model.requests.at(-1)).conversation.map(({ text }) => text);
}

test('a number that changes hands tells its new tenant nothing of what was said before', async () => {
  const world = new ChatWorld();
  await say(world, 'a secret of the bakery');
  handToClinic(world);
  await say(world, 'hello');
  expect(toldAtLast(world)).toEqual(['hello']);
  await say(world, 'again');
  expect(toldAtLast(world)).toEqual(['hello', 'You said: hello', 'again']);
  expect(world.model.requests.at(-1)?.cacheKey).toBe('clinic');
  expect(world.sender.delivered.map(({ tenantId }) => tenantId)).toEqual([
    'bakery',
    'clinic',
    'clinic',
  ]);
});

test('nor where the customer writes on meanwhile, and all is read once more', async () => {
  const world = new ChatWorld();
  await say(world, 'a secret of the bakery');
  handToClinic(world);
  world.model.next.push(async (request) => {
    await world.accept(aTextMessage('and this', { timestamp: '1790400099' }));
    return answerTo(request);
  });
  await say(world, 'hello');
  expect(toldAtLast(world)).toEqual(['hello', 'and this']);
});

test('nor through the chat that the contact had under a phone number', async () => {
  const world = new ChatWorld();
  await say(world, 'a secret of the bakery');
  handToClinic(world);
  await say(world, 'hello', aChat(USER), { from_user_id: USER });
  expect(toldAtLast(world)).toEqual(['hello']);
  await say(world, 'again', aChat(USER), { from_user_id: USER });
  expect(toldAtLast(world)).toEqual(['hello', 'You said: hello', 'again']);
});

test('nor through a notice that the contact has a new id', async () => {
  const world = new ChatWorld();
  await say(world, 'a secret of the bakery');
  handToClinic(world);
  const system = { type: 'user_changed_number', wa_id: '34600999888' };
  await world.accept(aMessage({ type: 'system', system, timestamp: '1790400070' }));
  await world.answer();
  await say(world, 'hello', aChat('34600999888'), { from: '34600999888' });
  expect(toldAtLast(world)).toEqual(['hello']);
});

test('a reply that nobody has tried to send is forgotten, and its question answered anew', async () => {
  const world = new ChatWorld();
  world.sender.next.push(() => ({
    kind: 'refused',
    failure: { class: 'fix-needed', code: 'graph:190', remedy: 'token' },
  }));
  await say(world, 'hello');
  expect(world.texts).toEqual([]);
  handToClinic(world);
  await world.answer();
  expect(world.sender.delivered).toMatchObject([{ tenantId: 'clinic', text: 'You said: hello' }]);
  expect(world.model.requests).toHaveLength(2);
  expect(world.outcomes()).toEqual(['answered']);
});

test('a reply that is perhaps out is not sent again with the token of another', async () => {
  const world = new ChatWorld();
  world.sender.next.push(() => ({ kind: 'ambiguous', code: 'graph:timeout' }));
  await say(world, 'hello');
  handToClinic(world);
  world.clock.advance(600_000);
  expect(await world.answer()).toEqual({ kind: 'settled' });
  expect(world.sender.delivered).toMatchObject([{ tenantId: 'bakery' }]);
  expect(world.outcomes()).toEqual(['undeliverable']);
});

test('a bubble of the old tenant that failed is not repeated, and waits no longer', async () => {
  const world = new ChatWorld();
  await say(world, 'hello');
  const { reference } = present(world.sender.delivered[0]);
  handToClinic(world);
  const payload = {
    id: 'wamid.OUT1',
    status: 'failed',
    timestamp: '1790400061',
    biz_opaque_callback_data: writeCallbackData(reference),
    errors: [{ code: 131_000 }],
  };
  const place = { field: 'messages', accountId: undefined, phoneNumberId: PHONE_NUMBER_ID };
  const arrival = { receivedAtMs: world.clock.now(), correlationId: 'request-2' };
  await recordEvent({ kind: 'status', ...place, payload, ...arrival }, world.eventsDeps);
  await world.answer();
  expect(world.sender.delivered).toHaveLength(1);
  const acceptedBeforeMs = world.clock.now() + 1;
  expect(await world.store.listUnfinished({ acceptedBeforeMs, limit: 10 })).toEqual([]);
  expect((await world.store.readHead(aChat())).flag).toBeUndefined();
});

test('a person of the old tenant does not keep the chat', async () => {
  const world = new ChatWorld();
  await say(world, 'hello');
  const head = await world.store.readHead(aChat());
  await world.store.saveHead(aChat(), { ...head, state: 'human', flag: 'too-old' });
  handToClinic(world);
  await say(world, 'hello clinic');
  expect(world.texts.at(-1)).toBe('You said: hello clinic');
});

test('what was erased for the old tenant stays erased for the new one', async () => {
  const world = new ChatWorld();
  const erased = aTextMessage('a secret of the bakery');
  await world.accept(erased);
  await world.answer();
  // The contact has written to the bakery since, and the head carries the erasure on.
  const { version } = await world.store.readHead(aChat());
  await world.store.bury(aChat(), {
    version,
    atMs: world.clock.now(),
    linked: [],
    tenant: aTenant().id,
  });
  const grave = await world.store.readHead(aChat());
  await world.store.saveHead(aChat(), { ...grave, tenantId: aTenant().id });
  handToClinic(world);
  await world.accept(erased);
  await world.answer();
  expect(world.texts).toEqual(['You said: a secret of the bakery']);
  await say(world, 'hello');
  await world.accept(erased);
  await world.answer();
  expect(world.texts).toEqual(['You said: a secret of the bakery', 'You said: hello']);
  // The message and its bubble, and the message once more.
  expect(world.metrics.of('MessagesErased')).toBe(3);
});
