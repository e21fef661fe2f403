import { expect, test } from 'vitest';
import { InMemoryChatArchive } from '#adapters/in-memory/in-memory-chat-archive.ts';
import { InMemoryConversations } from '#adapters/in-memory/in-memory-conversations.ts';
import { type AskedContact, chatsOf, findContact } from '#app/find-contact.ts';
import { type ChatHead, newHead } from '#domain/conversation/head.ts';
import { parseTenantId } from '#domain/ids.ts';
import { aChat, PHONE_NUMBER_ID, present, TENANT_ID } from '#test/support/builders.ts';
import { ManualClock } from '#test/support/recorders.ts';

const [PHONE, USER, STRANGER] = ['34600111222', 'ES.1', 'ES.2'].map((id) => aChat(id));
const OTHER_TENANT = present(parseTenantId('clinic'));

function idOf(chat: typeof PHONE) {
  return present(chat).contact;
}

async function anArchive(heads: Readonly<Record<string, Partial<ChatHead>>>) {
  const conversations = new InMemoryConversations(new ManualClock());
  for (const [id, head] of Object.entries(heads)) {
    await conversations.saveHead(aChat(id), { ...newHead(), tenantId: TENANT_ID, ...head });
  }
  return new InMemoryChatArchive(conversations);
}

async function found(id: string, heads: Readonly<Record<string, Partial<ChatHead>>>) {
  const chats = await findContact(aChat(id), await anArchive(heads));
  return chats.map(({ chat }) => chat.contact);
}

const LINKED = {
  '34600111222': { movedTo: idOf(USER) },
  'ES.1': { phone: idOf(PHONE), formerly: idOf(PHONE) },
};

test.each([['34600111222'], ['ES.1']])('a contact is found under %s with both ids', async (id) => {
  expect(await found(id, LINKED)).toEqual(['ES.1', '34600111222']);
});

test('a contact of whom nothing is stored is looked for under the given id', async () => {
  expect(await found('ES.1', {})).toEqual(['ES.1']);
});

test('a chain of moves is followed to its end, and back to its beginning', async () => {
  const chain = {
    'ES.1': { movedTo: aChat('ES.2').contact },
    'ES.2': { movedTo: aChat('ES.3').contact, formerly: aChat('ES.1').contact },
    'ES.3': { formerly: aChat('ES.2').contact },
  };
  for (const id of Object.keys(chain)) {
    expect(await found(id, chain)).toEqual(['ES.3', 'ES.2', 'ES.1']);
  }
});

test('chats that point at each other are each looked at once', async () => {
  const ring = { 'ES.1': { movedTo: idOf(STRANGER) }, 'ES.2': { movedTo: idOf(USER) } };
  expect([...(await found('ES.1', ring))].sort()).toEqual(['ES.2']);
});

test('a phone number that is somebody else’s by now leads to nobody else', async () => {
  const recycled = {
    '34600111222': { movedTo: idOf(STRANGER) },
    'ES.1': { phone: idOf(PHONE), formerly: idOf(PHONE) },
    'ES.2': { phone: idOf(PHONE) },
  };
  expect(await found('ES.1', recycled)).toEqual(['ES.1']);
  expect(await found('ES.2', recycled)).toEqual(['ES.2', '34600111222']);
});

function anAsked(over: Partial<AskedContact> = {}): AskedContact {
  return {
    tenant: TENANT_ID,
    contact: idOf(USER),
    numbers: [PHONE_NUMBER_ID],
    own: new Set([PHONE_NUMBER_ID]),
    ...over,
  };
}

test.each([
  ['the tenant’s own', { 'ES.1': {} }, anAsked(), 1],
  [
    'one that names no tenant, at the tenant’s number',
    { 'ES.1': { tenantId: undefined } },
    anAsked(),
    1,
  ],
  ['one of nobody, at another’s number', {}, anAsked({ own: new Set() }), 0],
  [
    'one that it had at a number that it has no more',
    { 'ES.1': {} },
    anAsked({ own: new Set() }),
    1,
  ],
  ['one that the number’s former tenant had', { 'ES.1': { tenantId: OTHER_TENANT } }, anAsked(), 0],
])('of %s, so many are given: %#', async (_, heads, asked, count) => {
  const chats = await findContact(aChat('ES.1'), await anArchive(heads));
  expect(chatsOf(asked, chats)).toHaveLength(count);
});
