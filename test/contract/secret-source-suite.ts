import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SecretSource, SecretUnavailableError } from '#app/ports/secret-source.ts';
import { parseTenantId, type TenantId } from '#domain/ids.ts';
import { present, TENANT_ID } from '#test/support/builders.ts';

export interface SecretStage {
  readonly source: SecretSource;
  readonly vault: Vault;
  close(): Promise<void>;
}

/** The vault behind the source, and the operator who fills it. */
interface Vault {
  put(secret: SecretName, text: string): void | Promise<void>;
  /** From now on it does not answer, or does again. */
  setDown(isDown: boolean): void;
  /** How often it was asked for a value. */
  readonly reads: number;
  pass(ms: number): void;
}

type SecretName = 'platform' | TenantId;

/** "Some minutes", and the interval of refreshes with them. */
const SOME_MINUTES_MS = 10 * 60_000;

const PLATFORM = '{"appSecrets":["a1","a0"],"verifyTokens":["v1"],"openAiApiKey":"k1"}';

const NEW_TENANT = present(parseTenantId('new-tenant'));

function aToken(accessToken: string): string {
  return JSON.stringify({ accessToken });
}

/** What the source of secrets promises, whatever vault is behind it. Each test has a stage of its own. */
export function describeSecretSource(name: string, makeStage: () => Promise<SecretStage>): void {
  describe(name, () => {
    let stage: SecretStage;
    beforeEach(async () => {
      stage = await makeStage();
      await stage.vault.put('platform', PLATFORM);
      await stage.vault.put(TENANT_ID, aToken('t1'));
    });
    afterEach(() => stage?.close());

    const token = async () => (await stage.source.tenant(TENANT_ID)).accessToken;

    it('reads the platform’s secrets, the current ones first', async () => {
      expect(await stage.source.platform()).toMatchObject({
        appSecrets: ['a1', 'a0'],
        verifyTokens: ['v1'],
        openAiApiKey: 'k1',
        overlapEndsMs: {},
      });
    });

    it('keeps tenants apart', async () => {
      const clinic = present(parseTenantId('clinic'));
      await stage.vault.put(clinic, aToken('clinic-token'));
      expect(await stage.source.tenant(clinic)).toEqual({ accessToken: 'clinic-token' });
      expect(await token()).toBe('t1');
    });

    it('asks once for many callers, together and one after the other', async () => {
      await Promise.all([token(), token(), token()]);
      await token();
      // A whole way to the vault: what was asked for behind our back has arrived by then.
      await stage.source.platform();
      expect(stage.vault.reads).toBe(2);
    });

    it('serves a new value after some minutes, and a value all the time', async () => {
      await token();
      await stage.vault.put(TENANT_ID, aToken('t2'));
      const served = new Set<string>();
      for (let passedMs = 0; passedMs < SOME_MINUTES_MS; passedMs += 30_000) {
        stage.vault.pass(30_000);
        served.add(await token());
      }
      expect([...served]).toEqual(['t1', 't2']);
      expect(stage.vault.reads).toBeLessThan(10);
    });

    it('serves what it has while the vault is down', async () => {
      await token();
      stage.vault.setDown(true);
      stage.vault.pass(SOME_MINUTES_MS);
      expect(await token()).toBe('t1');
    });

    it('calls for the operator where the vault holds nothing', async () => {
      const error = await stage.source.tenant(NEW_TENANT).catch((each: unknown) => each);
      expect(error).toBeInstanceOf(SecretUnavailableError);
      expect(error).toMatchObject({ needs: 'operator' });
    });

    it('calls for time where the vault does not answer, and recovers with it', async () => {
      stage.vault.setDown(true);
      const reason = { name: 'SecretUnavailableError', needs: 'time' };
      for (const read of await Promise.allSettled([token(), stage.source.platform()])) {
        expect(read).toMatchObject({ status: 'rejected', reason });
      }
      stage.vault.setDown(false);
      expect(await token()).toBe('t1');
    });

    describe('a refresh', () => {
      it('fetches the value that was replaced', async () => {
        await token();
        await stage.vault.put(TENANT_ID, aToken('t2'));
        expect(await token()).toBe('t1');
        expect(await stage.source.refreshTenant(TENANT_ID)).toBe(true);
        expect(await token()).toBe('t2');
      });

      it('happens once per interval and secret', async () => {
        expect(await stage.source.refreshTenant(TENANT_ID)).toBe(true);
        expect(await stage.source.refreshTenant(TENANT_ID)).toBe(false);
        expect(await stage.source.refreshPlatform()).toBe(true);
        expect(await stage.source.refreshPlatform()).toBe(false);
        expect(stage.vault.reads).toBe(2);
        stage.vault.pass(SOME_MINUTES_MS);
        expect(await stage.source.refreshTenant(TENANT_ID)).toBe(true);
      });

      it('that fails says so, and leaves the value that is there', async () => {
        await token();
        stage.vault.setDown(true);
        expect(await stage.source.refreshTenant(TENANT_ID)).toBe(false);
        expect(await token()).toBe('t1');
      });
    });
  });
}

/** What only the source of a vault of texts promises: the simulated vault holds values, never a bad text. */
export function describeSecretTexts(name: string, makeStage: () => Promise<SecretStage>): void {
  describe(`${name}: texts`, () => {
    it.each([
      ['no JSON', 'very-secret'],
      ['another shape', '{"accesstoken":"very-secret"}'],
    ])('call for the operator where they are %s, without being shown', async (_, text) => {
      const stage = await makeStage();
      await stage.vault.put(NEW_TENANT, text);
      const error = await stage.source.tenant(NEW_TENANT).catch((each: unknown) => each);
      await stage.close();
      expect(error).toBeInstanceOf(SecretUnavailableError);
      expect(error).toMatchObject({ needs: 'operator' });
      expect(String(error)).not.toContain('very-secret');
    });
  });
}
