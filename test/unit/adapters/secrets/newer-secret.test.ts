import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, it } from 'vitest';
import { fetchSecret } from '#adapters/secrets/fetch-secret.ts';
import { tenantShape } from '#adapters/secrets/secret-shapes.ts';
import { SecretsManagerSecretVault } from '#adapters/secrets/secrets-manager-secret-vault.ts';
import { TENANT_ID } from '#test/support/builders.ts';
import { stubClient } from '#test/support/stub-client.ts';

const owner = { kind: 'tenant' as const, id: TENANT_ID };

function aVault(text: string) {
  const stub = stubClient(() => ({ SecretString: text, CreatedDate: new Date(0) }));
  const vault = new SecretsManagerSecretVault({
    client: stub.as<SecretsManagerClient>(),
    platformSecretId: 'platform',
    tenantSecretPrefix: 'tenant/',
    appSecretPrefix: 'app/',
    keyId: 'key',
  });
  return { vault, sent: stub.sent };
}

const fetched = (text: string) =>
  fetchSecret({ nameOf: () => 'tenant/bakery', read: async () => text }, owner, tenantShape);

it.each(['{"accessToken":"t"}', '{"v":1,"accessToken":"t"}'])('reads %s', async (text) => {
  expect(await fetched(text)).toEqual({ accessToken: 't' });
  expect(await aVault(text).vault.read(owner)).toMatchObject({ fields: { accessToken: 't' } });
  expect(await aVault(text).vault.read(owner)).not.toHaveProperty('fields.v');
});

it('writes the version beside the fields', async () => {
  const { vault, sent } = aVault('');
  await vault.write(owner, { accessToken: 't' });
  expect(JSON.parse(sent[0]?.input.SecretString)).toEqual({ v: 1, accessToken: 't' });
});

it('waits for the release that wrote it, and lets no command change it', async () => {
  const later = '{"v":2,"accessTokens":["t"]}';
  await expect(fetched(later)).rejects.toMatchObject({
    name: 'SecretUnavailableError',
    needs: 'time',
    message: expect.stringContaining('deploy that one'),
  });
  await expect(aVault(later).vault.read(owner)).rejects.toThrow(/use the command of that release/);
});
