import { CachedSecretSource } from '#adapters/secrets/cached-secret-source.ts';
import { SealedSecretReader } from '#adapters/secrets/sealed-secret-reader.ts';
import { SecretsManagerSecretReader } from '#adapters/secrets/secrets-manager-secret-reader.ts';
import { RecordingLog } from '#test/support/recorders.ts';
import { startSealedStage } from '#test/support/sealed-stage.ts';
import {
  describeSecretSource,
  describeSecretTexts,
  type SecretStage,
} from './secret-source-suite.ts';

type Peer = 'dynamodb' | 'kms';

/** The tenants table as the vault; `down` is what does not answer in an outage. */
async function startStage(down: Peer): Promise<SecretStage> {
  const stage = await startSealedStage();
  const { clock, sealed, envelope, secrets } = stage;
  return {
    source: new CachedSecretSource({
      platform: new SecretsManagerSecretReader({
        client: stage.secretsClient,
        platformSecretId: 'app/platform',
      }),
      tenants: new SealedSecretReader({ secrets: sealed, envelope }),
      clock,
      log: new RecordingLog(),
    }),
    vault: {
      put: async (secret, text) => {
        if (secret === 'platform') {
          secrets.putSecretValue({ secretId: 'app/platform', secretString: text });
          return;
        }
        const context = { tenant: secret, purpose: 'tenant-secret' } as const;
        const changedAtMs = clock.now();
        await sealed.write(secret, { ...(await envelope.seal(text, context)), changedAtMs });
      },
      setDown: (isDown) => {
        stage.servers[down].connections.isCut = isDown;
        stage.servers.secrets.connections.isCut = isDown;
      },
      get reads() {
        return stage.calls.filter((name) => name === 'GetItem' || name === 'GetSecretValue').length;
      },
      pass: (ms) => clock.advanceBy(ms),
    },
    close: stage.close,
  };
}

describeSecretSource('tenants table, KMS down in an outage', () => startStage('kms'));
describeSecretSource('tenants table, DynamoDB down in an outage', () => startStage('dynamodb'));
describeSecretTexts('tenants table', () => startStage('kms'));
