import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppDirectory, OwnApp } from '#app/ports/app-directory.ts';
import {
  type AppId,
  type PhoneNumberId,
  parseAppId,
  parsePhoneNumberId,
  parseTenantId,
  type TenantId,
} from '#domain/ids.ts';
import { present } from '#test/support/builders.ts';

/** A directory, and the operator who keeps it. */
export interface AppBook {
  readonly directory: AppDirectory;
  put(app: AppId, own: OwnApp): Promise<void>;
  drop(app: AppId): Promise<void>;
  connect(phoneNumberId: PhoneNumberId, tenantId: TenantId): Promise<void>;
  disconnect(phoneNumberId: PhoneNumberId): Promise<void>;
  /** Time goes by, for what the directory may remember. */
  pass(ms: number): void;
  close(): Promise<void>;
}

let names = 0;

/** An app, a number and a tenant that no other test uses. */
function aBusiness() {
  names += 1;
  return {
    app: present(parseAppId(`own-${names}`)),
    phoneNumberId: present(parsePhoneNumberId(`8${String(names).padStart(14, '0')}`)),
    own: { tenantId: present(parseTenantId(`owner-${names}`)), accountIds: ['500', '501'] },
  };
}

/** For at most this long a change of the operator's goes unnoticed. */
const NOTICED_AFTER_MS = 60_000;

/** What ingest is promised of the tenants' own apps, whoever keeps them. */
export function describeAppDirectory(name: string, makeBook: () => Promise<AppBook>): void {
  describe(name, () => {
    let book: AppBook;
    beforeAll(async () => {
      book = await makeBook();
    });
    afterAll(() => book?.close());

    it('finds the tenant of an app with its accounts, and of a number', async () => {
      const { app, phoneNumberId, own } = aBusiness();
      await book.put(app, own);
      await book.connect(phoneNumberId, own.tenantId);
      expect(await book.directory.findApp(app)).toEqual(own);
      expect(await book.directory.ownerOf(phoneNumberId)).toBe(own.tenantId);
    });

    it('knows nothing of an app or a number that no tenant has', async () => {
      const { app, phoneNumberId } = aBusiness();
      expect(await book.directory.findApp(app)).toBeUndefined();
      expect(await book.directory.ownerOf(phoneNumberId)).toBeUndefined();
    });

    it('notices within a minute what the operator changed', async () => {
      const { app, phoneNumberId, own } = aBusiness();
      const next = aBusiness().own;
      const seen = async () => {
        book.pass(NOTICED_AFTER_MS);
        const { directory } = book;
        return [await directory.findApp(app), await directory.ownerOf(phoneNumberId)];
      };
      expect(await seen()).toEqual([undefined, undefined]);
      await book.put(app, own);
      await book.connect(phoneNumberId, own.tenantId);
      expect(await seen()).toEqual([own, own.tenantId]);
      await book.put(app, next);
      await book.connect(phoneNumberId, next.tenantId);
      expect(await seen()).toEqual([next, next.tenantId]);
      await book.drop(app);
      await book.disconnect(phoneNumberId);
      expect(await seen()).toEqual([undefined, undefined]);
    });
  });
}
