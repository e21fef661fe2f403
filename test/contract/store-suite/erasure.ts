import { describe, expect, it } from 'vitest';
import { newHead } from '#domain/conversation/head.ts';
import { outboundKey } from '#domain/conversation/message.ts';
import { type Chat, parseContactId } from '#domain/ids.ts';
import type { DeliveryStatus } from '#domain/whatsapp/delivery-status.ts';
import { aParking, present, TENANT_ID } from '#test/support/builders.ts';
import type { Stores } from '../conversation-store-suite.ts';
import { aNewChat, anArrival, aTurnId, keyOf } from './arrivals.ts';
import { aReference } from './references.ts';

const NOW_MS = 1_790_400_200_000;

function aStatus(chat: Chat, version: number): DeliveryStatus {
  return {
    reference: { chat, turnId: aTurnId(NOW_MS, version), part: 0 },
    wamid: 'wamid.LATE',
    status: 'read',
    atMs: NOW_MS,
    errorCode: undefined,
    pricing: undefined,
  };
}

export function describeErasure(stores: () => Stores): void {
  describe('erasure', () => {
    it('finds nothing where nothing is', async () => {
      expect(await stores().erasable.look(aNewChat())).toMatchObject({
        version: 0,
        erasure: undefined,
        hasOpenTurn: false,
        movedTo: undefined,
        former: [],
        named: [],
        erasing: [],
        items: [],
      });
    });

    it('finds all that lies in a chat, and leaves a tombstone', async () => {
      const { conversations, deliveries, erasable, unfinished, parked } = stores();
      const { chat, turnId, part } = await aReference(stores());
      const [open, stopped] = [anArrival(chat), anArrival(chat)];
      await stores().inbox.accept([open, stopped]);
      await conversations.park(chat, [keyOf(stopped)], aParking('token'));
      await deliveries.mergeDelivery(aStatus(chat, 0), NOW_MS);
      const remains = await erasable.look(chat);
      expect(remains).toMatchObject({ version: 1, hasOpenTurn: false });
      const found = remains.items.map(({ key, kind, isUnfinished }) => ({
        key,
        kind,
        isUnfinished,
      }));
      expect(found).toHaveLength(3);
      expect(found).toContainEqual({ key: keyOf(open), kind: 'message', isUnfinished: true });
      expect(found).toContainEqual({ key: keyOf(stopped), kind: 'message', isUnfinished: false });
      expect(found).toContainEqual({
        key: outboundKey(aTurnId(NOW_MS, 0), part),
        kind: 'bubble',
        isUnfinished: false,
      });

      expect(
        await erasable.bury(chat, { version: 1, atMs: NOW_MS, linked: [], tenant: TENANT_ID }),
      ).toEqual({
        atMs: NOW_MS,
        version: 2,
      });
      await erasable.remove(chat, remains.items);
      await erasable.remove(chat, remains.items);
      const erasure = { atMs: NOW_MS, version: 2 };
      expect(await conversations.readHead(chat)).toEqual({ ...newHead(), version: 2, erasure });
      expect(await erasable.look(chat)).toMatchObject({ version: 2, erasure, items: [] });
      const wanted = { acceptedBeforeMs: Number.MAX_SAFE_INTEGER, limit: 100_000 };
      const open1 = await unfinished.listUnfinished(wanted);
      const both = [...open1, ...(await parked.listParked())];
      expect(both.filter((each) => each.chat.contact === chat.contact)).toEqual([]);
      expect(await conversations.readOutbound({ chat, turnId, part })).toBeUndefined();
    });

    it('tells of an open turn, of the other ids, and of when the head was written', async () => {
      const { conversations, inbox, erasable } = stores();
      const chat = aNewChat();
      const id = (text: string) => present(parseContactId(text));
      const turn = {
        id: aTurnId(),
        kind: 'reply' as const,
        waitingSinceMs: NOW_MS,
        answers: [],
        recipient: { waId: undefined, userId: undefined },
        parts: [],
        pairRefusals: 0,
        repeats: undefined,
        forgets: [],
      };
      const links = { movedTo: id('ES.1'), phone: id('34600000001'), formerly: id('34600000002') };
      await conversations.saveHead(chat, { ...newHead(), ...links, openTurn: turn });
      const system = { type: 'user_changed_number', wa_id: '34600000003' };
      await inbox.accept([
        anArrival(chat, { from_user_id: 'ES.1' }),
        anArrival(chat, { type: 'system', system }),
      ]);
      const remains = await erasable.look(chat);
      expect(remains.hasOpenTurn).toBe(true);
      // What a reply answers is among the items, and tells whether it goes on.
      const answering = { ...turn, answers: ['1790400000000#wamid.A'] };
      await conversations.saveHead(chat, { ...newHead(), version: 1, openTurn: answering });
      expect((await erasable.look(chat)).hasOpenTurn).toBe(false);
      expect(remains.savedAtMs).toBeTypeOf('number');
      expect(remains.movedTo).toBe('ES.1');
      expect(remains.former).toEqual(['34600000001', '34600000002']);
      // A message that carries a user id lies in the chat of that.
      expect(remains.named).toEqual(['34600000003']);
      expect(remains.erasing).toEqual([]);
    });

    it('tells whose a chat is, also where the contact has moved on', async () => {
      const { conversations, erasable } = stores();
      for (const movedTo of [undefined, present(parseContactId('ES.1'))]) {
        const chat = aNewChat();
        await conversations.saveHead(chat, { ...newHead(), tenantId: TENANT_ID, movedTo });
        expect((await erasable.look(chat)).tenantId).toBe(TENANT_ID);
      }
    });

    it('fences whoever read the head before, and is fenced itself', async () => {
      const { conversations, erasable } = stores();
      const chat = aNewChat();
      const head = await conversations.saveHead(chat, newHead());
      expect(
        await erasable.bury(chat, { version: 0, atMs: NOW_MS, linked: [], tenant: TENANT_ID }),
      ).toBe('stale');
      expect(
        await erasable.bury(chat, { version: 1, atMs: NOW_MS, linked: [], tenant: TENANT_ID }),
      ).not.toBe('stale');
      if (head === 'stale') throw new Error('it is new');
      expect(await conversations.saveHead(chat, head)).toBe('stale');
      expect(await conversations.saveHead(chat, newHead())).toBe('stale');
    });

    it('leaves a tombstone also where no head was', async () => {
      const { conversations, erasable } = stores();
      const chat = aNewChat();
      expect(
        await erasable.bury(chat, { version: 0, atMs: NOW_MS, linked: [], tenant: TENANT_ID }),
      ).toEqual({
        atMs: NOW_MS,
        version: 1,
      });
      expect(await conversations.saveHead(chat, newHead())).toBe('stale');
    });

    it('tells of the other ids, and whose it was, until the erasure is complete', async () => {
      const { conversations, erasable } = stores();
      const chat = aNewChat();
      const linked = [present(parseContactId('ES.1')), present(parseContactId('34600000001'))];
      await erasable.bury(chat, { version: 0, atMs: NOW_MS, linked, tenant: TENANT_ID });
      expect((await erasable.look(chat)).erasing.toSorted()).toEqual(linked.toSorted());
      expect((await erasable.look(chat)).tenantId).toBe(TENANT_ID);
      const head = await conversations.readHead(chat);
      await erasable.complete(chat);
      await erasable.complete(chat);
      expect(await erasable.look(chat)).toMatchObject({ erasing: [], tenantId: undefined });
      expect(await conversations.readHead(chat)).toEqual(head);
      await erasable.complete(aNewChat());
    });

    it('lets a new conversation begin on the tombstone', async () => {
      const { conversations, erasable } = stores();
      const chat = aNewChat();
      await erasable.bury(chat, { version: 0, atMs: NOW_MS, linked: [], tenant: TENANT_ID });
      const head = await conversations.readHead(chat);
      const saved = await conversations.saveHead(chat, { ...head, state: 'human' });
      expect(saved).toMatchObject({ version: 2, erasure: { atMs: NOW_MS, version: 1 } });
      expect(await conversations.readHead(chat)).toEqual(saved);
    });

    it('takes no status of an erased turn, and those of later ones', async () => {
      const { deliveries, erasable } = stores();
      const chat = aNewChat();
      await erasable.bury(chat, { version: 0, atMs: NOW_MS, linked: [], tenant: TENANT_ID });
      expect(await deliveries.mergeDelivery(aStatus(chat, 0), NOW_MS)).toEqual({ kind: 'gone' });
      expect((await erasable.look(chat)).items).toEqual([]);
      expect(await deliveries.mergeDelivery(aStatus(chat, 1), NOW_MS)).toMatchObject({
        kind: 'merged',
      });
      expect((await erasable.look(chat)).items).toHaveLength(1);
    });

    it('takes no status of a chat that is forgotten', async () => {
      const { deliveries, erasable } = stores();
      const chat = aNewChat();
      expect(await deliveries.mergeDelivery(aStatus(chat, 0), NOW_MS)).toEqual({ kind: 'gone' });
      expect((await erasable.look(chat)).items).toEqual([]);
    });

    it('deletes messages, so that they would be taken again', async () => {
      const { conversations, inbox, erasable } = stores();
      const chat = aNewChat();
      const arrivals = [anArrival(chat), anArrival(chat)];
      await inbox.accept(arrivals);
      await conversations.erase(chat, [...arrivals.map(keyOf), '1790400000000#wamid.NONE']);
      expect((await erasable.look(chat)).items).toEqual([]);
      const [first] = arrivals;
      expect(first && (await inbox.accept([first]))).toEqual(['accepted']);
    });

    it('lets no late write bring a deleted message back', async () => {
      const { conversations, inbox, erasable, unfinished } = stores();
      const chat = aNewChat();
      const arrival = anArrival(chat);
      const key = keyOf(arrival);
      await inbox.accept([arrival]);
      await conversations.erase(chat, [key]);
      await conversations.finish(chat, [key], { outcome: 'answered', turnId: aTurnId() });
      await conversations.park(chat, [key], aParking('bug'));
      await conversations.resume(chat, [key]);
      await conversations.moveAway(chat, [key], 1);
      await conversations.takeBack(chat, [key], 1);
      await conversations.settleFollowUp(chat, outboundKey(aTurnId(), 0));
      const rung = { chat, key, acceptedAtMs: 1, correlationId: '', rings: 0, rungAtMs: undefined };
      await unfinished.countRing(rung, NOW_MS);
      expect((await erasable.look(chat)).items).toEqual([]);
    });

    it('deletes the kept events that a test picks, of one account or of none', async () => {
      const { deliveries, erasable } = stores();
      const event = {
        kind: 'event',
        field: 'history',
        phoneNumberId: '100000000000001',
        receivedAtMs: NOW_MS,
        correlationId: 'request-1',
      };
      const about = (who: string) => ({ history: [{ threads: [{ id: who }] }] });
      const accountId = 'erasure-suite';
      for (const who of ['a', 'b', 'c']) {
        await deliveries.keepEvent({ ...event, accountId, payload: about(who) });
      }
      await deliveries.keepEvent({ ...event, accountId: undefined, payload: about('a') });
      const isOfA = ({ payload }: { payload: unknown }) => JSON.stringify(payload).includes('"a"');
      expect(await erasable.removeEvents(accountId, isOfA)).toBe(1);
      expect(await erasable.removeEvents(accountId, isOfA)).toBe(0);
      expect(await erasable.removeEvents(undefined, isOfA)).toBe(1);
      const seen: unknown[] = [];
      await erasable.removeEvents(accountId, ({ phoneNumberId, payload }) => {
        seen.push({ phoneNumberId, payload });
        return false;
      });
      const rest = ['b', 'c'].map((who) => ({
        phoneNumberId: '100000000000001',
        payload: about(who),
      }));
      expect(seen).toHaveLength(2);
      expect(seen).toEqual(expect.arrayContaining(rest));
    });
  });
}
