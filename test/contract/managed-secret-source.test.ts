import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CachedSecretSource } from '#adapters/secrets/cached-secret-source.ts';
import { SecretsManagerSecretReader } from '#adapters/secrets/secrets-manager-secret-reader.ts';
import { VirtualClock } from '#local/clock.ts';
import { secretsApi } from '#local/secrets/secrets-api.ts';
import { SecretsModel } from '#local/secrets/secrets-model.ts';
import { startAwsApi, TESTER } from '#test/support/aws-api.ts';
import { RecordingLog } from '#test/support/recorders.ts';
import {
  describeSecretSource,
  describeSecretTexts,
  type SecretStage,
} from './secret-source-suite.ts';

async function startStage(): Promise<SecretStage> {
  const clock = new VirtualClock(1_790_400_000_000);
  const model = new SecretsModel({ clock, region: TESTER.region, accountId: '000000000000' });
  const api = secretsApi(model);
  let reads = 0;
  const counting: typeof api = {
    handle(operation, body, call) {
      if (operation === 'GetSecretValue') reads += 1;
      return api.handle(operation, body, call);
    },
  };
  const server = await startAwsApi(counting, 'application/x-amz-json-1.1');
  const client = new SecretsManagerClient({ ...TESTER, endpoint: server.url, maxAttempts: 1 });
  return {
    source: new CachedSecretSource({
      platform: new SecretsManagerSecretReader({
        client,
        platformSecretId: 'app/platform',
        tenantSecretPrefix: 'app/tenants/',
      }),
      clock,
      log: new RecordingLog(),
    }),
    vault: {
      put: (secret, secretString) => {
        const name = secret === 'platform' ? 'app/platform' : `app/tenants/${secret}`;
        if (model.find(name)) model.putSecretValue({ secretId: name, secretString });
        else model.createSecret({ name, secretString });
      },
      setDown: (isDown) => {
        server.connections.isCut = isDown;
      },
      get reads() {
        return reads;
      },
      pass: (ms) => clock.advanceBy(ms),
    },
    close: async () => {
      client.destroy();
      await server.close();
    },
  };
}

describeSecretSource('Secrets Manager', startStage);
describeSecretTexts('Secrets Manager', startStage);
