import { describe, expect, it } from 'vitest';
import type { Chat } from '#domain/ids.ts';
import type { Stores } from '../conversation-store-suite.ts';
import { aNewChat, aTurnId, keyOf, someArrivals } from './arrivals.ts';

export function describeRecentMessages(stores: () => Stores): void {
  async function acceptSome(chat: Chat, count: number): Promise<readonly string[]> {
    const arrivals = someArrivals(chat, count);
    await stores().inbox.accept(arrivals.toReversed());
    return arrivals.map(keyOf);
  }

  async function finish(chat: Chat, keys: readonly string[]): Promise<void> {
    await stores().conversations.finish(chat, keys, { outcome: 'answered', turnId: aTurnId() });
  }

  async function readKeys(chat: Chat, limit: number, keys: readonly string[] = []) {
    const { messages: recent } = await stores().conversations.readRecent(chat, { limit, keys });
    return recent.map((message) => message.key);
  }

  describe('recent messages', () => {
    it('gives nothing for a chat that has none', async () => {
      expect(await readKeys(aNewChat(), 5, ['1790400000000#wamid.NONE'])).toEqual([]);
    });

    it('gives the newest, oldest first, whatever the order of their arrival', async () => {
      const chat = aNewChat();
      const keys = await acceptSome(chat, 6);
      await finish(chat, keys);
      expect((await readKeys(chat, 3)).slice(-3)).toEqual(keys.slice(-3));
    });

    it('goes on beyond the limit while what it finds is unfinished', async () => {
      const chat = aNewChat();
      const keys = await acceptSome(chat, 12);
      await finish(chat, keys.slice(0, 2));
      expect(await readKeys(chat, 3)).toEqual(expect.arrayContaining(keys.slice(2)));
    });

    it('goes on to unfinished ones that lie directly before finished ones', async () => {
      const chat = aNewChat();
      const keys = await acceptSome(chat, 8);
      await finish(chat, keys.slice(6));
      expect(await readKeys(chat, 2)).toEqual(expect.arrayContaining(keys.slice(1)));
    });

    it('finds a named message, however old, and skips one that is not there', async () => {
      const chat = aNewChat();
      const keys = await acceptSome(chat, 30);
      await finish(chat, keys);
      const named = [...keys.slice(0, 1), ...keys.slice(-1), '1790400000000#wamid.NONE'];
      const read = await readKeys(chat, 2, named);
      expect(read[0]).toBe(keys[0]);
      expect(read.slice(-2)).toEqual(keys.slice(-2));
      expect(new Set(read).size).toBe(read.length);
    });

    it('has our own bubbles among them, in the order of time', async () => {
      const chat = aNewChat();
      const [first = '', second = ''] = await acceptSome(chat, 2);
      const key = '1790400000500#turn-0.0';
      const turnId = aTurnId(1_790_400_000_500);
      const bubble = {
        direction: 'out',
        key,
        turnId,
        part: 0,
        text: 'Hello',
        wamid: 'w',
        refusedCode: undefined,
        followUp: undefined,
        sends: 1,
        copies: 1,
      } as const;
      await stores().conversations.recordOutbound(chat, bubble);
      expect(await readKeys(chat, 9)).toEqual([first, key, second]);
    });
  });
}
