import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { DynamoDeliveryLog } from '#adapters/dynamodb/dynamo-delivery-log.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { awsClientOptions } from '#runtime/aws-client-options.ts';
import { readEnv } from '#runtime/env.ts';
import { lazy } from '#runtime/lazy.ts';
import { createLog } from '#runtime/logger.ts';
import { createMetrics } from '#runtime/metrics.ts';
import { eventsVariables } from './config.ts';
import { receiveEvents } from './receive-events.ts';

const services = lazy(() => {
  const env = readEnv(eventsVariables);
  return {
    log: createLog(),
    metrics: createMetrics(),
    clock: systemClock,
    deliveries: new DynamoDeliveryLog({
      client: new DynamoDBClient(awsClientOptions()),
      tableName: env.CONVERSATIONS_TABLE,
    }),
  };
});

export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const deps = await services();
  try {
    return await receiveEvents(event, deps);
  } finally {
    deps.metrics.flush();
  }
}
