import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SecretsManagerSecretVault } from '#adapters/secrets/secrets-manager-secret-vault.ts';
import { VirtualClock } from '#local/clock.ts';
import { secretsApi } from '#local/secrets/secrets-api.ts';
import { SecretsModel } from '#local/secrets/secrets-model.ts';
import { startAwsApi, TESTER } from '#test/support/aws-api.ts';
import { describeSecretVault } from './secret-vault-suite.ts';

describeSecretVault('Secrets Manager', async () => {
  const clock = new VirtualClock(1_790_400_000_000);
  const model = new SecretsModel({ clock, region: TESTER.region, accountId: '000000000000' });
  model.createSecret({ name: 'app/platform' });
  const server = await startAwsApi(secretsApi(model), 'application/x-amz-json-1.1');
  const client = new SecretsManagerClient({ ...TESTER, endpoint: server.url, maxAttempts: 1 });
  return {
    vault: new SecretsManagerSecretVault({
      client,
      platformSecretId: 'app/platform',
      tenantSecretPrefix: 'app/tenant/',
      appSecretPrefix: 'app/app/',
      keyId: 'arn:aws:kms:eu-central-1:000000000000:key/1',
    }),
    now: () => clock.now(),
    close: async () => {
      client.destroy();
      await server.close();
    },
  };
});
