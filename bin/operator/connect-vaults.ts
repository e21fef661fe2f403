import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoSealedSecrets } from '#adapters/dynamodb/dynamo-sealed-secrets.ts';
import { DynamoVaultMoves } from '#adapters/dynamodb/dynamo-vault-moves.ts';
import { KmsEnvelope } from '#adapters/kms/kms-envelope.ts';
import { SealedSecretVault } from '#adapters/secrets/sealed-secret-vault.ts';
import { SecretsManagerSecretVault } from '#adapters/secrets/secrets-manager-secret-vault.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import type { TenantVaults } from '#app/mirror-secrets.ts';
import { isTenantVault } from '#domain/secret/tenant-vault.ts';
import { OperatorError } from './operator-error.ts';
import { type Outputs, outputOf } from './stack-outputs.ts';

export interface VaultClients {
  readonly dynamo: DynamoDBClient;
  readonly kms: KMSClient;
  readonly secrets: SecretsManagerClient;
}

/** Both vaults, and which of them the functions read. @throws OperatorError */
export function connectVaults(outputs: Outputs, clients: VaultClients): TenantVaults {
  const table = { client: clients.dynamo, tableName: outputOf(outputs, 'TenantsTableName') };
  const managed = new SecretsManagerSecretVault({
    client: clients.secrets,
    platformSecretId: outputOf(outputs, 'PlatformSecretName'),
    tenantSecretPrefix: outputOf(outputs, 'TenantSecretPrefix'),
    appSecretPrefix: outputOf(outputs, 'AppSecretPrefix'),
    keyId: outputOf(outputs, 'SecretsKeyArn'),
  });
  const sealed = new SealedSecretVault({
    secrets: new DynamoSealedSecrets(table),
    envelope: new KmsEnvelope({
      client: clients.kms,
      keyId: outputOf(outputs, 'TenantSecretsKeyArn'),
    }),
    platform: managed,
    clock: systemClock,
  });
  const active = outputOf(outputs, 'TenantVault');
  if (!isTenantVault(active)) {
    throw new OperatorError(
      `The stage keeps its secrets in ${active}, which this release does not know: use the release that is deployed.`,
    );
  }
  return {
    vaults: { 'secrets-manager': managed, 'tenants-table': sealed },
    active,
    moves: new DynamoVaultMoves(table),
  };
}
