import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { SqsHeldMessages } from '#adapters/sqs/sqs-held-messages.ts';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { systemRandom } from '#adapters/system/system-random.ts';
import { awsClientOptions } from '#runtime/aws-client-options.ts';
import { classifyAwsError } from '#runtime/aws-failure.ts';
import { readEnv } from '#runtime/env.ts';
import { lazy } from '#runtime/lazy.ts';
import { createLog } from '#runtime/logger.ts';
import { createMetrics } from '#runtime/metrics.ts';
import { jobsVariables } from './config.ts';
import { receiveJobs } from './receive-jobs.ts';

const services = lazy(() => {
  const env = readEnv(jobsVariables);
  return {
    handlers: {},
    held: new SqsHeldMessages({
      client: new SQSClient(awsClientOptions()),
      queueUrl: env.JOBS_QUEUE_URL,
    }),
    classifyFailure: classifyAwsError,
    random: systemRandom,
    pseudonyms,
    log: createLog(),
    metrics: createMetrics(),
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
