import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  ScheduledEvent,
} from 'aws-lambda';
import { CachedSecretSource } from '#adapters/secrets/cached-secret-source.ts';
import { readStoredSecret } from '#adapters/secrets/read-stored-secret.ts';
import { SecretsManagerSecretReader } from '#adapters/secrets/secrets-manager-secret-reader.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import type { ReadinessCheck } from '#app/check-readiness.ts';
import { reportSecretAge } from '#app/report-secret-age.ts';
import { dynamoDbClient } from '#runtime/aws/dynamodb-client.ts';
import { secretsManagerClient } from '#runtime/aws/secrets-manager-client.ts';
import { sqsClient } from '#runtime/aws/sqs-client.ts';
import { readEnv } from '#runtime/env.ts';
import { lazy } from '#runtime/lazy.ts';
import { createLog } from '#runtime/logger.ts';
import { mapStacks } from '#runtime/mapped-stacks.ts';
import { createMetrics } from '#runtime/metrics.ts';
import { healthVariables } from './config.ts';
import { createHealthReporter } from './report-health.ts';

mapStacks(import.meta.url);

const services = lazy(() => {
  const env = readEnv(healthVariables);
  const limits = { maxAttempts: 1 };
  const dynamo = dynamoDbClient(limits);
  const sqs = sqsClient(limits);
  const log = createLog();
  const metrics = createMetrics();
  const secrets = secretsManagerClient(limits);
  const secretReader = new SecretsManagerSecretReader({
    client: secrets,
    platformSecretId: env.PLATFORM_SECRET_ARN,
  });
  const table = (TableName: string) => () => dynamo.send(new DescribeTableCommand({ TableName }));
  const queue = (QueueUrl: string) => () =>
    sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  // A source of its own per check: a cached value would say nothing about now.
  const secret = () =>
    new CachedSecretSource({ platform: secretReader, clock: systemClock, log }).platform();
  const checks: readonly ReadinessCheck[] = [
    { name: 'platform-secret', run: secret },
    { name: 'tenants-table', run: table(env.TENANTS_TABLE) },
    { name: 'conversations-table', run: table(env.CONVERSATIONS_TABLE) },
    { name: 'chat-queue', run: queue(env.CHAT_QUEUE_URL) },
    { name: 'events-queue', run: queue(env.EVENTS_QUEUE_URL) },
    { name: 'jobs-queue', run: queue(env.JOBS_QUEUE_URL) },
  ];
  const readSecret = () => readStoredSecret(secrets, env.PLATFORM_SECRET_ARN);
  return {
    metrics,
    reportAge: () => reportSecretAge({ readSecret, clock: systemClock, log, metrics }),
    report: createHealthReporter({ checks, clock: systemClock, log, metrics }),
  };
});

/** Asked over HTTP, or started by the rule that has the secret's age told. */
export async function handler(
  event: APIGatewayProxyEventV2 | ScheduledEvent,
): Promise<APIGatewayProxyStructuredResultV2 | undefined> {
  const { report, reportAge, metrics } = await services();
  try {
    if ('rawPath' in event) return await report(event.rawPath);
    await reportAge();
    return undefined;
  } finally {
    metrics.flush();
  }
}
