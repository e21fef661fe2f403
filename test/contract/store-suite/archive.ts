import { describe, expect, it } from 'vitest';
import type { ArchivedItem } from '#app/ports/chat-archive.ts';
import { newHead } from '#domain/conversation/head.ts';
import { outboundKey, type StoredOutbound } from '#domain/conversation/message.ts';
import type { Chat } from '#domain/ids.ts';
import type { DeliveryStatus } from '#domain/whatsapp/delivery-status.ts';
import { aParking, TENANT_ID } from '#test/support/builders.ts';
import { collect } from '#test/support/collect.ts';
import type { Stores } from '../conversation-store-suite.ts';
import { ACCEPTED_AT_MS, aNewChat, anArrival, aTurnId, keyOf, someArrivals } from './arrivals.ts';

const NOTHING_TOLD = {
  sentAtMs: undefined,
  deliveredAtMs: undefined,
  readAtMs: undefined,
  playedAtMs: undefined,
  failedAtMs: undefined,
  failedCode: undefined,
  otherStatuses: [],
  pricing: undefined,
};

function aBubble(over: Partial<StoredOutbound> = {}): StoredOutbound {
  const turnId = aTurnId();
  return {
    direction: 'out',
    key: outboundKey(turnId, 0),
    turnId,
    part: 0,
    text: 'Two left.',
    wamid: 'wamid.OUT',
    refusedCode: undefined,
    followUp: undefined,
    sends: 1,
    copies: 1,
    ...over,
  };
}

function aStatus(chat: Chat, over: Partial<DeliveryStatus>): DeliveryStatus {
  return {
    reference: { chat, turnId: aTurnId(), part: 0 },
    wamid: 'wamid.OUT',
    status: 'sent',
    atMs: 1_000,
    errorCode: undefined,
    pricing: undefined,
    ...over,
  };
}

let accounts = 0;

export function describeArchive(stores: () => Stores): void {
  describe('archive', () => {
    async function itemsOf(chat: Chat): Promise<readonly ArchivedItem[]> {
      return collect(stores().archive.items(chat));
    }

    it('has nothing of a chat that nobody wrote in', async () => {
      const chat = aNewChat();
      expect(await stores().archive.findHead(chat)).toBeUndefined();
      expect(await itemsOf(chat)).toEqual([]);
      expect(await stores().archive.newest(chat, 5)).toEqual([]);
    });

    it('finds messages and bubbles by their keys, and leaves out what is not there', async () => {
      const chat = aNewChat();
      const { conversations, archive } = stores();
      const arrival = anArrival(chat);
      await conversations.accept([arrival]);
      await conversations.recordOutbound(chat, aBubble());
      const keys = [aBubble().key, '0000000000001#wamid.NONE', keyOf(arrival)];
      expect(await archive.messagesOf(chat, keys)).toMatchObject([
        { kind: 'bubble', bubble: { text: 'Two left.' } },
        { kind: 'message', message: { message: { wamid: arrival.message.wamid } } },
      ]);
      expect(await archive.messagesOf(chat, [])).toEqual([]);
    });

    it('has everything of a chat, the head first and messages by their time', async () => {
      const chat = aNewChat();
      const { conversations, archive } = stores();
      const head = await conversations.saveHead(chat, { ...newHead(), tenantId: TENANT_ID });
      const [first, second] = [anArrival(chat), anArrival(chat, { timestamp: '1790400060' })];
      await conversations.accept([second, first]);
      await conversations.park(chat, [keyOf(second)], aParking());
      await conversations.recordOutbound(chat, aBubble());
      const inbound = (arrival: typeof first, progress: object) => ({
        kind: 'message',
        key: `MSG#${keyOf(arrival)}`,
        message: {
          direction: 'in',
          key: keyOf(arrival),
          message: arrival.message,
          acceptedAtMs: ACCEPTED_AT_MS,
          waitingSinceMs: ACCEPTED_AT_MS,
          position: 0,
          correlationId: 'request-1',
          progress,
        },
      });
      expect(await itemsOf(chat)).toEqual([
        { kind: 'head', key: 'HEAD', head },
        inbound(first, { kind: 'unfinished' }),
        { kind: 'bubble', key: `MSG#${aBubble().key}`, bubble: aBubble(), delivery: NOTHING_TOLD },
        inbound(second, { kind: 'parked', parking: aParking() }),
      ]);
      expect(await archive.findHead(chat)).toEqual(head);
    });

    it('knows what Meta told of a bubble, in whatever order', async () => {
      const chat = aNewChat();
      const { conversations, deliveries, archive } = stores();
      await conversations.recordOutbound(chat, aBubble());
      const pricing = { billable: true, category: 'service' };
      for (const status of [
        aStatus(chat, { status: 'read', atMs: 3_000 }),
        aStatus(chat, { status: 'sent', atMs: 1_000, pricing }),
        aStatus(chat, { status: 'sent', atMs: 9_000 }),
        aStatus(chat, { status: 'held_for_quality', atMs: 4_000 }),
        aStatus(chat, { status: 'failed', atMs: 5_000, errorCode: 131_026 }),
      ]) {
        await deliveries.mergeDelivery(status, ACCEPTED_AT_MS);
      }
      expect(await archive.newest(chat, 1)).toMatchObject([
        {
          bubble: aBubble(),
          delivery: {
            ...NOTHING_TOLD,
            sentAtMs: 1_000,
            readAtMs: 3_000,
            failedAtMs: 5_000,
            failedCode: 131_026,
            otherStatuses: ['held_for_quality 4000'],
            pricing,
          },
        },
      ]);
    });

    it('gives the newest messages first, and no more than were asked for', async () => {
      const chat = aNewChat();
      const arrivals = someArrivals(chat, 7);
      await stores().conversations.accept(arrivals);
      const newest = await stores().archive.newest(chat, 3);
      expect(newest.map(({ key }) => key)).toEqual(
        arrivals
          .map((each) => `MSG#${keyOf(each)}`)
          .slice(-3)
          .toReversed(),
      );
    });

    it('goes on to the next page, as long as it is asked', async () => {
      const chat = aNewChat();
      const body = 'x'.repeat(200_000);
      const arrivals = someArrivals(chat, 12).map((each) => ({
        ...each,
        message: { ...each.message, raw: { ...each.message.raw, text: { body } } },
      }));
      await stores().conversations.accept(arrivals);
      expect((await itemsOf(chat)).map(({ key }) => key)).toEqual(
        arrivals.map((each) => `MSG#${keyOf(each)}`),
      );
      const some = await stores().archive.items(chat)[Symbol.asyncIterator]();
      expect(await some.next()).toMatchObject({
        value: { key: `MSG#${keyOf(arrivals[0] ?? anArrival(chat))}` },
      });
      await some.return?.();
    });

    it('gives each item once, also while others are written', async () => {
      const chat = aNewChat();
      const body = 'x'.repeat(200_000);
      const arrivals = someArrivals(chat, 12).map((each) => ({
        ...each,
        message: { ...each.message, raw: { ...each.message.raw, text: { body } } },
      }));
      await stores().conversations.accept(arrivals);
      const keys: string[] = [];
      for await (const { key } of stores().archive.items(chat)) {
        if (keys.length === 0) {
          const finished = { outcome: 'answered', turnId: undefined } as const;
          await stores().conversations.finish(chat, arrivals.map(keyOf), finished);
          await stores().conversations.saveHead(chat, newHead());
          await stores().conversations.accept([anArrival(chat, { timestamp: '1790409999' })]);
        }
        keys.push(key);
      }
      const first = arrivals.map((each) => `MSG#${keyOf(each)}`);
      // What was written meanwhile may be there or not.
      expect(keys.slice(0, first.length)).toEqual(first);
      expect(new Set(keys).size).toBe(keys.length);
    });

    it('gives what it cannot read as it is stored', async ({ skip }) => {
      const { spoil, archive, conversations } = stores();
      if (!spoil) return skip();
      const chat = aNewChat();
      for (const key of ['HEAD', 'MEM#1', 'MSG#1790400000000#wamid.X']) await spoil(chat, key);
      await conversations.accept([anArrival(chat, { timestamp: '1790400060' })]);
      const items = await itemsOf(chat);
      expect(items.map(({ kind }) => kind)).toEqual(['other', 'other', 'other', 'message']);
      expect(items[1]).toMatchObject({ key: 'MEM#1', stored: { v: 9, words: ['a', 'b'] } });
      expect(await archive.findHead(chat)).toBe('unreadable');
      expect(await archive.newest(chat, 1)).toHaveLength(1);
    });

    it('has the events that nobody handled, by their account', async () => {
      accounts += 1;
      const accountId = `20000000000000${accounts}`;
      const event = {
        kind: 'event',
        field: 'user_preferences',
        accountId,
        phoneNumberId: '100000000000001',
        payload: { user_preferences: [{ wa_id: '34600111222', value: 'stop' }] },
        receivedAtMs: 1_790_400_000_000,
        correlationId: 'request-1',
      };
      const later = { ...event, receivedAtMs: 1_790_400_001_000 };
      const homeless = { ...event, accountId: undefined, phoneNumberId: undefined };
      for (const each of [event, later, homeless]) await stores().deliveries.keepEvent(each);
      const eventsOf = async (account: string | undefined) =>
        (await collect(stores().archive.keptEvents(account))).map((each) => each.event);
      expect(await eventsOf(accountId)).toEqual([event, later]);
      expect(await eventsOf(undefined)).toContainEqual(homeless);
      expect(await eventsOf('300000000000001')).toEqual([]);
    });
  });
}
