import { expect, test } from 'vitest';
import { listChats, type WantedChats } from '#app/list-chats.ts';
import type { ListedChat } from '#app/ports/chat-index.ts';
import { aChat, TENANT_ID } from '#test/support/builders.ts';

function aListed(id: string, over: Partial<ListedChat> = {}): ListedChat {
  return { chat: aChat(id), lastMessageAtMs: 1, state: 'assistant', flag: undefined, ...over };
}

const CHATS = [
  aListed('ES.1'),
  aListed('ES.2', { flag: 'too-old' }),
  aListed('ES.3', { state: 'human' }),
  aListed('ES.4', { state: 'human', flag: 'undeliverable' }),
];

async function listed(over: Partial<WantedChats>) {
  let read = 0;
  const wanted = { tenant: TENANT_ID, isFlagged: false, state: undefined, limit: 10, ...over };
  const { chats, hasMore } = await listChats(wanted, {
    async *listChats() {
      for (const each of CHATS) {
        read += 1;
        yield each;
      }
    },
  });
  return { ids: chats.map(({ chat }) => chat.contact), hasMore, read };
}

test.each([
  [{}, ['ES.1', 'ES.2', 'ES.3', 'ES.4']],
  [{ isFlagged: true }, ['ES.2', 'ES.4']],
  [{ state: 'human' }, ['ES.3', 'ES.4']],
  [{ state: 'assistant', isFlagged: true }, ['ES.2']],
] as const)('%j gives %j', async (over, ids) => {
  expect(await listed(over)).toMatchObject({ ids, hasMore: false });
});

test('no more than the limit is listed or read, and it is said that there is more', async () => {
  expect(await listed({ limit: 2 })).toEqual({ ids: ['ES.1', 'ES.2'], hasMore: true, read: 3 });
  expect(await listed({ limit: 2, isFlagged: true })).toMatchObject({ hasMore: false });
});

test('of many chats of which few are wanted no more are read than may be, and the next page goes on', async () => {
  const chats = [5, 4, 3, 2, 1].map((lastMessageAtMs) =>
    aListed(`ES.${lastMessageAtMs}`, {
      lastMessageAtMs,
      flag: lastMessageAtMs === 1 ? 'too-old' : undefined,
    }),
  );
  const wanted = { tenant: TENANT_ID, isFlagged: true, state: undefined, limit: 1, mostRead: 3 };
  const index = {
    async *listChats(_: unknown, beforeMs = Number.POSITIVE_INFINITY) {
      yield* chats.filter((each) => each.lastMessageAtMs < beforeMs);
    },
  };
  const first = await listChats(wanted, index);
  expect(first).toEqual({ chats: [], hasMore: true, moreBeforeMs: 3 });
  const second = await listChats({ ...wanted, beforeMs: first.moreBeforeMs }, index);
  expect(second).toEqual({ chats: [chats[4]], hasMore: false, moreBeforeMs: undefined });
});
