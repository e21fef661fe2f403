import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { DynamoTenantDirectory } from '#adapters/dynamodb/dynamo-tenant-directory.ts';
import { SqsHeldMessages } from '#adapters/sqs/sqs-held-messages.ts';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { systemRandom } from '#adapters/system/system-random.ts';
import { dynamoDbClient } from '#runtime/aws/dynamodb-client.ts';
import { sqsClient } from '#runtime/aws/sqs-client.ts';
import { classifyAwsError } from '#runtime/aws-failure.ts';
import { readEnv } from '#runtime/env.ts';
import { lazy } from '#runtime/lazy.ts';
import { createLog } from '#runtime/logger.ts';
import { mapStacks } from '#runtime/mapped-stacks.ts';
import { createMetrics } from '#runtime/metrics.ts';
import { createSecretSource } from '#wiring/secret-source.ts';
import { jobsVariables } from './config.ts';
import { memoryHandler } from './memory-handler.ts';
import { noticeHandler } from './notice-handler.ts';
import { receiveJobs } from './receive-jobs.ts';

mapStacks(import.meta.url);

const services = lazy(() => {
  const env = readEnv(jobsVariables);
  const log = createLog();
  const metrics = createMetrics();
  const sqs = sqsClient();
  const dynamo = dynamoDbClient();
  const tenants = new DynamoTenantDirectory({
    client: dynamo,
    tableName: env.TENANTS_TABLE,
    clock: systemClock,
  });
  const secrets = createSecretSource(env, { dynamo, clock: systemClock, log });
  const deps = { dynamo, tenants, secrets, log, metrics };
  return {
    handlers: { memory: memoryHandler(env, deps), notice: noticeHandler(env, { ...deps, sqs }) },
    held: new SqsHeldMessages({ client: sqs, queueUrl: env.JOBS_QUEUE_URL }),
    classifyFailure: classifyAwsError,
    random: systemRandom,
    pseudonyms,
    log,
    metrics,
  };
});

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const deps = await services();
  try {
    return await receiveJobs(event, context, deps);
  } finally {
    deps.metrics.flush();
  }
}
