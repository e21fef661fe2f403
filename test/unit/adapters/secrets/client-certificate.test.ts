import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { readClientCertificate } from '#adapters/secrets/client-certificate.ts';
import { stubClient } from '#test/support/stub-client.ts';

function read(SecretString: string | undefined) {
  const vault = stubClient(() => ({ SecretString }));
  return readClientCertificate(vault.as<SecretsManagerClient>(), 'canary/client');
}

test('reads what the operator put', async () => {
  expect(await read('{"certificate":"c","privateKey":"k"}')).toEqual({ cert: 'c', key: 'k' });
});

test.each([undefined, '', 'c', '{"certificate":"c"}', '{"certificate":"","privateKey":"k"}'])(
  'tells whose turn it is about %j, without a value',
  async (text) => {
    await expect(read(text)).rejects.toMatchObject({
      name: 'SecretUnavailableError',
      needs: 'operator',
      message: expect.stringContaining('canary/client has another shape'),
    });
  },
);
