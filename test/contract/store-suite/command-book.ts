import { describe, expect, it } from 'vitest';
import type { Command } from '#domain/conversation/command.ts';
import type { Stores } from '../conversation-store-suite.ts';
import { aNewChat } from './arrivals.ts';

const take: Command = { kind: 'take', by: 'Ana' };
const say: Command = { kind: 'say', by: 'Ana', content: { kind: 'text', text: '¡Hola!' } };

export function describeCommandBook(stores: () => Stores): void {
  describe('book of commands', () => {
    it('knows an id that was claimed, with the time of the first', async () => {
      const { book } = stores();
      const chat = aNewChat();
      const named = { id: 'take-1', command: take };
      expect(await book.find(chat, named)).toBeUndefined();
      expect(await book.claim(chat, named, 1_000)).toEqual({ kind: 'known', atMs: 1_000 });
      expect(await book.claim(chat, named, 2_000)).toEqual({ kind: 'known', atMs: 1_000 });
      expect(await book.find(chat, named)).toEqual({ kind: 'known', atMs: 1_000 });
    });

    it('tells that an id is another command’s', async () => {
      const { book } = stores();
      const chat = aNewChat();
      await book.claim(chat, { id: 'one', command: say }, 1_000);
      const byAnother = { id: 'one', command: { ...say, by: 'Eva' } };
      expect(await book.claim(chat, byAnother, 2_000)).toMatchObject({ kind: 'known' });
      const content = { kind: 'text', text: '¡Adiós!' } as const;
      const changed = { id: 'one', command: { ...say, content } };
      expect(await book.claim(chat, changed, 2_000)).toEqual({ kind: 'another' });
      expect(await book.find(chat, { id: 'one', command: take })).toEqual({ kind: 'another' });
      expect(await book.claim(chat, { id: 'two', command: take }, 2_000)).toMatchObject({
        kind: 'known',
      });
    });

    it('keeps the ids of each chat apart', async () => {
      const { book } = stores();
      await book.claim(aNewChat(), { id: 'same', command: take }, 1_000);
      expect(await book.claim(aNewChat(), { id: 'same', command: say }, 2_000)).toEqual({
        kind: 'known',
        atMs: 2_000,
      });
    });

    it('has one first of many at a time', async () => {
      const { book } = stores();
      const chat = aNewChat();
      const claims = await Promise.all(
        Array.from({ length: 8 }, (_, nth) =>
          book.claim(chat, { id: 'raced', command: take }, 1_000 + nth),
        ),
      );
      expect(new Set(claims.map((each) => JSON.stringify(each))).size).toBe(1);
    });
  });
}
