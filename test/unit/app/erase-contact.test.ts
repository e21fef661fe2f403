import { describe, expect, test } from 'vitest';
import {
  type ErasedContact,
  type ErasureStep,
  type ErasureWish,
  eraseContact,
} from '#app/erase-contact.ts';
import { outboundKey } from '#domain/conversation/message.ts';
import { parseTenantId, parseTurnId } from '#domain/ids.ts';
import { type ChatMemory, NO_MEMORY } from '#domain/memory/memory.ts';
import {
  aChat,
  aMemoryItem,
  aMessage,
  anElement,
  aParking,
  aTextMessage,
  PHONE_NUMBER_ID,
  present,
  TENANT_ID,
} from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';
import { aPng } from '#test/support/files.ts';
import { answerTo } from '#test/support/peers.ts';

const PHONE = '34600111222';
const USER = 'ES.9021';
const SETTLE_MS = 65_000;

/** Messages are of 00:00:00, the clock stands at 00:01:00. */
class EraserWorld extends ChatWorld {
  readonly steps: ErasureStep[] = [];
  /** What happens while the operator waits. */
  meanwhile: () => Promise<void> = async () => {};

  constructor() {
    super();
    this.clock.advance(60_000);
  }

  erase(contact = PHONE, over: Partial<ErasureWish> = {}): Promise<ErasedContact> {
    const deps = {
      chats: this.store,
      media: this.media,
      settleMs: SETTLE_MS,
      pause: async (ms: number) => {
        this.clock.advance(ms);
        await this.meanwhile();
      },
    };
    const wish = {
      tenant: TENANT_ID,
      contact: aChat(contact).contact,
      phoneNumberIds: [PHONE_NUMBER_ID],
      own: new Set([PHONE_NUMBER_ID]),
      accountIds: ['700100200300401'],
      ...over,
    };
    return eraseContact(wish, deps, (step) => this.steps.push(step));
  }

  async remainsOf(contact = PHONE) {
    const { items, hasOpenTurn, movedTo, former, named, erasing } = await this.store.look(
      aChat(contact),
    );
    return { items, hasOpenTurn, movedTo, former, named, erasing };
  }
}

const NOTHING = {
  items: [],
  hasOpenTurn: false,
  movedTo: undefined,
  former: [],
  named: [],
  erasing: [],
};
const QUIET_MS = 15 * 60_000;

test('everything of a chat goes, and what is written later is answered as from a new contact', async () => {
  const world = new EraserWorld();
  await world.accept(aTextMessage('I am Mira'));
  await world.answer();
  world.clock.advance(QUIET_MS);
  expect(await world.erase()).toMatchObject({ messages: 1, bubbles: 1, isRestless: false });
  expect(world.steps).toEqual([{ step: 'erased', chats: 1 }]);
  expect(await world.remainsOf()).toEqual(NOTHING);
  const later = String(Math.floor(world.clock.now() / 1000) + 1);
  await world.accept(aTextMessage('who am I?', { timestamp: later }));
  await world.answer();
  expect(world.model.requests[1]?.conversation.map(({ text }) => text)).toEqual(['who am I?']);
  expect(world.texts).toEqual(['You said: I am Mira', 'You said: who am I?']);
});

test('a redelivery of what was erased is deleted unread, however it comes', async () => {
  const world = new EraserWorld();
  const message = aTextMessage('I am Mira');
  await world.accept(message);
  await world.answer();
  await world.erase();
  await world.accept(message);
  expect(await world.answer()).toEqual({ kind: 'settled' });
  await world.accept(message);
  world.tenant = undefined;
  expect(await world.answer()).toEqual({ kind: 'settled' });
  expect(world.model.requests).toHaveLength(1);
  expect(world.metrics.of('MessagesErased')).toBe(2);
  expect(world.metrics.of('MessagesParked')).toBe(0);
  expect(await world.remainsOf()).toEqual(NOTHING);
});

test('a message of the very second of the erasure is erased, one of the next is not', async () => {
  const world = new EraserWorld();
  await world.accept(aTextMessage('before'));
  world.clock.advance(500);
  await world.erase();
  const second = Math.floor(world.clock.now() / 1000);
  await world.accept(aTextMessage('too early', { timestamp: String(second - 65) }));
  await world.accept(aTextMessage('after', { timestamp: String(second - 64) }));
  await world.answer();
  expect(world.texts).toEqual(['You said: after']);
});

test('a message without a time cannot be told from a new one, and is answered', async () => {
  const world = new EraserWorld();
  await world.accept(aTextMessage('before'));
  await world.erase();
  await world.accept(aTextMessage('when?', { timestamp: undefined }));
  await world.answer();
  expect(world.texts).toEqual(['You said: when?']);
});

test('both ids of a contact are erased, whichever is named', async () => {
  for (const named of [PHONE, USER]) {
    const world = new EraserWorld();
    await world.accept(aTextMessage('I am Mira'));
    await world.answer();
    await world.accept(aTextMessage('both', { from_user_id: USER, timestamp: '1790400009' }));
    await world.answer(aChat(USER));
    const { chats } = await world.erase(named);
    expect(chats.map(({ contact }) => contact).toSorted()).toEqual([PHONE, USER]);
    expect([await world.remainsOf(PHONE), await world.remainsOf(USER)]).toEqual([NOTHING, NOTHING]);
  }
});

test('the id under which a contact goes on is erased as well, told by the notice alone', async () => {
  const world = new EraserWorld();
  const system = { type: 'user_changed_number', wa_id: '34600999888' };
  await world.accept(aMessage({ type: 'system', system }));
  const { chats } = await world.erase();
  expect(chats.map(({ contact }) => contact)).toEqual([PHONE, '34600999888']);
});

test('a phone number that is somebody else’s by now leads to nobody else', async () => {
  const world = new EraserWorld();
  const said = [
    { text: 'I am Ana', timestamp: '1790400001' },
    { text: 'Ana, with both', from_user_id: USER, timestamp: '1790400002' },
    { text: 'I am Bob', from_user_id: 'ES.777', timestamp: '1790400003' },
  ];
  for (const { text, ...over } of said) {
    await world.accept(aTextMessage(text, over));
    await world.answer(aChat(over.from_user_id ?? PHONE));
  }
  const { chats } = await world.erase(USER);
  expect(chats.map(({ contact }) => contact)).toEqual([USER]);
  expect((await world.remainsOf('ES.777')).items).toHaveLength(2);
  const others = await world.erase('ES.777');
  expect(others.chats.map(({ contact }) => contact)).toEqual(['ES.777', PHONE]);
});

test('an id with which the contact is still to be linked is erased as well', async () => {
  const world = new EraserWorld();
  await world.accept(aTextMessage('I am Mira'));
  await world.answer();
  await world.accept(aTextMessage('both', { from_user_id: USER, timestamp: '1790400009' }));
  const { chats } = await world.erase(USER);
  expect(chats.map(({ contact }) => contact)).toEqual([USER, PHONE]);
});

test('an id that nobody knew of brings nothing back once it is linked', async () => {
  const world = new EraserWorld();
  await world.accept(aTextMessage('I am Mira'));
  await world.answer();
  await world.erase();
  await world.accept(aTextMessage('late', { from_user_id: USER, timestamp: '1790400009' }));
  await world.answer(aChat(USER));
  expect(world.texts).toEqual(['You said: I am Mira']);
  expect((await world.remainsOf(USER)).items).toEqual([]);
});

test('what is remembered under an id that nobody knew of goes once it is linked', async () => {
  const world = new EraserWorld();
  await world.accept(aTextMessage('I am Mira'));
  await world.answer();
  await world.accept(aMessage({ from: undefined, from_user_id: USER }));
  await world.answer(aChat(USER));
  const { memories } = world.store;
  const { head, stored } = await memories.readWithHead(aChat(USER));
  const { version: headVersion } = head;
  const made = { tenantId: TENANT_ID, headVersion, items: [aMemoryItem()], revision: 'r1' };
  await memories.keep(aChat(USER), stored, { ...NO_MEMORY, ...made });
  await world.erase();
  await world.accept(aTextMessage('late', { from_user_id: USER, timestamp: '1790400009' }));
  await world.answer(aChat(USER));
  expect((await world.remainsOf(USER)).items).toEqual([]);
  expect(memories.of(aChat(USER)).items).toEqual([]);
});

test('a contact of whom nothing is known gets no tombstone', async () => {
  const world = new EraserWorld();
  const erased = await world.erase();
  expect(erased).toMatchObject({ chats: [], messages: 0, isRestless: false });
  expect(await world.store.readHead(aChat())).toMatchObject({ version: 0 });
});

test('it can be repeated', async () => {
  const world = new EraserWorld();
  await world.accept(aTextMessage('hello'));
  await world.erase();
  const first = await world.store.readHead(aChat());
  expect(await world.erase()).toMatchObject({ messages: 0, isRestless: false });
  const second = await world.store.readHead(aChat());
  expect(second.version).toBe(first.version + 1);
  expect(second.erasure?.atMs).toBeGreaterThan(first.erasure?.atMs ?? 0);
});

test('a turn that runs is fenced before its draft', async () => {
  const world = new EraserWorld();
  await world.accept(aTextMessage('hello'));
  world.model.next.push(async (request) => {
    await world.erase();
    return answerTo(request);
  });
  expect(await world.answer()).toMatchObject({ cause: 'fenced' });
  expect(world.texts).toEqual([]);
  expect(await world.answer()).toEqual({ kind: 'settled' });
  expect(await world.remainsOf()).toEqual(NOTHING);
});

test('what a worker writes that is still alive is deleted at the second look', async () => {
  const world = new EraserWorld();
  await world.accept(aTextMessage('hello'));
  const turnId = present(parseTurnId('1790400060000.0'));
  world.meanwhile = async () => {
    world.meanwhile = async () => {};
    await world.store.recordOutbound(aChat(), {
      direction: 'out',
      key: outboundKey(turnId, 0),
      turnId,
      part: 0,
      text: 'You said: hello',
      wamid: 'wamid.OUT',
      refusedCode: undefined,
      followUp: undefined,
      sends: 1,
      copies: 1,
    });
  };
  expect(await world.erase()).toMatchObject({ messages: 1, bubbles: 1, isRestless: false });
  expect(world.steps.filter(({ step }) => step === 'waiting')).toHaveLength(2);
  expect(await world.remainsOf()).toEqual(NOTHING);
});

test('what is remembered goes, also what somebody writes who read the chat before', async () => {
  const world = new EraserWorld();
  await world.accept(aTextMessage('I am Mira'));
  await world.answer();
  const { memories } = world.store;
  const before = await memories.readWithHead(aChat());
  const remember = async (over: Partial<ChatMemory> = {}) => {
    const { stored } = await memories.readWithHead(aChat());
    const beganAtMs = world.clock.now();
    const items = [aMemoryItem({ text: 'Is called Mira' })];
    const made = { tenantId: TENANT_ID, beganAtMs, headVersion: before.head.version, items };
    await memories.keep(aChat(), stored, { ...NO_MEMORY, revision: 'r1', ...made, ...over });
  };
  await remember();
  world.meanwhile = async () => {
    world.meanwhile = async () => {};
    await remember({ revision: 'r2' });
  };
  expect(await world.erase()).toMatchObject({ messages: 1, isRestless: false });
  expect(await world.remainsOf()).toEqual(NOTHING);
  // What is learned of the new contact is none of the eraser's business.
  const later = (await memories.readWithHead(aChat())).head.version + 1;
  await remember({ revision: 'r3', headVersion: later });
  await world.erase('34600999888');
  expect(memories.of(aChat()).items).toHaveLength(1);
});

test('what was said after the erasure stays, also while somebody waits for old workers', async () => {
  const world = new EraserWorld();
  await world.accept(aTextMessage('before'));
  world.meanwhile = async () => {
    world.meanwhile = async () => {};
    const now = String(Math.floor(world.clock.now() / 1000));
    await world.accept(aTextMessage('after', { timestamp: now }));
    await world.answer();
  };
  expect(await world.erase()).toMatchObject({ messages: 1, bubbles: 0, isRestless: false });
  expect(world.texts).toEqual(['You said: after']);
  expect((await world.remainsOf()).items).toHaveLength(2);
});

test('who is never done with writing is told of, not waited for without end', async () => {
  const world = new EraserWorld();
  const message = aTextMessage('hello');
  await world.accept(message);
  world.meanwhile = () => world.accept(message);
  expect(await world.erase()).toMatchObject({ isRestless: true });
});

test('after an interruption the other ids are found again', async () => {
  const world = new EraserWorld();
  await world.accept(aTextMessage('both', { from_user_id: USER }));
  await world.answer(aChat(USER));
  const { remove } = world.store;
  world.store.remove = async () => {
    throw new Error('the operator has gone');
  };
  await expect(world.erase()).rejects.toThrow();
  world.store.remove = remove;
  await world.erase();
  expect([await world.remainsOf(PHONE), await world.remainsOf(USER)]).toEqual([NOTHING, NOTHING]);
});

test('a head that others write meanwhile is looked at again', async () => {
  const world = new EraserWorld();
  await world.accept(aTextMessage('hello'));
  const { bury } = world.store;
  world.store.bury = async (chat, grave) => {
    world.store.bury = bury;
    await world.store.saveHead(chat, await world.store.readHead(chat));
    return bury.call(world.store, chat, grave);
  };
  expect(await world.erase()).toMatchObject({ messages: 1 });
  expect(await world.store.readHead(aChat())).toMatchObject({ version: 2 });
});

test('a head that is written all the time is given up with a clear error', async () => {
  const world = new EraserWorld();
  await world.accept(aTextMessage('hello'));
  world.store.bury = async () => 'stale';
  await expect(world.erase()).rejects.toMatchObject({ name: 'ChatBusyError' });
});

test('parked messages go, also those that a bug parked', async () => {
  const world = new EraserWorld();
  const messages = [aTextMessage('one'), aTextMessage('two')];
  await world.accept(...messages);
  const keys = (await world.store.look(aChat())).items.map(({ name }) => name);
  await world.store.park(aChat(), keys.slice(0, 1), aParking('bug'));
  await world.store.park(aChat(), keys.slice(1), aParking('token'));
  await world.erase();
  expect(await world.store.listParked()).toEqual([]);
});

test('kept events that name the contact go; those of others, and of other numbers, stay', async () => {
  const world = new EraserWorld();
  await world.accept(aTextMessage('hello'));
  const event = {
    kind: 'event',
    field: 'smb_message_echoes',
    accountId: '700100200300401',
    phoneNumberId: PHONE_NUMBER_ID,
    receivedAtMs: world.clock.now(),
    correlationId: 'request-1',
  };
  const about = (to: string) => ({ message_echoes: [{ ...anElement(), from: '1', to }] });
  await world.store.keepEvent({ ...event, payload: about(PHONE) });
  await world.store.keepEvent({ ...event, payload: about(`+${PHONE}`) });
  await world.store.keepEvent({ ...event, accountId: undefined, payload: about(PHONE) });
  await world.store.keepEvent({ ...event, payload: about(`${PHONE}0`) });
  await world.store.keepEvent({ ...event, phoneNumberId: '9', payload: about(PHONE) });
  expect(await world.erase()).toMatchObject({ events: 3 });
  expect(world.store.events).toHaveLength(2);
});

test('kept events go also of who never wrote', async () => {
  const world = new EraserWorld();
  await world.store.keepEvent({
    kind: 'event',
    field: 'smb_message_echoes',
    accountId: '700100200300401',
    phoneNumberId: PHONE_NUMBER_ID,
    receivedAtMs: world.clock.now(),
    correlationId: 'request-1',
    payload: { message_echoes: [{ ...anElement(), from: '1', to: PHONE }] },
  });
  expect(await world.erase()).toMatchObject({ chats: [], events: 1, isRestless: false });
  expect(world.store.events).toEqual([]);
});

describe('a number that has changed hands', () => {
  const CLINIC = present(parseTenantId('clinic'));
  /** The bakery's no more. */
  const FORMER = { own: new Set<never>() };

  async function aFormerCustomer(): Promise<EraserWorld> {
    const world = new EraserWorld();
    await world.accept(aTextMessage('I am Mira'));
    await world.answer();
    world.clock.advance(QUIET_MS);
    return world;
  }

  test('its next tenant erases nothing of the one before, who still can', async () => {
    const world = await aFormerCustomer();
    expect(await world.erase(PHONE, { tenant: CLINIC })).toMatchObject({ chats: [], messages: 0 });
    expect(world.store.transcript(aChat())).toHaveLength(2);
    expect(await world.erase(PHONE, FORMER)).toMatchObject({ messages: 1, bubbles: 1 });
    expect(await world.remainsOf()).toEqual(NOTHING);
  });

  test('the tenant before erases nothing that names nobody, which goes with the number', async () => {
    const world = new EraserWorld();
    await world.accept(aTextMessage('hello clinic'));
    expect(await world.erase(PHONE, FORMER)).toMatchObject({ chats: [] });
    expect(await world.erase(PHONE, { tenant: CLINIC })).toMatchObject({ messages: 1 });
  });

  test('what names nobody goes with the contact’s chat that names the tenant', async () => {
    const world = await aFormerCustomer();
    const later = { from_user_id: USER, timestamp: '1790400009' };
    await world.accept(aTextMessage('waits', later));
    const { chats } = await world.erase(USER, FORMER);
    // The two were never linked by a head: the message alone tells.
    expect(chats.map(({ contact }) => contact).toSorted()).toEqual([PHONE, USER]);
    expect((await world.remainsOf(USER)).items).toEqual([]);
  });

  test('an erasure that was interrupted is finished by whose it was, and by nobody else', async () => {
    const world = await aFormerCustomer();
    const { remove } = world.store;
    world.store.remove = () => Promise.reject(new Error('the network is gone'));
    await expect(world.erase(PHONE, FORMER)).rejects.toThrow('the network is gone');
    world.store.remove = remove;
    expect(await world.erase(PHONE, { tenant: CLINIC })).toMatchObject({ chats: [] });
    expect((await world.remainsOf()).items).toHaveLength(2);
    expect(await world.erase(PHONE, FORMER)).toMatchObject({ messages: 1, bubbles: 1 });
    expect(await world.remainsOf()).toEqual(NOTHING);
    // Complete: the tombstone is the number's.
    expect(await world.erase(PHONE, FORMER)).toMatchObject({ chats: [] });
  });
});

test('erases the files of what was said, also one that a worker kept a moment later, and none of since', async () => {
  const world = new EraserWorld();
  world.source.files.set('picture', aPng());
  const picture = { type: 'image', image: { id: 'picture' } };
  await world.accept(aMessage(picture));
  await world.answer();
  const kept = (message: string) =>
    world.media.put({
      tenantId: TENANT_ID,
      chat: aChat(),
      message,
      bytes: aPng(),
      type: 'image/png',
      keptDays: 90,
    });
  world.meanwhile = async () => {
    world.meanwhile = async () => {};
    await kept('1790400000000#wamid.LATE');
    await kept('1790400400000#wamid.SINCE');
  };
  expect(await world.erase()).toMatchObject({ files: 2, isRestless: false });
  const left = await world.media.list({ tenantId: TENANT_ID, chat: aChat() });
  expect(left.map(({ sentAtMs }) => sentAtMs)).toEqual([1_790_400_400_000]);
});

test.each(['0000000000000#wamid.TIMELESS', '9999999999999#wamid.FUTURE'])(
  'erases a file whose message has an odd time, since it was there before: %s',
  async (message) => {
    const world = new EraserWorld();
    await world.accept(aTextMessage('Hello'));
    const place = { tenantId: TENANT_ID, chat: aChat(), message };
    await world.media.put({ ...place, bytes: aPng(), type: 'image/png', keptDays: 90 });
    world.clock.advance(1_000);
    expect(await world.erase()).toMatchObject({ files: 1, isRestless: false });
  },
);
