import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoSealedSecrets } from '#adapters/dynamodb/dynamo-sealed-secrets.ts';
import { KmsEnvelope } from '#adapters/kms/kms-envelope.ts';
import { SealedSecretVault } from '#adapters/secrets/sealed-secret-vault.ts';
import { SecretsManagerSecretVault } from '#adapters/secrets/secrets-manager-secret-vault.ts';
import type { JsonApi } from '#local/aws/json-api.ts';
import { VirtualClock } from '#local/clock.ts';
import { startDynamoEngine } from '#local/dynamodb/start-dynamo-engine.ts';
import { kmsApi } from '#local/kms/kms-api.ts';
import { KmsModel } from '#local/kms/kms-model.ts';
import { secretsApi } from '#local/secrets/secrets-api.ts';
import { SecretsModel } from '#local/secrets/secrets-model.ts';
import { startAwsApi, TESTER } from './aws-api.ts';
import { createTenantsTable, dynamoClient } from './dynamo-server.ts';

const KEY_ARN = 'arn:aws:kms:eu-central-1:000000000000:key/tenant-secrets';

/** Everything that either vault stands on, on loopback, and both vaults as the operator has them. */
export async function startSealedStage() {
  const clock = new VirtualClock(1_790_400_000_000);
  const place = { clock, region: TESTER.region, accountId: '000000000000' };
  const secrets = new SecretsModel(place);
  secrets.createSecret({ name: 'app/platform' });
  const kms = new KmsModel(place);
  kms.createKey(KEY_ARN);
  const engine = await startDynamoEngine(place);

  const calls: string[] = [];
  const noting = (api: Pick<JsonApi, 'handle'>): Pick<JsonApi, 'handle'> => ({
    handle: (operation, body, call) => {
      calls.push(operation);
      return api.handle(operation, body, call);
    },
  });
  const servers = {
    dynamodb: await startAwsApi(noting(engine), 'application/x-amz-json-1.0'),
    kms: await startAwsApi(noting(kmsApi(kms)), 'application/x-amz-json-1.1'),
    secrets: await startAwsApi(noting(secretsApi(secrets)), 'application/x-amz-json-1.1'),
  };
  const dynamo = dynamoClient({ endpoint: servers.dynamodb.url });
  const kmsClient = new KMSClient({ ...TESTER, endpoint: servers.kms.url, maxAttempts: 1 });
  const secretsClient = new SecretsManagerClient({
    ...TESTER,
    endpoint: servers.secrets.url,
    maxAttempts: 1,
  });
  const tableName = await createTenantsTable(dynamo);
  const sealed = new DynamoSealedSecrets({ client: dynamo, tableName });
  const envelope = new KmsEnvelope({ client: kmsClient, keyId: KEY_ARN });
  const managedVault = new SecretsManagerSecretVault({
    client: secretsClient,
    platformSecretId: 'app/platform',
    tenantSecretPrefix: 'app/tenant/',
    appSecretPrefix: 'app/app/',
    keyId: 'arn:aws:kms:eu-central-1:000000000000:key/1',
  });
  return {
    clock,
    servers,
    secrets,
    secretsClient,
    dynamo,
    tableName,
    sealed,
    envelope,
    managedVault,
    sealedVault: new SealedSecretVault({
      secrets: sealed,
      envelope,
      platform: managedVault,
      clock,
    }),
    /** Operations of all services so far. */
    calls,
    close: async () => {
      for (const client of [dynamo, kmsClient, secretsClient]) client.destroy();
      for (const server of Object.values(servers)) await server.close();
      await engine.close();
    },
  };
}
