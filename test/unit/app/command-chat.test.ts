import { beforeEach, describe, expect, test } from 'vitest';
import { InMemoryChatArchive } from '#adapters/in-memory/in-memory-chat-archive.ts';
import { InMemoryCommandBook } from '#adapters/in-memory/in-memory-command-book.ts';
import { type CommandWish, commandChat, windowOf } from '#app/command-chat.ts';
import type { Command } from '#domain/conversation/command.ts';
import { newHead } from '#domain/conversation/head.ts';
import { type Chat, parseTenantId } from '#domain/ids.ts';
import {
  aChat,
  aTextMessage,
  PHONE_NUMBER_ID,
  present,
  TENANT_ID,
} from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';

const HOUR_MS = 3_600_000;

let world: ChatWorld;
let book: InMemoryCommandBook;

beforeEach(() => {
  world = new ChatWorld();
  book = new InMemoryCommandBook();
});

function deps() {
  const { store, bell, clock } = world;
  return { archive: new InMemoryChatArchive(store), book, inbox: store, bell, clock };
}

function take(by = 'Ana'): Command {
  return { kind: 'take', by };
}

function say(text = 'We open at 8.'): Command {
  return { kind: 'say', by: 'Ana', content: { kind: 'text', text } };
}

const TEMPLATE: Command = {
  kind: 'say',
  by: 'Ana',
  content: { kind: 'template', name: 'we_are_back', language: 'en', parameters: [] },
};

function give(command: Command, over: Partial<CommandWish> = {}) {
  const numbers = [PHONE_NUMBER_ID];
  const asked = {
    tenant: TENANT_ID,
    contact: aChat().contact,
    numbers,
    own: new Set(numbers),
  };
  return commandChat({ asked, command, id: 'one', correlationId: 'request-2', ...over }, deps());
}

function entries(chat: Chat = aChat()) {
  return world.store
    .transcript(chat)
    .flatMap((each) => (each.direction === 'in' && each.message.command ? [each] : []));
}

describe('a command', () => {
  beforeEach(() => world.accept(aTextMessage('Is anybody there?')));

  test('lies in the inbox of the chat, and its bell is rung', async () => {
    const nowMs = world.clock.now();
    expect(await give(take())).toEqual({ kind: 'accepted', chat: aChat(), atMs: nowMs });
    expect(entries()).toMatchObject([
      {
        key: `${nowMs}#command.one`,
        message: { command: { ...take(), tenantId: 'bakery' }, type: 'command' },
        progress: { kind: 'unfinished' },
        correlationId: 'request-2',
      },
    ]);
    expect(world.bell.rings).toMatchObject([
      { chat: aChat(), messageKey: `${nowMs}#command.one`, number: 0 },
    ]);
  });

  test('that is repeated is the same entry, at the same time, and rings again', async () => {
    const first = await give(say());
    world.clock.advance(60_000);
    expect(await give(say())).toEqual(first);
    expect(entries()).toHaveLength(1);
    expect(world.bell.rings).toHaveLength(2);
  });

  test('is told from another with the same id', async () => {
    await give(say('one'));
    expect(await give(say('two'))).toEqual({ kind: 'id-used' });
    expect(entries()).toHaveLength(1);
  });

  test('that was written down by a process that died then is put by the repetition', async () => {
    const nowMs = world.clock.now();
    const command = { ...say(), tenantId: TENANT_ID };
    await book.claim(aChat(), { id: 'one', command }, nowMs);
    world.clock.advance(30 * HOUR_MS);
    expect(await give(say())).toMatchObject({ kind: 'accepted', atMs: nowMs });
    expect(entries()).toHaveLength(1);
  });

  test('that is not stored, or not rung for, is to be given again', async () => {
    const none = { accept: async () => ['refused' as const] };
    const wish = {
      asked: {
        tenant: TENANT_ID,
        contact: aChat().contact,
        numbers: [PHONE_NUMBER_ID],
        own: new Set([PHONE_NUMBER_ID]),
      },
      command: take(),
      id: 'one',
      correlationId: 'request-2',
    };
    expect(await commandChat(wish, { ...deps(), inbox: none })).toEqual({ kind: 'not-taken' });
    const silent = { ring: async (rings: readonly never[]) => rings };
    expect(await commandChat(wish, { ...deps(), bell: silent as never })).toEqual({
      kind: 'not-taken',
    });
    expect(await give(take())).toMatchObject({ kind: 'accepted' });
  });
});

describe('words', () => {
  test('are refused when the 24 hours are over, with when that was; a template is not', async () => {
    await world.accept(aTextMessage('Hello?'));
    const openUntilMs = 1_790_400_000_000 + 24 * HOUR_MS - 5 * 60_000;
    world.clock.advance(openUntilMs - world.clock.now() - 1);
    expect(await give(say(), { id: 'in-time' })).toMatchObject({ kind: 'accepted' });
    world.clock.advance(1);
    expect(await give(say())).toEqual({ kind: 'window-closed', closedAtMs: openUntilMs });
    expect(await give(TEMPLATE)).toMatchObject({ kind: 'accepted' });
    expect(await give(take(), { id: 'two' })).toMatchObject({ kind: 'accepted' });
  });

  test('that were given in time are not refused when they are given again later', async () => {
    await world.accept(aTextMessage('Hello?'));
    const first = await give(say());
    world.clock.advance(30 * HOUR_MS);
    expect(await give(say())).toEqual(first);
  });

  test('are not let through by a reaction, a notice or somebody’s own command', async () => {
    await world.accept(aTextMessage('Hello?'));
    await give(take());
    world.clock.advance(25 * HOUR_MS);
    const timestamp = String(Math.floor(world.clock.now() / 1000));
    await world.accept(
      aTextMessage('', { type: 'reaction', timestamp }),
      aTextMessage('', { type: 'system', timestamp }),
    );
    await give(take(), { id: 'two' });
    expect(await give(say(), { id: 'three' })).toMatchObject({ kind: 'window-closed' });
    await world.accept(aTextMessage('Me again', { timestamp }));
    expect(await give(say(), { id: 'four' })).toMatchObject({ kind: 'accepted' });
    expect(await windowOf([aChat()], deps())).toMatchObject({ isOpen: true });
  });
});

describe('a chat', () => {
  test('that there is not is not begun by a command', async () => {
    expect(await give(TEMPLATE)).toEqual({ kind: 'chat-unknown' });
    expect(world.bell.rings).toEqual([]);
  });

  test('of another tenant, at a number that was its before, is not there', async () => {
    const other = present(parseTenantId('clinic'));
    await world.store.saveHead(aChat(), { ...newHead(), tenantId: other });
    expect(await give(take())).toEqual({ kind: 'chat-unknown' });
  });

  test('that goes on under another id is commanded there, and an id of before is known', async () => {
    await world.accept(aTextMessage('Hello?'));
    const first = await give(say(), { id: 'before' });
    const moved = aChat('ES.1');
    await world.store.saveHead(aChat(), {
      ...newHead(),
      tenantId: TENANT_ID,
      movedTo: moved.contact,
    });
    const head = { ...newHead(), tenantId: TENANT_ID, phone: aChat().contact };
    await world.store.saveHead(moved, head);
    expect(await give(take(), { id: 'after' })).toMatchObject({ kind: 'accepted', chat: moved });
    expect(entries(moved)).toHaveLength(1);
    expect(first).toMatchObject({ chat: aChat() });
    expect(await give(say('other words'), { id: 'before' })).toEqual({ kind: 'id-used' });
  });
});
