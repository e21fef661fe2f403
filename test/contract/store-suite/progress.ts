import { describe, expect, it } from 'vitest';
import type { Progress } from '#domain/conversation/message.ts';
import type { Chat } from '#domain/ids.ts';
import type { Stores } from '../conversation-store-suite.ts';
import { ACCEPTED_AT_MS, aNewChat, anArrival, aTurnId, keyOf } from './arrivals.ts';

export function describeProgress(stores: () => Stores): void {
  async function anAcceptedMessage() {
    const chat = aNewChat();
    const arrival = anArrival(chat);
    await stores().inbox.accept([arrival]);
    return { chat, key: keyOf(arrival) };
  }

  async function progressOf(chat: Chat): Promise<Progress | undefined> {
    const [stored] = await stores().conversations.readRecent(chat, { limit: 1, keys: [] });
    return stored?.direction === 'in' ? stored.progress : undefined;
  }

  async function isListed(key: string): Promise<boolean> {
    const wanted = { acceptedBeforeMs: ACCEPTED_AT_MS + 1, limit: 1_000 };
    return (await stores().unfinished.listUnfinished(wanted)).some((each) => each.key === key);
  }

  describe('progress', () => {
    it('finishes messages for good: the first outcome stays, and parking comes too late', async () => {
      const { chat, key } = await anAcceptedMessage();
      const { conversations } = stores();
      await conversations.finish(chat, [key], { outcome: 'answered', turnId: aTurnId() });
      await conversations.finish(chat, [key], { outcome: 'recorded', turnId: undefined });
      await conversations.park(chat, [key], 'bug');
      await stores().unfinished.park(chat, [key], 'bug');
      const expected = { kind: 'finished', outcome: 'answered', turnId: aTurnId() };
      expect(await progressOf(chat)).toEqual(expected);
      expect(await isListed(key)).toBe(false);
    });

    it('finishes without a turn', async () => {
      const { chat, key } = await anAcceptedMessage();
      await stores().conversations.finish(chat, [key], { outcome: 'recorded', turnId: undefined });
      const expected = { kind: 'finished', outcome: 'recorded', turnId: undefined };
      expect(await progressOf(chat)).toEqual(expected);
    });

    it('parks with a reason, out of the sweeper’s sight', async () => {
      const { chat, key } = await anAcceptedMessage();
      expect(await isListed(key)).toBe(true);
      await stores().conversations.park(chat, [key], 'token');
      expect(await progressOf(chat)).toEqual({ kind: 'parked', reason: 'token' });
      expect(await isListed(key)).toBe(false);
    });

    it('finishes a parked message after its redrive', async () => {
      const { chat, key } = await anAcceptedMessage();
      await stores().unfinished.park(chat, [key], 'configuration');
      await stores().conversations.finish(chat, [key], { outcome: 'answered', turnId: aTurnId() });
      expect(await progressOf(chat)).toMatchObject({ kind: 'finished', outcome: 'answered' });
      expect(await isListed(key)).toBe(false);
    });

    it('skips what is not there, and creates nothing', async () => {
      const chat = aNewChat();
      const key = '1790400000000#wamid.NONE';
      await stores().conversations.finish(chat, [key], { outcome: 'moved', turnId: undefined });
      await stores().conversations.park(chat, [key], 'bug');
      const recent = await stores().conversations.readRecent(chat, { limit: 5, keys: [key] });
      expect(recent).toEqual([]);
    });
  });
}
