import { expect, test } from 'vitest';
import { InMemoryChatArchive } from '#adapters/in-memory/in-memory-chat-archive.ts';
import { type ExportedContact, type ExportedPart, exportChat } from '#app/export-chat.ts';
import type { ArchivedItem, ChatArchive } from '#app/ports/chat-archive.ts';
import type { KeptEvent } from '#app/ports/conversation-store.ts';
import { newHead } from '#domain/conversation/head.ts';
import { parseContactId } from '#domain/ids.ts';
import {
  aChat,
  aMessage,
  aStoredInbound,
  aTextMessage,
  PHONE_NUMBER_ID,
  present,
  TENANT_ID,
} from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';
import { collect } from '#test/support/collect.ts';

const ACCOUNT = '200000000000001';

function anAsked(contact: string, over: Partial<ExportedContact> = {}): ExportedContact {
  return {
    tenant: TENANT_ID,
    contact: present(parseContactId(contact)),
    numbers: [PHONE_NUMBER_ID],
    own: new Set([PHONE_NUMBER_ID]),
    accounts: [ACCOUNT],
    ...over,
  };
}

function anEvent(payload: unknown, over: Partial<KeptEvent> = {}): KeptEvent {
  return {
    kind: 'event',
    field: 'user_preferences',
    accountId: ACCOUNT,
    phoneNumberId: PHONE_NUMBER_ID,
    payload,
    receivedAtMs: 1_790_400_000_000,
    correlationId: 'request-1',
    ...over,
  };
}

async function exported(world: ChatWorld, asked: ExportedContact): Promise<readonly string[]> {
  const parts = await collect(exportChat(asked, new InMemoryChatArchive(world.store)));
  return parts.map(inWords);
}

function inWords(part: ExportedPart): string {
  switch (part.kind) {
    case 'chat':
      return `chat ${part.chat.contact}`;
    case 'item':
      return part.item.kind;
    case 'event':
      return `event ${JSON.stringify(part.event.payload)}`;
  }
}

test('a chat is exported with its head, its messages and our bubbles', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello'));
  world.clock.advance(1_000);
  await world.answer();
  expect(await exported(world, anAsked('34600111222'))).toEqual([
    'chat 34600111222',
    'head',
    'message',
    'bubble',
  ]);
});

test('both ids of a contact are exported, whichever is asked for', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('before'));
  await world.answer();
  const later = aMessage({ from_user_id: 'ES.1', timestamp: '1790400060' });
  await world.accept(later);
  await world.answer(later.chat);
  for (const id of ['34600111222', 'ES.1']) {
    const parts = await exported(world, anAsked(id));
    expect(parts.filter((each) => each.startsWith('chat'))).toEqual([
      'chat ES.1',
      'chat 34600111222',
    ]);
  }
});

test('an id that only the messages name is followed as well', async () => {
  const world = new ChatWorld();
  const message = aMessage({ from_user_id: 'ES.1' });
  await world.accept(message);
  const phone = aChat('34600111222');
  const movedTo = message.chat.contact;
  await world.store.saveHead(phone, { ...newHead(), tenantId: TENANT_ID, movedTo });
  expect(await exported(world, anAsked('ES.1'))).toContain('chat 34600111222');
});

test('of a group no member’s own chat is exported', async () => {
  const world = new ChatWorld();
  const groupMessage = aMessage({ group_id: 'GROUP1' });
  await world.accept(groupMessage, aTextMessage('mine'));
  const member = aChat('34600111222');
  const movedTo = groupMessage.chat.contact;
  await world.store.saveHead(member, { ...newHead(), tenantId: TENANT_ID, movedTo });
  expect(await exported(world, anAsked('GROUP1'))).toEqual(['chat GROUP1', 'message']);
});

test('of kept events those that name the contact come along, and no other number’s', async () => {
  const world = new ChatWorld();
  const theirs = { preferences: [{ wa_id: '34600111222' }] };
  const events = [
    anEvent(theirs),
    anEvent({ to: '+34600111222' }, { accountId: undefined }),
    anEvent({ user_id: '34600111222' }, { phoneNumberId: undefined }),
    anEvent({ wa_id: '346001112223', note: 'about 34600111222' }),
    anEvent(theirs, { phoneNumberId: '100000000000002' }),
    anEvent(theirs, { accountId: '200000000000002' }),
    anEvent(theirs, { accountId: undefined, phoneNumberId: undefined }),
  ];
  for (const event of events) await world.store.keepEvent(event);
  expect(await exported(world, anAsked('34600111222'))).toEqual(
    events
      .slice(0, 3)
      .map(({ payload }) => `event ${JSON.stringify(payload)}`)
      .sort(byAccount),
  );
});

/** Those that name no account come last. */
function byAccount(one: string, other: string): number {
  return Number(one.includes('"to"')) - Number(other.includes('"to"'));
}

test('what is read next waits until it is asked for', async () => {
  let read = 0;
  const message = aMessage();
  const item: ArchivedItem = {
    kind: 'message',
    key: 'MSG#1',
    message: aStoredInbound(message, 1),
  };
  const archive: ChatArchive = {
    findHead: async () => undefined,
    findPreference: async () => undefined,
    newest: async () => [],
    messagesOf: async () => [],
    async *keptEvents() {},
    async *items() {
      for (;;) {
        read += 1;
        yield item;
      }
    },
  };
  const parts = exportChat(anAsked('34600111222'), archive);
  for (let taken = 0; taken < 4; taken += 1) await parts.next();
  expect(read).toBeLessThanOrEqual(4);
  await parts.return(undefined);
});
