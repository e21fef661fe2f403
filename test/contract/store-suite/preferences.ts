import { describe, expect, it } from 'vitest';
import type { Choice } from '#domain/conversation/choice.ts';
import { newHead } from '#domain/conversation/head.ts';
import { TENANT_ID } from '#test/support/builders.ts';
import { collect } from '#test/support/collect.ts';
import type { Stores } from '../conversation-store-suite.ts';
import { aNewChat } from './arrivals.ts';

const STOPPED: Choice = { kind: 'stopped', atMs: 1_790_400_003_000 };
const RESUMED: Choice = { kind: 'resumed', atMs: 1_790_400_002_000 };

export function describePreferences(stores: () => Stores): void {
  describe('preferences', () => {
    it('of several the newest counts, and one as new writes nothing', async () => {
      const chat = aNewChat();
      const { archive, preferences } = stores();
      expect(await archive.findPreference(chat)).toBeUndefined();
      const written: boolean[] = [];
      for (const choice of [RESUMED, STOPPED, STOPPED, { ...STOPPED, atMs: 1 }, RESUMED]) {
        written.push(await preferences.recordPreference(chat, choice));
      }
      expect(written).toEqual([true, true, false, false, false]);
      expect(await archive.findPreference(chat)).toEqual(STOPPED);
      const again = { ...RESUMED, atMs: STOPPED.atMs + 1_000 };
      expect(await preferences.recordPreference(chat, again)).toBe(true);
      expect(await archive.findPreference(chat)).toEqual(again);
    });

    it('are beside the head, of which whoever reads it next notices nothing', async () => {
      const chat = aNewChat();
      const { archive, conversations, preferences } = stores();
      await preferences.recordPreference(chat, STOPPED);
      expect(await archive.findHead(chat)).toBeUndefined();
      const head = await conversations.saveHead(chat, newHead());
      await preferences.recordPreference(chat, { ...RESUMED, atMs: STOPPED.atMs + 1 });
      expect(await conversations.readHead(chat)).toEqual(head);
      const items = await collect(archive.items(chat));
      expect(items.map(({ kind }) => kind)).toEqual(['head', 'preference']);
      expect(items[1]).toMatchObject({ key: 'PREF', choice: { kind: 'resumed' } });
      expect(await conversations.readRecent(chat, { limit: 5, keys: [] })).toMatchObject({
        messages: [],
        unreadable: [],
      });
    });

    it('are erased with their chat, and not brought back by one of before', async () => {
      const chat = aNewChat();
      const { archive, erasable, preferences } = stores();
      await preferences.recordPreference(chat, RESUMED);
      const { version, items } = await erasable.look(chat);
      expect(items).toMatchObject([{ key: undefined, kind: 'other', isUnfinished: false }]);
      await erasable.bury(chat, { version, atMs: STOPPED.atMs, linked: [], tenant: TENANT_ID });
      await erasable.remove(chat, items);
      expect(await archive.findPreference(chat)).toBeUndefined();
      expect(await preferences.recordPreference(chat, STOPPED)).toBe(false);
      expect(await archive.findPreference(chat)).toBeUndefined();
      const later = { ...STOPPED, atMs: STOPPED.atMs + 1 };
      expect(await preferences.recordPreference(chat, later)).toBe(true);
    });
  });
}
