import { DynamoSealedSecrets } from '#adapters/dynamodb/dynamo-sealed-secrets.ts';
import type { DynamoSender } from '#adapters/dynamodb/table.ts';
import { KmsEnvelope } from '#adapters/kms/kms-envelope.ts';
import { CachedSecretSource } from '#adapters/secrets/cached-secret-source.ts';
import { SealedSecretReader } from '#adapters/secrets/sealed-secret-reader.ts';
import { SecretsManagerSecretReader } from '#adapters/secrets/secrets-manager-secret-reader.ts';
import type { Clock } from '#app/ports/clock.ts';
import type { Log } from '#app/ports/log.ts';
import { TENANT_VAULTS } from '#domain/secret/tenant-vault.ts';
import { kmsClient } from '#runtime/aws/kms-client.ts';
import { secretsManagerClient } from '#runtime/aws/secrets-manager-client.ts';
import { type EnvOf, oneOf } from '#runtime/env.ts';

/** Of the environment of every function that reads tenants' secrets. */
type SecretsEnv = EnvOf<
  readonly [
    'TENANTS_TABLE',
    'PLATFORM_SECRET_ARN',
    'TENANT_VAULT',
    'TENANT_SECRET_PREFIX',
    'TENANT_SECRETS_KEY_ARN',
  ]
>;

interface SecretSourceDeps {
  readonly dynamo: DynamoSender;
  readonly clock: Clock;
  readonly log: Log;
}

/** The platform's secrets from Secrets Manager, the tenants' from the vault of the stage. */
export function createSecretSource(
  env: SecretsEnv,
  { dynamo, ...rest }: SecretSourceDeps,
): CachedSecretSource {
  const platform = new SecretsManagerSecretReader({
    client: secretsManagerClient(),
    platformSecretId: env.PLATFORM_SECRET_ARN,
    tenantSecretPrefix: env.TENANT_SECRET_PREFIX,
  });
  switch (oneOf('TENANT_VAULT', env.TENANT_VAULT, TENANT_VAULTS)) {
    case 'secrets-manager':
      return new CachedSecretSource({ platform, ...rest });
    case 'tenants-table': {
      const tenants = new SealedSecretReader({
        secrets: new DynamoSealedSecrets({ client: dynamo, tableName: env.TENANTS_TABLE }),
        envelope: new KmsEnvelope({
          client: kmsClient(),
          keyId: env.TENANT_SECRETS_KEY_ARN,
        }),
      });
      return new CachedSecretSource({ platform, tenants, ...rest });
    }
  }
}
