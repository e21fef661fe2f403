import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SealedSecrets } from '#app/ports/sealed-secrets.ts';
import { parseTenantId, type TenantId } from '#domain/ids.ts';
import { present } from '#test/support/builders.ts';

export interface SealedSecretsStage {
  readonly secrets: SealedSecrets;
  /** Somebody writes the item by hand, and makes a mistake. */
  spoil(id: TenantId): Promise<void>;
  close(): Promise<void>;
}

const [SHOP, OTHER] = ['shop', 'other'].map((text) => present(parseTenantId(text)));

function aSecret(byte: number) {
  const bytes = (length: number) => new Uint8Array(length).fill(byte);
  return {
    wrappedKey: bytes(184),
    iv: bytes(12),
    ciphertext: bytes(40),
    changedAtMs: 1_000 + byte,
  };
}

/** What the keeper of sealed secrets promises. */
export function describeSealedSecrets(
  name: string,
  makeStage: () => Promise<SealedSecretsStage>,
): void {
  describe(name, () => {
    let stage: SealedSecretsStage;
    beforeAll(async () => {
      stage = await makeStage();
    });
    afterAll(() => stage?.close());

    it('reads what was written last, to the byte, and of that tenant only', async () => {
      const { secrets } = stage;
      const [shop, other] = [present(SHOP), present(OTHER)];
      expect(await secrets.read(shop)).toBeUndefined();
      for (const byte of [0, 255]) {
        await secrets.write(shop, aSecret(byte));
        expect(await secrets.read(shop)).toEqual(aSecret(byte));
      }
      expect(await secrets.read(other)).toBeUndefined();
      expect(secrets.nameOf(shop)).toContain('shop');
    });

    it('reads no more what was removed, until it is written again', async () => {
      const { secrets } = stage;
      const shop = present(SHOP);
      await secrets.write(shop, aSecret(1));
      expect(await secrets.remove(shop, 2_000)).toBe(true);
      expect(await secrets.remove(shop, 3_000)).toBe(false);
      expect(await secrets.read(shop)).toBeUndefined();
      expect(await secrets.remove(present(OTHER), 2_000)).toBe(false);
      await secrets.write(shop, aSecret(2));
      expect(await secrets.read(shop)).toEqual(aSecret(2));
    });

    it('says of an item of another shape that it cannot be read', async () => {
      await stage.spoil(present(OTHER));
      expect(await stage.secrets.read(present(OTHER))).toBe('unreadable');
    });
  });
}
