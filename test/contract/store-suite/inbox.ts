import { describe, expect, it } from 'vitest';
import { type Command, commandMessage } from '#domain/conversation/command.ts';
import type { Stores } from '../conversation-store-suite.ts';
import { aNewChat, anArrival, keyOf, someArrivals } from './arrivals.ts';

export function describeInbox(stores: () => Stores): void {
  describe('inbox', () => {
    it('keeps a message whole and unfinished', async () => {
      const chat = aNewChat();
      const arrival = anArrival(chat, {
        from_user_id: chat.contact,
        text: { body: 'Grüße 👋🏽 \u0000 \ud83d' },
        nested: { empty: '', none: null, big: 1e300, list: [1, [], {}], __proto__key: true },
        '': 'an empty key',
      });
      expect(await stores().inbox.accept([{ ...arrival, position: 3 }])).toEqual(['accepted']);
      const { messages } = await stores().conversations.readRecent(chat, { limit: 5, keys: [] });
      expect(messages).toEqual([
        {
          direction: 'in',
          key: keyOf(arrival),
          ...arrival,
          position: 3,
          waitingSinceMs: arrival.acceptedAtMs,
          progress: { kind: 'unfinished' },
        },
      ]);
    });

    it('keeps a message that is nested beyond what any store likes', async () => {
      const chat = aNewChat();
      let deep: unknown = 'bottom';
      for (let depth = 0; depth < 200; depth += 1) deep = { deep };
      const arrival = anArrival(chat, { odd: deep });
      expect(await stores().inbox.accept([arrival])).toEqual(['accepted']);
      const {
        messages: [stored],
      } = await stores().conversations.readRecent(chat, { limit: 1, keys: [] });
      expect(stored).toMatchObject({ message: { raw: arrival.message.raw } });
    });

    it.each<[string, Command]>([
      ['a take', { kind: 'take', by: 'ana' }],
      ['a release', { kind: 'release', by: 'ana' }],
      ['words', { kind: 'say', by: 'ana', content: { kind: 'text', text: 'Hi 👋🏽' } }],
      [
        'a template',
        {
          kind: 'say',
          by: 'ana',
          content: { kind: 'template', name: 'ready', language: 'en_US', parameters: ['Mira', ''] },
        },
      ],
      ['an echo', { kind: 'echo', by: 'phone', text: 'On my way' }],
    ])('keeps %s of the business among the messages, once', async (_, command) => {
      const chat = aNewChat();
      const at = { id: 'c-1', atMs: 1_790_400_000_000 };
      const arrival = { ...anArrival(chat), message: commandMessage(chat, command, at) };
      expect(await stores().inbox.accept([arrival])).toEqual(['accepted']);
      expect(await stores().inbox.accept([arrival])).toEqual(['duplicate']);
      const { messages } = await stores().conversations.readRecent(chat, { limit: 5, keys: [] });
      expect(messages).toMatchObject([{ message: { command, raw: {} } }]);
    });

    it('recognises a redelivery, and leaves the first one as it was', async () => {
      const chat = aNewChat();
      const first = anArrival(chat);
      const again = { ...first, acceptedAtMs: first.acceptedAtMs + 9, correlationId: 'request-2' };
      expect(await stores().inbox.accept([first])).toEqual(['accepted']);
      expect(await stores().inbox.accept([again])).toEqual(['duplicate']);
      const { messages: recent } = await stores().conversations.readRecent(chat, {
        limit: 5,
        keys: [],
      });
      expect(recent).toMatchObject([
        { correlationId: 'request-1', progress: { kind: 'unfinished' } },
      ]);
    });

    it('recognises a redelivery of a message that is finished', async () => {
      const chat = aNewChat();
      const arrival = anArrival(chat);
      await stores().inbox.accept([arrival]);
      const result = { outcome: 'recorded', turnId: undefined } as const;
      await stores().conversations.finish(chat, [keyOf(arrival)], result);
      expect(await stores().inbox.accept([arrival])).toEqual(['duplicate']);
      const { messages: recent } = await stores().conversations.readRecent(chat, {
        limit: 5,
        keys: [],
      });
      expect(recent).toMatchObject([{ progress: { kind: 'finished' } }]);
    });

    // Of the many it asks which are there, where the first ones were.
    it.each([40, 250])('answers for each of %i messages, in their order', async (count) => {
      const chat = aNewChat();
      const arrivals = someArrivals(chat, count);
      await stores().inbox.accept(arrivals.filter((_, index) => index % 3 === 0));
      expect(await stores().inbox.accept(arrivals)).toEqual(
        arrivals.map((_, index) => (index % 3 === 0 ? 'duplicate' : 'accepted')),
      );
    });

    it('takes one of two copies in the same call', async () => {
      const arrival = anArrival(aNewChat());
      const results = await stores().inbox.accept([arrival, arrival]);
      expect(results.toSorted()).toEqual(['accepted', 'duplicate']);
    });

    it('keeps the chats of different contacts and numbers apart', async () => {
      const [one, other] = [aNewChat(), aNewChat()];
      await stores().inbox.accept([anArrival(one), anArrival(other)]);
      const { messages: recent } = await stores().conversations.readRecent(one, {
        limit: 5,
        keys: [],
      });
      expect(recent).toHaveLength(1);
      expect(recent).toMatchObject([{ message: { chat: one } }]);
    });
  });
}
