import { describe, expect, it } from 'vitest';
import type { MergedDelivery } from '#app/ports/conversation-store.ts';
import type { PartReference } from '#domain/conversation/callback-data.ts';
import { outboundKey, type StoredOutbound } from '#domain/conversation/message.ts';
import type { DeliveryStatus } from '#domain/whatsapp/delivery-status.ts';
import type { Stores } from '../conversation-store-suite.ts';
import { aReference } from './references.ts';

const NOW_MS = 1_790_400_020_000;

function aStatus(reference: PartReference, over: Partial<DeliveryStatus> = {}): DeliveryStatus {
  return {
    reference,
    wamid: 'wamid.OUT1',
    status: 'sent',
    atMs: 1_790_400_012_000,
    errorCode: undefined,
    pricing: undefined,
    ...over,
  };
}

function aBubble({ turnId, part }: PartReference, wamid?: string): StoredOutbound {
  const key = outboundKey(turnId, part);
  return {
    direction: 'out',
    key,
    turnId,
    part,
    text: 'Two left.',
    wamid,
    refusedCode: undefined,
    followUp: undefined,
    sends: 1,
    copies: 1,
  };
}

export function describeDeliveries(stores: () => Stores): void {
  describe('bubbles and their deliveries', () => {
    it('knows nothing of a bubble that neither we nor a status spoke of', async () => {
      expect(await stores().conversations.readOutbound(await aReference(stores()))).toBeUndefined();
    });

    it('keeps why a bubble was refused', async () => {
      const reference = await aReference(stores());
      const refused = { ...aBubble(reference), refusedCode: 'graph:131047' };
      await stores().conversations.recordOutbound(reference.chat, refused);
      expect(await stores().conversations.readOutbound(reference)).toEqual(refused);
    });

    it('keeps that a bubble was perhaps sent, and takes the id of a status that proves it', async () => {
      const reference = await aReference(stores());
      const unsure = { ...aBubble(reference), refusedCode: 'maybe-sent' };
      await stores().conversations.recordOutbound(reference.chat, unsure);
      await stores().deliveries.mergeDelivery(aStatus(reference), NOW_MS);
      expect(await stores().conversations.readOutbound(reference)).toEqual({
        ...unsure,
        wamid: 'wamid.OUT1',
      });
    });

    it('reads a recorded bubble back', async () => {
      const reference = await aReference(stores());
      const bubble = aBubble(reference, 'wamid.OUT1');
      await stores().conversations.recordOutbound(reference.chat, bubble);
      await stores().conversations.recordOutbound(reference.chat, bubble);
      expect(await stores().conversations.readOutbound(reference)).toEqual(bubble);
    });

    it('keeps that a person said it, and which template it was', async () => {
      const reference = await aReference(stores());
      const said = { author: 'person', template: 'cake_ready' } as const;
      const bubble = { ...aBubble(reference, 'wamid.OUT1'), ...said };
      await stores().conversations.recordOutbound(reference.chat, bubble);
      expect(await stores().conversations.readOutbound(reference)).toEqual(bubble);
    });

    it('proves a bubble by a status alone, without its text', async () => {
      const reference = await aReference(stores());
      await stores().deliveries.mergeDelivery(aStatus(reference), NOW_MS);
      const proven = { ...aBubble(reference, 'wamid.OUT1'), text: '' };
      expect(await stores().conversations.readOutbound(reference)).toEqual(proven);
      const { messages: recent } = await stores().conversations.readRecent(reference.chat, {
        limit: 5,
        keys: [],
      });
      expect(recent).toEqual([proven]);
    });

    it.each([
      ['the status first', true],
      ['the record first', false],
    ])('merges a record and a status, %s', async (_what, statusFirst) => {
      const reference = await aReference(stores());
      const { conversations, deliveries } = stores();
      if (statusFirst) await deliveries.mergeDelivery(aStatus(reference), NOW_MS);
      await conversations.recordOutbound(reference.chat, aBubble(reference));
      if (!statusFirst) await deliveries.mergeDelivery(aStatus(reference), NOW_MS);
      expect(await conversations.readOutbound(reference)).toEqual(aBubble(reference, 'wamid.OUT1'));
    });

    it('takes every status that Meta may send, in any order and more than once', async () => {
      const reference = await aReference(stores());
      const pricing = { billable: true, category: 'service', odd: { deep: [null, 1e300] } };
      const statuses = [
        aStatus(reference, { status: 'read', pricing }),
        aStatus(reference, { status: 'sent' }),
        aStatus(reference, { status: 'failed', errorCode: 131_047 }),
        aStatus(reference, { status: 'failed' }),
        aStatus(reference, { status: 'played' }),
        aStatus(reference, { status: 'teleported', wamid: 'wamid.OUT2' }),
        aStatus(reference, { status: 'delivered', wamid: 'wamid.OUT2' }),
      ];
      for (const status of [...statuses, ...statuses]) {
        await stores().deliveries.mergeDelivery(status, NOW_MS);
      }
      const stored = await stores().conversations.readOutbound(reference);
      expect(stored?.wamid).toBe('wamid.OUT1');
    });

    it('says which status was the first to tell the price of its bubble', async () => {
      const reference = await aReference(stores());
      const pricing = { type: 'regular', category: 'service' };
      const told: boolean[] = [];
      for (const status of [
        aStatus(reference, { status: 'sent' }),
        aStatus(reference, { status: 'read', pricing }),
        aStatus(reference, { status: 'read', pricing }),
        aStatus(reference, { status: 'sent', pricing }),
        aStatus(reference, { status: 'delivered' }),
      ]) {
        told.push(isFirstPrice(await stores().deliveries.mergeDelivery(status, NOW_MS)));
      }
      expect(told).toEqual([false, true, false, false, false]);
      const atOnce = ['sent', 'delivered', 'read'].map((status) =>
        aStatus({ ...reference, part: 1 }, { status, pricing }),
      );
      const answers = await Promise.all(
        atOnce.map((status) => stores().deliveries.mergeDelivery(status, NOW_MS)),
      );
      expect(answers.filter(isFirstPrice)).toHaveLength(1);
    });

    it('says which status was the first to tell its state, and which that the bubble arrived', async () => {
      const reference = await aReference(stores());
      const told: unknown[] = [];
      for (const status of ['sent', 'read', 'read', 'delivered', 'played', 'delivered', 'failed']) {
        const merged = await stores().deliveries.mergeDelivery(
          aStatus(reference, { status }),
          NOW_MS,
        );
        told.push(merged.kind === 'merged' && [status, merged.isFirst, merged.isFirstArrival]);
      }
      expect(told).toEqual([
        ['sent', true, false],
        // Where the chat was open, it is the only one that comes.
        ['read', true, true],
        ['read', false, false],
        ['delivered', true, false],
        ['played', true, false],
        ['delivered', false, false],
        ['failed', false, false],
      ]);
    });

    it('keeps an event that nobody handles, whatever it holds', async () => {
      const event = {
        kind: 'event',
        field: 'account_update',
        accountId: '700100200300401',
        phoneNumberId: undefined,
        receivedAtMs: NOW_MS,
        correlationId: 'request-1',
      };
      const payloads = [{ event: 'DISABLED_UPDATE' }, null, 'text', 7, [], { '': [[[[]]]] }];
      for (const payload of payloads) {
        await stores().deliveries.keepEvent({ ...event, payload });
      }
      await stores().deliveries.keepEvent({ ...event, accountId: undefined, payload: {} });
    });
  });
}

function isFirstPrice(merged: MergedDelivery): boolean {
  return merged.kind === 'merged' && merged.isFirstPrice;
}
