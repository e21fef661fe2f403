import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SecretOwner, SecretVault } from '#app/ports/secret-vault.ts';
import { parseAppId, parseTenantId } from '#domain/ids.ts';
import { present } from '#test/support/builders.ts';

export interface VaultStage {
  /** With a platform secret that has no value yet. */
  readonly vault: SecretVault;
  readonly now: () => number;
  close(): Promise<void>;
}

const PLATFORM: SecretOwner = { kind: 'platform' };

function aTenant(text: string): SecretOwner {
  return { kind: 'tenant', id: present(parseTenantId(text)) };
}

function anApp(text: string): SecretOwner {
  return { kind: 'app', id: present(parseAppId(text)) };
}

/** What the operator's vault promises, whatever keeps it. */
export function describeSecretVault(name: string, makeStage: () => Promise<VaultStage>): void {
  describe(name, () => {
    let stage: VaultStage;
    let vault: SecretVault;
    beforeAll(async () => {
      stage = await makeStage();
      vault = stage.vault;
    });
    afterAll(() => stage?.close());

    it('has nothing before something is put, and then that, with its time', async () => {
      expect(await vault.read(PLATFORM)).toBeUndefined();
      for (const fields of [{ appSecrets: ['a'] }, { appSecrets: ['b', 'a'], openAiApiKey: 'k' }]) {
        await vault.write(PLATFORM, fields);
        expect(await vault.read(PLATFORM)).toEqual({ fields, changedAtMs: stage.now() });
      }
    });

    it('makes a tenant’s secret, and keeps it from every other', async () => {
      const [one, other] = [aTenant('one'), aTenant('platform')];
      expect(await vault.read(one)).toBeUndefined();
      await vault.write(one, { accessToken: 't1' });
      expect(await vault.read(one)).toMatchObject({ fields: { accessToken: 't1' } });
      expect(await vault.read(other)).toBeUndefined();
      expect(new Set([one, other, PLATFORM].map((owner) => vault.nameOf(owner))).size).toBe(3);
    });

    it('makes an own app’s secret, and keeps it from a tenant’s of the same name', async () => {
      const [app, tenant] = [anApp('shop'), aTenant('shop')];
      await vault.write(app, { appSecrets: ['s'] });
      expect(await vault.read(app)).toMatchObject({ fields: { appSecrets: ['s'] } });
      expect(await vault.read(tenant)).toBeUndefined();
      expect(vault.nameOf(app)).not.toBe(vault.nameOf(tenant));
    });

    it.each([
      ['tenant', aTenant('gone')],
      ['app', anApp('gone')],
    ])('removes a secret of kind %s, and takes it back when it is put again', async (_, owner) => {
      expect(await vault.remove(owner)).toBe(false);
      await vault.write(owner, { accessToken: 't1' });
      expect(await vault.remove(owner)).toBe(true);
      expect(await vault.read(owner)).toBeUndefined();
      await vault.write(owner, { accessToken: 't2' });
      expect(await vault.read(owner)).toMatchObject({ fields: { accessToken: 't2' } });
    });
  });
}
