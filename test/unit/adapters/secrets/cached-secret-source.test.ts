import {
  ResourceNotFoundException,
  type SecretsManagerClient,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { CachedSecretSource } from '#adapters/secrets/cached-secret-source.ts';
import { SecretsManagerSecretReader } from '#adapters/secrets/secrets-manager-secret-reader.ts';
import { parseTenantId } from '#domain/ids.ts';
import { present, TENANT_ID } from '#test/support/builders.ts';
import { ManualClock, RecordingLog } from '#test/support/recorders.ts';
import { stubClient } from '#test/support/stub-client.ts';

const MINUTE_MS = 60_000;

/** A vault whose values a test changes, or takes away. */
function aVault() {
  const values = new Map<string, string>([
    ['platform', '{"appSecrets":["a1"],"verifyTokens":["v1"],"openAiApiKey":"k1"}'],
    ['tenants/bakery', '{"accessToken":"t1"}'],
  ]);
  const vault = { values, isDown: false, error: '' };
  const stub = stubClient(({ input }) => {
    if (vault.isDown) throw new Error('no answer');
    if (vault.error) throw aServiceError(vault.error);
    const text = values.get(input.SecretId);
    if (text === undefined) throw new ResourceNotFoundException({ message: '', $metadata: {} });
    return { SecretString: text };
  });
  const clock = new ManualClock();
  const log = new RecordingLog();
  const platform = new SecretsManagerSecretReader({
    client: stub.as<SecretsManagerClient>(),
    platformSecretId: 'platform',
    tenantSecretPrefix: 'tenants/',
  });
  const source = new CachedSecretSource({ platform, clock, log });
  const token = async () => (await source.tenant(TENANT_ID)).accessToken;
  const put = (accessToken: string) =>
    values.set('tenants/bakery', JSON.stringify({ accessToken }));
  return { vault, sent: stub.sent, clock, log, source, token, put };
}

function aServiceError(name: string): SecretsManagerServiceException {
  return new SecretsManagerServiceException({ name, message: '', $fault: 'client', $metadata: {} });
}

/** Lets work that nobody waits for come to its end. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('cache', () => {
  it('asks once for callers that come together, and not again for minutes', async () => {
    const { source, sent, clock } = aVault();
    const [one, other] = await Promise.all([source.platform(), source.platform()]);
    clock.advance(3.9 * MINUTE_MS);
    expect(await source.platform()).toEqual(one);
    expect(other).toMatchObject({
      appSecrets: ['a1'],
      verifyTokens: ['v1'],
      openAiApiKey: 'k1',
    });
    expect(sent).toHaveLength(1);
  });

  it('serves an ageing value while it fetches the new one', async () => {
    const { token, put, clock } = aVault();
    await token();
    put('t2');
    clock.advance(4.5 * MINUTE_MS);
    expect(await token()).toBe('t1');
    await settle();
    expect(await token()).toBe('t2');
  });

  it('serves nothing older than five minutes without asking', async () => {
    const { token, put, clock } = aVault();
    await token();
    put('t2');
    clock.advance(5 * MINUTE_MS);
    expect(await token()).toBe('t2');
  });

  it('serves on for an hour while the vault is down, and asks only now and then', async () => {
    const { token, vault, sent, clock, log } = aVault();
    await token();
    vault.isDown = true;
    clock.advance(30 * MINUTE_MS);
    expect(await token()).toBe('t1');
    expect(log.lines).toMatchObject([{ level: 'warn', event: 'secret_stale' }]);
    const asked = sent.length;
    clock.advance(1_000);
    expect(await token()).toBe('t1');
    expect(sent).toHaveLength(asked);
    clock.advance(31 * MINUTE_MS);
    await expect(token()).rejects.toMatchObject({ name: 'SecretUnavailableError', needs: 'time' });
  });

  it('asks again at once after a first failure', async () => {
    const { token, vault } = aVault();
    vault.isDown = true;
    await expect(token()).rejects.toMatchObject({ needs: 'time' });
    vault.isDown = false;
    expect(await token()).toBe('t1');
  });

  it('takes a lack that needs the operator for granted for some seconds', async () => {
    const { token, vault, sent, put, clock } = aVault();
    vault.values.delete('tenants/bakery');
    for (const _ of [1, 2, 3]) await expect(token()).rejects.toMatchObject({ needs: 'operator' });
    expect(sent).toHaveLength(1);
    put('t2');
    clock.advance(5_000);
    expect(await token()).toBe('t2');
  });

  it('forgets the tenant that was not used for longest', async () => {
    const { source, vault, sent } = aVault();
    for (let index = 0; index <= 1_000; index += 1) {
      vault.values.set(`tenants/t${index}`, '{"accessToken":"t"}');
      await source.tenant(present(parseTenantId(`t${index}`)));
    }
    const asked = sent.length;
    await source.tenant(present(parseTenantId('t1000')));
    expect(sent).toHaveLength(asked);
    await source.tenant(present(parseTenantId('t0')));
    expect(sent).toHaveLength(asked + 1);
  });
});

describe('an error of the vault', () => {
  it.each([
    ['ResourceNotFoundException', 'operator'],
    ['InvalidRequestException', 'operator'],
    ['AccessDeniedException', 'operator'],
    ['DecryptionFailure', 'operator'],
    ['ThrottlingException', 'time'],
    ['InternalServiceError', 'time'],
    ['TimeoutError', 'time'],
  ])('%s needs %s', async (name, needs) => {
    const { token, vault } = aVault();
    vault.error = name;
    const isEmpty = name === 'ResourceNotFoundException';
    await expect(token()).rejects.toMatchObject({ name: 'SecretUnavailableError', needs, isEmpty });
    await expect(token()).rejects.toThrow('tenants/bakery');
  });
});

describe('refresh', () => {
  it('fetches at once, and then not for half a minute', async () => {
    const { source, token, put, clock } = aVault();
    await token();
    put('t2');
    expect(await source.refreshTenant(TENANT_ID)).toBe(true);
    expect(await token()).toBe('t2');
    put('t3');
    clock.advance(29_999);
    expect(await source.refreshTenant(TENANT_ID)).toBe(false);
    clock.advance(1);
    expect(await source.refreshTenant(TENANT_ID)).toBe(true);
    expect(await token()).toBe('t3');
  });

  it('fetches anew where a fetch is under way, which may bring the former value', async () => {
    const { source, token, put, clock, sent } = aVault();
    await token();
    clock.advance(4.5 * MINUTE_MS);
    // Begins to fetch behind our back, and has read the vault already.
    expect(await token()).toBe('t1');
    put('t2');
    expect(await source.refreshTenant(TENANT_ID)).toBe(true);
    expect(await token()).toBe('t2');
    expect(sent).toHaveLength(3);
  });

  it('counts per secret', async () => {
    const { source } = aVault();
    expect(await source.refreshPlatform()).toBe(true);
    expect(await source.refreshTenant(TENANT_ID)).toBe(true);
    expect(await source.refreshPlatform()).toBe(false);
  });

  it('keeps the old value when the vault does not answer', async () => {
    const { source, token, vault } = aVault();
    await token();
    vault.isDown = true;
    expect(await source.refreshTenant(TENANT_ID)).toBe(false);
    expect(await token()).toBe('t1');
  });
});

describe('shape', () => {
  it.each([
    ['no JSON', 'a1-very-secret'],
    ['no object', '["a1-very-secret"]'],
    ['no app secrets', '{"verifyTokens":["a1-very-secret"]}'],
    ['an empty list', '{"appSecrets":[],"verifyTokens":["a1-very-secret"]}'],
    ['an empty app secret', '{"appSecrets":[""],"verifyTokens":["a1-very-secret"]}'],
    ['a text for a list', '{"appSecrets":"a1-very-secret","verifyTokens":["v"]}'],
    ['no verify tokens', '{"appSecrets":["a1-very-secret"]}'],
  ])('refuses a platform secret with %s, without showing it', async (_what, text) => {
    const { source, vault } = aVault();
    vault.values.set('platform', text);
    const error = await source.platform().catch((each: unknown) => each);
    expect(error).toMatchObject({ name: 'SecretUnavailableError', needs: 'operator' });
    expect(String(error)).toContain('"appSecrets"');
    expect(String(error)).not.toContain('very-secret');
  });

  it('needs no key of OpenAI’s', async () => {
    const { source, vault } = aVault();
    vault.values.set('platform', '{"appSecrets":["a"],"verifyTokens":["v"]}');
    expect((await source.platform()).openAiApiKey).toBeUndefined();
  });

  it('tells the operator of a tenant without a secret', async () => {
    const { source } = aVault();
    const nobody = source.tenant(present(parseTenantId('nobody')));
    await expect(nobody).rejects.toMatchObject({ needs: 'operator' });
    await expect(nobody).rejects.toThrow('tenants/nobody');
  });
});
