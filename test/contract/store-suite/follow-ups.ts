import { describe, expect, it } from 'vitest';
import type { PartReference } from '#domain/conversation/callback-data.ts';
import { outboundKey } from '#domain/conversation/message.ts';
import type { DeliveryStatus } from '#domain/whatsapp/delivery-status.ts';
import type { Stores } from '../conversation-store-suite.ts';
import { aReference } from './references.ts';

const NOW_MS = 1_790_400_100_000;
const ARRIVAL = { nowMs: NOW_MS, correlationId: 'request-9' };

function aStatus(reference: PartReference, status: string): DeliveryStatus {
  return {
    reference,
    wamid: 'wamid.OUT',
    status,
    atMs: NOW_MS,
    errorCode: 131_000,
    pricing: undefined,
  };
}

export function describeFollowUps(stores: () => Stores): void {
  async function fail(reference: PartReference): Promise<boolean> {
    const { deliveries } = stores();
    await deliveries.mergeDelivery(aStatus(reference, 'failed'), NOW_MS);
    return deliveries.requestFollowUp(aStatus(reference, 'failed'), 'send-again', ARRIVAL);
  }

  async function followUpOf(reference: PartReference) {
    const { messages } = await stores().conversations.readRecent(reference.chat, {
      limit: 5,
      keys: [],
    });
    return messages.map((each) => (each.direction === 'out' ? each.followUp : 'inbound'));
  }

  async function listed({ chat, turnId, part }: PartReference) {
    const wanted = { acceptedBeforeMs: NOW_MS + 1, limit: 10_000 };
    const all = await stores().unfinished.listUnfinished(wanted);
    const mine = all.filter(({ chat: { contact } }) => contact === chat.contact);
    expect(mine.every(({ key }) => key === outboundKey(turnId, part))).toBe(true);
    return mine;
  }

  describe('a bubble that could not be delivered', () => {
    it('is among what is unfinished until it is dealt with', async () => {
      const reference = await aReference(stores());
      expect(await fail(reference)).toBe(true);
      expect(await followUpOf(reference)).toEqual(['send-again']);
      const [unfinished] = await listed(reference);
      expect(unfinished).toMatchObject({
        acceptedAtMs: NOW_MS,
        correlationId: 'request-9',
        rings: 0,
      });
      const { conversations } = stores();
      await conversations.settleFollowUp(reference.chat, outboundKey(reference.turnId, 0));
      expect(await followUpOf(reference)).toEqual([undefined]);
      expect(await listed(reference)).toEqual([]);
    });

    it('is rung for by the sweeper, which counts', async () => {
      const reference = await aReference(stores());
      await fail(reference);
      const [unfinished] = await listed(reference);
      if (!unfinished) throw new Error('it is not listed');
      await stores().unfinished.countRing(unfinished, NOW_MS);
      expect(await listed(reference)).toMatchObject([{ rings: 1, rungAtMs: NOW_MS }]);
    });

    it('is followed up once, however often and however late the status comes', async () => {
      const reference = await aReference(stores());
      await fail(reference);
      expect(await fail(reference)).toBe(false);
      await stores().conversations.settleFollowUp(reference.chat, outboundKey(reference.turnId, 0));
      expect(await fail(reference)).toBe(false);
      expect(await followUpOf(reference)).toEqual([undefined]);
    });

    it.each(['delivered', 'read', 'played'])('is left alone where it was %s', async (status) => {
      const reference = await aReference(stores());
      await stores().deliveries.mergeDelivery(aStatus(reference, status), NOW_MS);
      expect(await fail(reference)).toBe(false);
      expect(await listed(reference)).toEqual([]);
    });

    it('keeps its text and its proof, and how often it was sent', async () => {
      const reference = await aReference(stores());
      await fail(reference);
      const key = outboundKey(reference.turnId, 0);
      await stores().conversations.recordOutbound(reference.chat, {
        direction: 'out',
        key,
        ...reference,
        text: 'Two left.',
        wamid: 'wamid.OUT',
        refusedCode: undefined,
        followUp: undefined,
        sends: 2,
        copies: 2,
      });
      expect(await stores().conversations.readOutbound(reference)).toMatchObject({
        text: 'Two left.',
        wamid: 'wamid.OUT',
        followUp: 'send-again',
        sends: 2,
        copies: 2,
      });
    });
  });
}
