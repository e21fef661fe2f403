import { describe, expect, it } from 'vitest';
import { type ChatHead, newHead } from '#domain/conversation/head.ts';
import type { Chat } from '#domain/ids.ts';
import { type ChatMemory, type MemoryItem, NO_MEMORY } from '#domain/memory/memory.ts';
import { aMemoryItem, TENANT_ID } from '#test/support/builders.ts';
import { collect } from '#test/support/collect.ts';
import type { Stores } from '../conversation-store-suite.ts';
import { aNewChat, anArrival } from './arrivals.ts';

const SEEN_MS = 1_790_400_000_000;

let names = 0;

function anItem(over: Partial<MemoryItem> = {}): MemoryItem {
  names += 1;
  return aMemoryItem({ id: `m${names}`, text: `Likes bread of kind ${names} 👋🏽.`, ...over });
}

function aMemory(over: Partial<ChatMemory> = {}): ChatMemory {
  names += 1;
  return {
    revision: `r${names}`,
    tenantId: TENANT_ID,
    beganAtMs: SEEN_MS,
    headVersion: 1,
    extractedUpTo: 0,
    summarisedUpTo: -1,
    forgottenUpTo: -1,
    items: [anItem()],
    ...over,
  };
}

export function describeMemories(stores: () => Stores): void {
  async function aRememberingChat(
    memory: ChatMemory,
  ): Promise<{ readonly chat: Chat; readonly head: ChatHead }> {
    const chat = aNewChat();
    const { conversations, memories } = stores();
    const head = await conversations.saveHead(chat, { ...newHead(), tenantId: TENANT_ID });
    if (head === 'stale') throw new Error('A chat that nobody wrote in is stale');
    const { stored } = await memories.readWithHead(chat);
    expect(await memories.keep(chat, stored, memory)).toBe('kept');
    return { chat, head };
  }

  describe('memories', () => {
    it('are none where nothing is', async () => {
      expect(await stores().memories.readWithHead(aNewChat())).toEqual({
        head: newHead(),
        stored: { memory: NO_MEMORY, strays: [] },
      });
    });

    it('come with the head, as they were kept, and without the messages', async () => {
      const items = [
        anItem({ kind: 'name', text: 'Ana', category: undefined, source: undefined }),
        anItem(),
        anItem({ kind: 'summary', category: undefined, level: 'permanent', confidence: 0.5 }),
      ];
      const memory = aMemory({ items });
      const { chat, head } = await aRememberingChat(memory);
      await stores().conversations.accept([anArrival(chat)]);
      const read = await stores().memories.readWithHead(chat);
      expect(read).toEqual({ head, stored: { memory, strays: [] } });
      const { messages } = await stores().conversations.readRecent(chat, { limit: 9, keys: [] });
      expect(messages).toHaveLength(1);
    });

    it('are replaced as a whole, and of two that read the same the first one is', async () => {
      const before = aMemory({ items: [anItem(), anItem()] });
      const { chat } = await aRememberingChat(before);
      const { memories } = stores();
      const { stored } = await memories.readWithHead(chat);
      const [kept] = before.items;
      const next = aMemory({ items: kept ? [kept, anItem()] : [] });
      expect(await memories.keep(chat, stored, next)).toBe('kept');
      expect(await memories.keep(chat, stored, aMemory())).toBe('stale');
      const after = await memories.readWithHead(chat);
      expect(after.stored).toEqual({ memory: next, strays: [] });
      expect(await memories.keep(chat, after.stored, aMemory({ items: [] }))).toBe('kept');
      const { stored: last } = await memories.readWithHead(chat);
      expect(last).toMatchObject({ memory: { items: [] }, strays: [] });
    });

    it('forget what is named, and the summary, and make stale whoever read before', async () => {
      const [secret, other] = [anItem({ formerIds: ['former'] }), anItem()];
      const summary = anItem({ kind: 'summary' });
      const { chat } = await aRememberingChat(aMemory({ items: [secret, other, summary] }));
      const { memories } = stores();
      const before = await memories.readWithHead(chat);
      await memories.forget(chat, { ids: [secret.id, 'nobody', 'x'.repeat(2_000)], upTo: 7 });
      const after = await memories.readWithHead(chat);
      expect(after.stored.memory).toMatchObject({ forgottenUpTo: 7, items: [other] });
      expect(await memories.keep(chat, before.stored, aMemory())).toBe('stale');
      await memories.forget(chat, { ids: [secret.id], upTo: 7 });
      await memories.forget(chat, { ids: [], upTo: 3 });
      expect(await memories.readWithHead(chat)).toEqual(after);
    });

    it('forget also what has taken the place of what is named', async () => {
      const { chat } = await aRememberingChat(aMemory({ items: [anItem({ formerIds: ['old'] })] }));
      await stores().memories.forget(chat, { ids: ['old'], upTo: 1 });
      const { stored } = await stores().memories.readWithHead(chat);
      expect(stored.memory.items).toEqual([]);
    });

    it('of a chat that has none forget nothing', async () => {
      const chat = aNewChat();
      await stores().memories.forget(chat, { ids: ['m'], upTo: 7 });
      const { stored } = await stores().memories.readWithHead(chat);
      expect(stored).toEqual({ memory: NO_MEMORY, strays: [] });
    });

    it('are dropped as they were read, and left where somebody wrote since', async () => {
      const { chat } = await aRememberingChat(aMemory());
      const { memories } = stores();
      const { stored } = await memories.readWithHead(chat);
      const next = aMemory();
      await memories.keep(chat, stored, next);
      await memories.drop(chat, stored);
      const { stored: kept } = await memories.readWithHead(chat);
      expect(kept.memory).toEqual(next);
      await memories.drop(chat, kept);
      await memories.drop(chat, kept);
      expect((await memories.readWithHead(chat)).stored).toEqual({ memory: NO_MEMORY, strays: [] });
    });

    it('are none where a later release wrote them, and are not written over', async () => {
      const { spoil, memories } = stores();
      if (!spoil) return;
      const chat = aNewChat();
      await spoil(chat, 'MEM#BOOK');
      await spoil(chat, 'MEM#ITEM#odd');
      const { stored } = await memories.readWithHead(chat);
      // A revision that no write meets, and nothing to tidy up: it is all the later release's.
      expect(stored).toEqual({
        memory: { ...NO_MEMORY, revision: 'newer-version' },
        strays: [],
      });
      expect(await memories.keep(chat, stored, aMemory())).toBe('stale');
    });

    it('are among what is exported, and what an erasure finds and removes', async () => {
      const memory = aMemory({ items: [anItem(), anItem()], headVersion: 1 });
      const { chat } = await aRememberingChat(memory);
      const { archive, erasable } = stores();
      const archived = await collect(archive.items(chat));
      expect(archived.map(({ kind }) => kind)).toEqual(['head', 'memory-book', 'memory', 'memory']);
      expect(archived.flatMap((each) => (each.kind === 'memory' ? [each.memory] : []))).toEqual(
        memory.items,
      );
      const { version, items } = await erasable.look(chat);
      expect(items).toHaveLength(3);
      for (const item of items) expect(item).toMatchObject({ kind: 'other', madeOn: 1 });
      const grave = { version, atMs: SEEN_MS, linked: [], tenant: TENANT_ID };
      await erasable.bury(chat, grave);
      await erasable.remove(chat, items);
      await erasable.remove(chat, items);
      expect((await stores().memories.readWithHead(chat)).stored).toEqual({
        memory: NO_MEMORY,
        strays: [],
      });
    });
  });
}
