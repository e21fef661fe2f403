import { describe, expect, it } from 'vitest';
import type { Arrival } from '#app/ports/conversation-store.ts';
import type { Stores } from '../conversation-store-suite.ts';
import { aNewChat, anArrival, keyOf } from './arrivals.ts';

/** Each test has an hour of its own, long before the other tests' messages. */
let hours = 0;
function aNewHour(): number {
  hours += 1;
  return 1_600_000_000_000 - hours * 3_600_000;
}

export function describeUnfinished(stores: () => Stores): void {
  function acceptedAt(acceptedAtMs: number): Arrival {
    return { ...anArrival(aNewChat()), acceptedAtMs };
  }

  async function listedAmong(arrivals: readonly Arrival[], acceptedBeforeMs: number) {
    const listed = await stores().unfinished.listUnfinished({ acceptedBeforeMs, limit: 1_000 });
    return listed.filter((each) => arrivals.some((arrival) => keyOf(arrival) === each.key));
  }

  describe('unfinished index', () => {
    it('tells of each message that was accepted before the given time', async () => {
      const hour = aNewHour();
      const [early, late] = [acceptedAt(hour), acceptedAt(hour + 1_000)];
      await stores().inbox.accept([early, late]);
      expect(await listedAmong([early, late], hour + 1_000)).toEqual([
        {
          chat: early.message.chat,
          key: keyOf(early),
          acceptedAtMs: hour,
          correlationId: 'request-1',
          rings: 0,
          rungAtMs: undefined,
        },
      ]);
    });

    it('gives no more than it is asked for', async () => {
      const hour = aNewHour();
      await stores().inbox.accept(Array.from({ length: 12 }, (_, i) => acceptedAt(hour + i)));
      const wanted = { acceptedBeforeMs: hour + 1_000, limit: 5 };
      expect(await stores().unfinished.listUnfinished(wanted)).toHaveLength(5);
    });

    it('finds the messages of a hundred chats', async () => {
      const hour = aNewHour();
      const arrivals = Array.from({ length: 100 }, (_, index) => acceptedAt(hour + index));
      await stores().inbox.accept(arrivals);
      expect(await listedAmong(arrivals, hour + 1_000)).toHaveLength(100);
    });

    it('counts the rings of a message', async () => {
      const hour = aNewHour();
      const arrival = acceptedAt(hour);
      await stores().inbox.accept([arrival]);
      for (const rungAtMs of [hour + 60_000, hour + 120_000]) {
        const [message] = await listedAmong([arrival], hour + 1);
        if (message) await stores().unfinished.countRing(message, rungAtMs);
      }
      const [message] = await listedAmong([arrival], hour + 1);
      expect(message).toMatchObject({ rings: 2, rungAtMs: hour + 120_000 });
    });

    it('does not bring a finished message back by counting a ring', async () => {
      const hour = aNewHour();
      const arrival = acceptedAt(hour);
      await stores().inbox.accept([arrival]);
      const [message] = await listedAmong([arrival], hour + 1);
      const result = { outcome: 'recorded', turnId: undefined } as const;
      await stores().conversations.finish(arrival.message.chat, [keyOf(arrival)], result);
      if (message) await stores().unfinished.countRing(message, hour + 60_000);
      expect(await listedAmong([arrival], hour + 1)).toEqual([]);
    });
  });
}
