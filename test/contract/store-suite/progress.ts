import { describe, expect, it } from 'vitest';
import type { Progress } from '#domain/conversation/message.ts';
import type { Chat } from '#domain/ids.ts';
import { aParking } from '#test/support/builders.ts';
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
    const {
      messages: [stored],
    } = await stores().conversations.readRecent(chat, { limit: 1, keys: [] });
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
      await conversations.park(chat, [key], aParking('bug'));
      await conversations.resume(chat, [key]);
      const expected = { kind: 'finished', outcome: 'answered', turnId: aTurnId() };
      expect(await progressOf(chat)).toEqual(expected);
      expect(await isListed(key)).toBe(false);
    });

    it('takes up what was left to a person, as if it had just come, and nothing else', async () => {
      const chat = aNewChat();
      const arrivals = [anArrival(chat), anArrival(chat), anArrival(chat)];
      await stores().inbox.accept(arrivals);
      const [one, two, answered] = arrivals.map(keyOf);
      if (!one || !two || !answered) throw new Error('There are three');
      const { conversations } = stores();
      await conversations.leave(chat, [one, two], 4);
      await conversations.finish(chat, [answered], { outcome: 'answered', turnId: aTurnId() });
      await conversations.takeUp(chat, [one, two, answered, 'of nobody'], 5);
      await conversations.takeUp(chat, [one], 5);
      const { messages } = await conversations.readRecent(chat, { limit: 9, keys: [] });
      const inbound = messages.filter((each) => each.direction === 'in');
      const of = (key: string) => inbound.find((each) => each.key === key);
      expect(inbound).toHaveLength(3);
      expect(of(one)?.progress).toEqual({ kind: 'unfinished' });
      expect(of(answered)?.progress).toMatchObject({ outcome: 'answered' });
      const [first = 0, second = 0] = [of(one)?.acceptedAtMs, of(two)?.acceptedAtMs];
      expect(second).toBe(first + 1);
      expect(of(one)?.waitingSinceMs).toBe(first);
      // Nobody takes it for something that has waited all the while.
      expect(await isListed(one)).toBe(first <= ACCEPTED_AT_MS);
    });

    it('does not leave to a person what was taken up since', async () => {
      const { chat, key } = await anAcceptedMessage();
      const { conversations } = stores();
      await conversations.takeUp(chat, [key], 5);
      await conversations.leave(chat, [key], 4);
      expect(await progressOf(chat)).toEqual({ kind: 'unfinished' });
      await conversations.leave(chat, [key], 5);
      expect(await progressOf(chat)).toMatchObject({ outcome: 'handed-over' });
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
      await stores().conversations.park(chat, [key], aParking('token'));
      expect(await progressOf(chat)).toEqual({ kind: 'parked', parking: aParking('token') });
      expect(await isListed(key)).toBe(false);
    });

    it('resumes a parked message: the sweeper watches over it again, and counts from the start', async () => {
      const { chat, key } = await anAcceptedMessage();
      const { conversations, unfinished } = stores();
      const wanted = { acceptedBeforeMs: ACCEPTED_AT_MS + 1, limit: 1_000 };
      const find = async () =>
        (await unfinished.listUnfinished(wanted)).find((each) => each.key === key);
      const before = await find();
      if (before) await unfinished.countRing(before, ACCEPTED_AT_MS + 60_000);
      await conversations.park(chat, [key], aParking('token'));
      if (before) await unfinished.countRing(before, ACCEPTED_AT_MS + 120_000);
      await conversations.resume(chat, [key]);
      expect(await progressOf(chat)).toEqual({ kind: 'unfinished' });
      expect(await find()).toEqual(before);
    });

    it('counts the wait of a resumed message anew', async () => {
      const { chat, key } = await anAcceptedMessage();
      const { conversations } = stores();
      await conversations.park(chat, [key], aParking('token'));
      await conversations.resume(chat, [key]);
      const { messages } = await conversations.readRecent(chat, { limit: 1, keys: [] });
      const [stored] = messages.filter((each) => each.direction === 'in');
      expect(stored?.acceptedAtMs).toBe(ACCEPTED_AT_MS);
      expect(stored?.waitingSinceMs).not.toBe(ACCEPTED_AT_MS);
    });

    it('resumes nothing that is not parked', async () => {
      const { chat, key } = await anAcceptedMessage();
      const { conversations } = stores();
      await conversations.resume(chat, [key]);
      await conversations.finish(chat, [key], { outcome: 'recorded', turnId: undefined });
      await conversations.resume(chat, [key, '1790400000000#wamid.NONE']);
      expect(await progressOf(chat)).toMatchObject({ kind: 'finished' });
      expect(await isListed(key)).toBe(false);
    });

    it('takes back what has moved away, and nothing else', async () => {
      const { conversations } = stores();
      const [moved, answered] = [await anAcceptedMessage(), await anAcceptedMessage()];
      await conversations.moveAway(moved.chat, [moved.key], 1);
      expect(await progressOf(moved.chat)).toMatchObject({ outcome: 'moved' });
      expect(await isListed(moved.key)).toBe(false);
      const result = { outcome: 'answered', turnId: aTurnId() } as const;
      await conversations.finish(answered.chat, [answered.key], result);
      for (const { chat, key } of [moved, answered]) {
        await conversations.takeBack(chat, [key, '1790400000000#wamid.NONE'], 2);
      }
      expect(await progressOf(moved.chat)).toEqual({ kind: 'unfinished' });
      expect(await isListed(moved.key)).toBe(true);
      expect(await progressOf(answered.chat)).toMatchObject({ outcome: 'answered' });
    });

    it('moves nothing away that was taken back since, also where it had not moved yet', async () => {
      const { conversations } = stores();
      const { chat, key } = await anAcceptedMessage();
      await conversations.takeBack(chat, [key], 5);
      await conversations.moveAway(chat, [key], 4);
      expect(await progressOf(chat)).toEqual({ kind: 'unfinished' });
      await conversations.moveAway(chat, [key], 5);
      expect(await progressOf(chat)).toMatchObject({ outcome: 'moved' });
      await conversations.takeBack(chat, [key], 6);
      await conversations.moveAway(chat, [key], 5);
      expect(await progressOf(chat)).toEqual({ kind: 'unfinished' });
    });

    it('finishes a parked message after its redrive', async () => {
      const { chat, key } = await anAcceptedMessage();
      await stores().conversations.park(chat, [key], aParking('configuration'));
      await stores().conversations.finish(chat, [key], { outcome: 'answered', turnId: aTurnId() });
      expect(await progressOf(chat)).toMatchObject({ kind: 'finished', outcome: 'answered' });
      expect(await isListed(key)).toBe(false);
    });

    it('skips what is not there, and creates nothing', async () => {
      const chat = aNewChat();
      const key = '1790400000000#wamid.NONE';
      await stores().conversations.finish(chat, [key], { outcome: 'moved', turnId: undefined });
      await stores().conversations.park(chat, [key], aParking('bug'));
      const { messages: recent } = await stores().conversations.readRecent(chat, {
        limit: 5,
        keys: [key],
      });
      expect(recent).toEqual([]);
    });
  });
}
