import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantDirectory } from '#app/ports/tenant-directory.ts';
import { type PhoneNumberId, parsePhoneNumberId, parseTenantId } from '#domain/ids.ts';
import { microUsd } from '#domain/money/micro-usd.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import { aTenant, present } from '#test/support/builders.ts';

/** A directory, and the operator who keeps it. */
export interface TenantBook {
  readonly directory: TenantDirectory;
  /** The tenant as it is now, and that this number is its. */
  connect(phoneNumberId: PhoneNumberId, tenant: Tenant): Promise<void>;
  /** As `connect`, with a mistake in the tenant's record. */
  connectUnreadable(phoneNumberId: PhoneNumberId, tenant: Tenant): Promise<void>;
  /** The number is nobody's any more. */
  disconnect(phoneNumberId: PhoneNumberId): Promise<void>;
  /** Time goes by, for what the directory may remember. */
  pass(ms: number): void;
  close(): Promise<void>;
}

let numbers = 0;

/** A number and a tenant that no other test uses. */
function aNewNumber(over: Partial<Tenant> = {}) {
  numbers += 1;
  const phoneNumberId = present(parsePhoneNumberId(`1${String(numbers).padStart(14, '0')}`));
  const id = present(parseTenantId(`tenant-${numbers}`));
  return { phoneNumberId, tenant: aTenant({ id, ...over }) };
}

/** With every limit and budget that there is. */
const SPARING: Partial<Tenant> = {
  limits: {
    contact: { answersPerMinute: 2, messagesPerMinute: 5, messagesPerHour: 50 },
    turnsPerMinute: 120,
  },
  budget: {
    perDay: microUsd(12_500_000),
    perMonth: microUsd(100_000_000),
    contactPerDay: microUsd(1),
    contactPerMonth: microUsd(250_000),
    warnAt: [0.5, 0.8, 1],
  },
  limitText: 'Un moment, s’il vous plaît 🙏',
  fallbackModel: 'gpt-6-luna',
};

/** With everything that may be said of manners. */
const POLITE: Partial<Tenant> = {
  manners: {
    purpose: 'Bread 🥐, and nothing else.',
    greeting: '¡Hola!',
    blockedText: 'No.',
    language: 'es',
    texts: { 'pt-BR': { greeting: 'Olá', fallback: 'Já vai' }, 'zh-Hant': { optOut: '再見' } },
    moderation: 'block',
    effort: 'xhigh',
    maxOutputTokens: 1_500,
    links: ['shop.example', 'bücher.example'],
  },
};

/** For at most this long a change of the operator's goes unnoticed. */
const NOTICED_AFTER_MS = 60_000;

/** What the directory of tenants promises, whoever keeps it. */
export function describeTenantDirectory(name: string, makeBook: () => Promise<TenantBook>): void {
  describe(name, () => {
    let book: TenantBook;
    beforeAll(async () => {
      book = await makeBook();
    });
    afterAll(() => book?.close());

    it('finds the tenant of a number, with everything the operator wrote', async () => {
      const words = { instructions: 'Ünïcode 👋🏽\n"quoted"', model: 'gpt-6.1-terra' };
      for (const over of [
        words,
        SPARING,
        POLITE,
        { ...words, model: undefined, instructions: '' },
      ]) {
        const { phoneNumberId, tenant } = aNewNumber(over);
        await book.connect(phoneNumberId, tenant);
        expect(await book.directory.findByPhoneNumber(phoneNumberId)).toEqual(tenant);
      }
    });

    it('knows nothing of a number that no tenant has', async () => {
      const { phoneNumberId } = aNewNumber();
      expect(await book.directory.findByPhoneNumber(phoneNumberId)).toBeUndefined();
    });

    it('calls a record misconfigured that cannot be read', async () => {
      const { phoneNumberId, tenant } = aNewNumber();
      await book.connectUnreadable(phoneNumberId, tenant);
      expect(await book.directory.findByPhoneNumber(phoneNumberId)).toBe('misconfigured');
    });

    it('keeps the numbers of one tenant together, and tenants apart', async () => {
      const [one, other] = [aNewNumber(), aNewNumber()];
      const second = aNewNumber().phoneNumberId;
      await book.connect(one.phoneNumberId, one.tenant);
      await book.connect(second, one.tenant);
      await book.connect(other.phoneNumberId, other.tenant);
      expect(await book.directory.findByPhoneNumber(second)).toEqual(one.tenant);
      expect(await book.directory.findByPhoneNumber(one.phoneNumberId)).toEqual(one.tenant);
      expect(await book.directory.findByPhoneNumber(other.phoneNumberId)).toEqual(other.tenant);
    });

    it('finds a suspended tenant too, and says that it is', async () => {
      const { phoneNumberId, tenant } = aNewNumber({ status: 'suspended' });
      await book.connect(phoneNumberId, tenant);
      expect(await book.directory.findByPhoneNumber(phoneNumberId)).toEqual(tenant);
    });

    it('notices within a minute what the operator changed', async () => {
      const { phoneNumberId, tenant } = aNewNumber();
      const states = [
        () => book.connectUnreadable(phoneNumberId, tenant),
        () => book.connect(phoneNumberId, tenant),
        () => book.connect(phoneNumberId, { ...tenant, status: 'suspended' }),
        () => book.disconnect(phoneNumberId),
      ];
      const seen = [await book.directory.findByPhoneNumber(phoneNumberId)];
      for (const change of states) {
        await change();
        book.pass(NOTICED_AFTER_MS);
        seen.push(await book.directory.findByPhoneNumber(phoneNumberId));
      }
      const suspended = { ...tenant, status: 'suspended' };
      expect(seen).toEqual([undefined, 'misconfigured', tenant, suspended, undefined]);
    });
  });
}
