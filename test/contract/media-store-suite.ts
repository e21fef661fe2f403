import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MediaArchive, MediaStore, NewMedium } from '#app/ports/media-store.ts';
import { inboundKey } from '#domain/conversation/message.ts';
import type { Chat } from '#domain/ids.ts';
import { parseTenantId } from '#domain/ids.ts';
import { aTextMessage, present, TENANT_ID } from '#test/support/builders.ts';
import { aPng } from '#test/support/files.ts';
import { aNewChat } from './store-suite/arrivals.ts';

export interface MediaStage {
  readonly store: MediaStore;
  readonly archive: MediaArchive;
  close(): Promise<void>;
}

const OTHER_TENANT = present(parseTenantId('clinic'));

function aMedium(chat: Chat, over: Partial<NewMedium> = {}): NewMedium {
  return {
    tenantId: TENANT_ID,
    chat,
    message: inboundKey(aTextMessage('a picture')),
    bytes: aPng('one'),
    type: 'image/png',
    keptDays: 90,
    ...over,
  };
}

/** What a store of customers' files promises, wherever they lie. */
export function describeMediaStore(name: string, makeStage: () => Promise<MediaStage>): void {
  describe(name, () => {
    let stage: MediaStage;
    beforeAll(async () => {
      stage = await makeStage();
    });
    afterAll(() => stage?.close());

    it('gives back what was put, by the key that it was put under', async () => {
      const { store } = stage;
      const kept = await store.put(aMedium(aNewChat()));
      expect(kept).toMatchObject({ type: 'image/png', bytes: aPng('one').length });
      expect(Buffer.from((await store.get(kept.key)) ?? [])).toEqual(aPng('one'));
    });

    it('keeps the same message’s file once, however often it is put', async () => {
      const { store, archive } = stage;
      const chat = aNewChat();
      const medium = aMedium(chat);
      const first = await store.put(medium);
      const second = await store.put({ ...medium, bytes: aPng('two') });
      expect(second.key).toBe(first.key);
      expect(await archive.list({ tenantId: TENANT_ID, chat })).toHaveLength(1);
      expect(Buffer.from((await store.get(first.key)) ?? [])).toEqual(aPng('two'));
    });

    it('keeps tenants, chats and messages apart, and no id in a key of S3', async () => {
      const { store, archive } = stage;
      const [chat, other] = [aNewChat(), aNewChat()];
      const medium = aMedium(chat);
      const keys = [
        await store.put(medium),
        await store.put({ ...medium, tenantId: OTHER_TENANT }),
        await store.put({ ...medium, chat: other }),
        await store.put(aMedium(chat, { message: inboundKey(aTextMessage('more')) })),
      ].map(({ key }) => key);
      expect(new Set(keys).size).toBe(4);
      expect(keys.map((key) => key.split('/')[1])).toEqual([
        'bakery',
        'clinic',
        'bakery',
        'bakery',
      ]);
      const list = async (tenantId = TENANT_ID) =>
        (await archive.list({ tenantId, chat })).map(({ key }) => key);
      expect((await list()).sort()).toEqual([keys[0], keys[3]].sort());
      expect(await list(OTHER_TENANT)).toEqual([keys[1]]);
    });

    it('tells when the message of a file was sent', async () => {
      const { store, archive } = stage;
      const chat = aNewChat();
      await store.put(aMedium(chat));
      const [file] = await archive.list({ tenantId: TENANT_ID, chat });
      expect(file?.sentAtMs).toBe(1_790_400_000_000);
      expect(Math.abs(Date.now() - (file?.keptAtMs ?? 0))).toBeLessThan(60_000);
    });

    it('erases a message’s file, and takes it well where there is none', async () => {
      const { store } = stage;
      const medium = aMedium(aNewChat());
      const { key } = await store.put(medium);
      await store.erase(medium);
      await store.erase(medium);
      expect(await store.get(key)).toBeUndefined();
    });

    it('removes files for the operator, absent ones too', async () => {
      const { store, archive } = stage;
      const chat = aNewChat();
      const { key } = await store.put(aMedium(chat));
      await archive.remove([key, `${key}0`]);
      expect(await archive.get(key)).toBeUndefined();
      expect(await archive.list({ tenantId: TENANT_ID, chat })).toEqual([]);
    });
  });
}
