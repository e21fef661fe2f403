import { describe, expect, it } from 'vitest';
import type { Arrival } from '#app/ports/conversation-store.ts';
import { aParking } from '#test/support/builders.ts';
import type { Stores } from '../conversation-store-suite.ts';
import { ACCEPTED_AT_MS, aNewChat, anArrival, keyOf } from './arrivals.ts';

export function describeParked(stores: () => Stores): void {
  async function accepted(acceptedAtMs: number): Promise<Arrival> {
    const arrival = { ...anArrival(aNewChat()), acceptedAtMs };
    await stores().inbox.accept([arrival]);
    return arrival;
  }

  async function listedAmong(arrivals: readonly Arrival[]) {
    const listed = await stores().parked.listParked();
    return listed.filter((each) => arrivals.some((arrival) => keyOf(arrival) === each.key));
  }

  describe('parked messages', () => {
    it('are listed with what the operator is told, and leave the list when they are tried again', async () => {
      const arrival = await accepted(ACCEPTED_AT_MS);
      const { chat } = arrival.message;
      expect(await listedAmong([arrival])).toEqual([]);
      const parking = aParking('token', { attempts: 3 });
      await stores().conversations.park(chat, [keyOf(arrival)], parking);
      expect(await listedAmong([arrival])).toEqual([
        {
          chat,
          key: keyOf(arrival),
          acceptedAtMs: ACCEPTED_AT_MS,
          correlationId: 'request-1',
          parking,
        },
      ]);
      await stores().conversations.resume(chat, [keyOf(arrival)]);
      expect(await listedAmong([arrival])).toEqual([]);
    });

    it('are all listed, oldest first, whichever chats they are in', async () => {
      const arrivals: Arrival[] = [];
      for (const secondsAgo of [10, 40, 20, 50, 30]) {
        const arrival = await accepted(ACCEPTED_AT_MS - secondsAgo * 1_000);
        await stores().conversations.park(
          arrival.message.chat,
          [keyOf(arrival)],
          aParking('configuration'),
        );
        arrivals.push(arrival);
      }
      const ages = (await listedAmong(arrivals)).map(
        ({ acceptedAtMs }) => (ACCEPTED_AT_MS - acceptedAtMs) / 1_000,
      );
      expect(ages).toEqual([50, 40, 30, 20, 10]);
    });

    it('can be read whole, as can what became of them', async () => {
      const arrival = await accepted(ACCEPTED_AT_MS);
      const { chat } = arrival.message;
      const key = keyOf(arrival);
      const read = () => stores().parked.readMessage(chat, key);
      const fate = () => stores().parked.readFate(chat, key);
      expect(await fate()).toBe('unfinished');
      await stores().conversations.park(chat, [key], aParking('bug'));
      expect(await read()).toMatchObject({
        message: arrival.message,
        progress: { kind: 'parked', parking: aParking('bug') },
      });
      expect(await fate()).toBe('parked');
      await stores().conversations.finish(chat, [key], { outcome: 'recorded', turnId: undefined });
      expect(await read()).toMatchObject({ progress: { kind: 'finished', outcome: 'recorded' } });
      expect(await fate()).toBe('recorded');
    });

    it('are told from what is not there', async () => {
      const { parked } = stores();
      const nowhere = [aNewChat(), '1790400000000#wamid.NONE'] as const;
      expect(await parked.readMessage(...nowhere)).toBeUndefined();
      expect(await parked.readFate(...nowhere)).toBe('gone');
    });
  });
}
