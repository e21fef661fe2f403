import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantDirectory } from '#app/ports/tenant-directory.ts';
import type { TenantEntry, TenantRegister } from '#app/ports/tenant-register.ts';
import { parseAppId, parsePhoneNumberId, parseTenantId, type TenantId } from '#domain/ids.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import { aTenant, present } from '#test/support/builders.ts';

/** A register, and what others see of it. */
export interface RegisterStage {
  readonly register: TenantRegister;
  /** A directory that remembers nothing yet; undefined where none reads this register. */
  readonly directory: (() => TenantDirectory) | undefined;
  /** Somebody puts an entry by hand, and makes a mistake; undefined where that cannot happen. */
  readonly spoil: ((id: TenantId) => Promise<void>) | undefined;
  close(): Promise<void>;
}

let entries = 0;

/** A tenant with a number of its own that no other test uses. */
function anEntry(over: Partial<Tenant> = {}): TenantEntry {
  entries += 1;
  const digits = String(entries).padStart(14, '0');
  return {
    tenant: aTenant({ id: present(parseTenantId(`shop-${digits}`)), ...over }),
    numbers: [{ phoneNumberId: present(parsePhoneNumberId(`7${digits}`)), accountId: '500' }],
  };
}

function anApp() {
  entries += 1;
  return present(parseAppId(`app-${entries}`));
}

function numberOf({ numbers }: TenantEntry) {
  return present(numbers[0]).phoneNumberId;
}

/** What the operator's book of tenants promises, whoever keeps it. */
export function describeTenantRegister(
  name: string,
  makeStage: () => Promise<RegisterStage>,
): void {
  describe(name, () => {
    let stage: RegisterStage;
    let register: TenantRegister;
    beforeAll(async () => {
      stage = await makeStage();
      register = stage.register;
    });
    afterAll(() => stage?.close());

    it('finds what was created, with its numbers, and knows nothing else', async () => {
      const entry = anEntry({ model: 'gpt-6-luna', burstWait: { kind: 'fixed', seconds: 2 } });
      const { id } = entry.tenant;
      expect(await register.find(id)).toBeUndefined();
      expect(await register.create(entry)).toBe('created');
      expect(await register.find(id)).toEqual({ id, ...entry, revision: 1 });
      const bare = {
        ...anEntry(),
        numbers: [{ ...present(entry.numbers[0]), accountId: undefined }],
      };
      await register.create(bare);
      expect(await register.find(bare.tenant.id)).toMatchObject({ numbers: bare.numbers });
    });

    it('creates a tenant once, also of two at the same time', async () => {
      const entry = anEntry();
      const both = await Promise.all([register.create(entry), register.create(entry)]);
      expect([...both].sort()).toEqual(['created', 'exists']);
    });

    it('replaces only what its writer has seen', async () => {
      const entry = anEntry();
      await register.create(entry);
      const changed = { ...entry, tenant: { ...entry.tenant, name: 'New name' } };
      const both = await Promise.all([register.replace(changed, 1), register.replace(changed, 1)]);
      expect([...both].sort()).toEqual(['changed', 'replaced']);
      expect(await register.find(entry.tenant.id)).toMatchObject({
        tenant: { name: 'New name' },
        revision: 2,
      });
      expect(await register.delete(entry.tenant.id, 1)).toBe('changed');
      expect(await register.delete(entry.tenant.id, 2)).toBe('deleted');
      expect(await register.replace(changed, 2)).toBe('changed');
      expect(await register.find(entry.tenant.id)).toBeUndefined();
    });

    it('lists all by their ids', async () => {
      const [one, other] = [anEntry(), anEntry()];
      await register.create(other);
      await register.create(one);
      const ids = (await register.list()).map(({ id }) => id);
      expect(ids).toEqual([...ids].sort());
      for (const { tenant } of [one, other]) expect(ids).toContain(tenant.id);
    });

    it('gives a number to one tenant, also where two claim it at the same time', async () => {
      const [one, other] = [anEntry(), anEntry()];
      const number = numberOf(one);
      expect(await register.ownerOf(number)).toBeUndefined();
      const claims = await Promise.all(
        [one, other].map(({ tenant }) => register.claim(number, tenant.id)),
      );
      expect([...claims].sort()).toEqual(['claimed', 'taken']);
      const owner = await register.ownerOf(number);
      expect(owner).toBe([one, other][claims.indexOf('claimed')]?.tenant.id);
    });

    it('lets a tenant claim its number again, and release no other’s', async () => {
      const [one, other] = [anEntry(), anEntry()];
      const number = numberOf(one);
      for (const _ of [1, 2]) expect(await register.claim(number, one.tenant.id)).toBe('claimed');
      await register.release(number, other.tenant.id);
      expect(await register.ownerOf(number)).toBe(one.tenant.id);
      for (const _ of [1, 2]) await register.release(number, one.tenant.id);
      expect(await register.ownerOf(number)).toBeUndefined();
      expect(await register.claim(number, other.tenant.id)).toBe('claimed');
    });

    it('keeps which app a tenant brought, and that it brought none', async () => {
      for (const app of [anApp(), undefined]) {
        const entry = anEntry({ app });
        await register.create(entry);
        expect(await register.find(entry.tenant.id)).toMatchObject({ tenant: { app } });
      }
    });

    it('gives an app to one tenant, also where two claim it at the same time', async () => {
      const app = anApp();
      expect(await register.findApp(app)).toBeUndefined();
      const owns = [anEntry(), anEntry()].map(({ tenant: { id } }) => ({
        tenantId: id,
        accountIds: ['500'],
      }));
      const claims = await Promise.all(owns.map((own) => register.claimApp(app, own)));
      expect([...claims].sort()).toEqual(['claimed', 'taken']);
      expect(await register.findApp(app)).toEqual(owns[claims.indexOf('claimed')]);
    });

    it('lets a tenant claim its app again with other accounts, and release no other’s', async () => {
      const app = anApp();
      const [{ id }, other] = [anEntry().tenant, anEntry().tenant];
      for (const accountIds of [['500'], [], ['500', '501']]) {
        expect(await register.claimApp(app, { tenantId: id, accountIds })).toBe('claimed');
        expect(await register.findApp(app)).toEqual({ tenantId: id, accountIds });
      }
      await register.releaseApp(app, other.id);
      expect(await register.findApp(app)).toMatchObject({ tenantId: id });
      for (const _ of [1, 2]) await register.releaseApp(app, id);
      expect(await register.findApp(app)).toBeUndefined();
    });

    it('is what the functions read', async ({ skip }) => {
      const { directory } = stage;
      if (!directory) return skip('No directory reads this one');
      const entry = anEntry();
      await register.create(entry);
      expect(await directory().findByPhoneNumber(numberOf(entry))).toBeUndefined();
      await register.claim(numberOf(entry), entry.tenant.id);
      expect(await directory().findByPhoneNumber(numberOf(entry))).toEqual(entry.tenant);
      await register.release(numberOf(entry), entry.tenant.id);
      expect(await directory().findByPhoneNumber(numberOf(entry))).toBeUndefined();
    });

    it('shows an entry that nobody can read, and can remove it', async ({ skip }) => {
      const { spoil } = stage;
      if (!spoil) return skip('No entry can be spoiled here');
      const { id } = anEntry().tenant;
      await spoil(id);
      const spoiled = { id, tenant: 'misconfigured', numbers: [], revision: 0 };
      expect(await register.find(id)).toEqual(spoiled);
      expect(await register.list()).toContainEqual(spoiled);
      expect(await register.delete(id, 0)).toBe('deleted');
    });
  });
}
