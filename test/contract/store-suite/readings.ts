import { describe, expect, it } from 'vitest';
import type { Chat } from '#domain/ids.ts';
import type { MediaReading } from '#domain/media/reading.ts';
import type { Stores } from '../conversation-store-suite.ts';
import { aNewChat, anArrival, keyOf } from './arrivals.ts';

const OBJECT = { key: 'tenant/bakery/1/2', type: 'audio/ogg', bytes: 1_234 } as const;
const BEGUN = { kind: 'begun', object: OBJECT, tries: 1 } as const;
const AGAIN = { ...BEGUN, tries: 2 };
const HEARD = { kind: 'text', object: OBJECT, text: 'Größe 42 👟', isCut: false } as const;

/** What became of messages' files. */
export function describeReadings(stores: () => Stores): void {
  async function anAccepted(reading?: MediaReading) {
    const chat = aNewChat();
    const arrival = { ...anArrival(chat), reading };
    await stores().inbox.accept([arrival]);
    return { chat, key: keyOf(arrival) };
  }

  async function readingIn(chat: Chat) {
    const { messages } = await stores().conversations.readRecent(chat, { limit: 1, keys: [] });
    const [stored] = messages;
    return stored?.direction === 'in' ? stored.reading : undefined;
  }

  describe('readings', () => {
    it.each<MediaReading>([
      BEGUN,
      HEARD,
      { kind: 'image', object: { ...OBJECT, type: 'image/webp' } },
      { kind: 'unread', object: OBJECT, why: 'unsupported' },
      { kind: 'unread', object: undefined, why: 'gone' },
    ])('stores $kind with its message', async (reading) => {
      const { chat, key } = await anAccepted();
      const { conversations } = stores();
      const change = { reading, before: undefined };
      expect(await conversations.recordReading(chat, key, change)).toBe('recorded');
      expect(await readingIn(chat)).toEqual(reading);
    });

    it('comes with a message from another chat', async () => {
      const { chat } = await anAccepted(HEARD);
      expect(await readingIn(chat)).toEqual(HEARD);
    });

    it('lets one of two workers go on', async () => {
      const { chat, key } = await anAccepted();
      const { conversations } = stores();
      const record = (reading: MediaReading, before: MediaReading | undefined) =>
        conversations.recordReading(chat, key, { reading, before });
      expect(await record(BEGUN, undefined)).toBe('recorded');
      expect(await record(BEGUN, undefined)).toBe('stale');
      expect(await record(AGAIN, BEGUN)).toBe('recorded');
      expect(await record(HEARD, BEGUN)).toBe('stale');
      expect(await record(HEARD, AGAIN)).toBe('recorded');
      expect(await record(AGAIN, AGAIN)).toBe('stale');
      expect(await readingIn(chat)).toEqual(HEARD);
    });

    it('tells that the message is not there any more, and makes none', async () => {
      const { chat, key } = await anAccepted();
      const { conversations } = stores();
      await conversations.erase(chat, [key]);
      const change = { reading: BEGUN, before: undefined };
      expect(await conversations.recordReading(chat, key, change)).toBe('gone');
      const { messages } = await conversations.readRecent(chat, { limit: 1, keys: [] });
      expect(messages).toEqual([]);
    });
  });
}
