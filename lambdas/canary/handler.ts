import { DynamoConversationStore } from '#adapters/dynamodb/dynamo-conversation-store.ts';
import { CachedSecretSource } from '#adapters/secrets/cached-secret-source.ts';
import { readClientCertificate } from '#adapters/secrets/client-certificate.ts';
import { SecretsManagerSecretReader } from '#adapters/secrets/secrets-manager-secret-reader.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { wakefulPauses } from '#adapters/system/system-pauses.ts';
import { HttpsWebhookDoor } from '#adapters/whatsapp/https-webhook-door.ts';
import { runCanary } from '#app/run-canary.ts';
import { dynamoDbClient } from '#runtime/aws/dynamodb-client.ts';
import { secretsManagerClient } from '#runtime/aws/secrets-manager-client.ts';
import { readEnv } from '#runtime/env.ts';
import { lazy } from '#runtime/lazy.ts';
import { createLog } from '#runtime/logger.ts';
import { mapStacks } from '#runtime/mapped-stacks.ts';
import { createMetrics } from '#runtime/metrics.ts';
import { canaryVariables } from './config.ts';

mapStacks(import.meta.url);

const services = lazy(() => {
  const env = readEnv(canaryVariables);
  const log = createLog();
  const secretsManager = secretsManagerClient();
  const certificateId = env.CLIENT_CERTIFICATE_SECRET_ARN;
  return {
    log,
    metrics: createMetrics(),
    clock: systemClock,
    pauses: wakefulPauses,
    door: new HttpsWebhookDoor({
      url: env.WEBHOOK_URL,
      certificate:
        certificateId === 'none'
          ? undefined
          : () => readClientCertificate(secretsManager, certificateId),
    }),
    secrets: new CachedSecretSource({
      platform: new SecretsManagerSecretReader({
        client: secretsManager,
        platformSecretId: env.PLATFORM_SECRET_ARN,
      }),
      clock: systemClock,
      log,
    }),
    store: new DynamoConversationStore({
      client: dynamoDbClient(),
      tableName: env.CONVERSATIONS_TABLE,
      clock: systemClock,
      log,
      keptDays: async () => undefined,
    }),
  };
});

/** Runs on a schedule; the event that starts it says nothing that is needed. */
export async function handler(): Promise<void> {
  const deps = await services();
  try {
    await runCanary(deps);
  } finally {
    deps.metrics.flush();
  }
}
