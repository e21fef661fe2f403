import { DynamoUnfinishedIndex } from '#adapters/dynamodb/dynamo-unfinished-index.ts';
import { SqsChatQueue } from '#adapters/sqs/sqs-chat-queue.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { systemRandom } from '#adapters/system/system-random.ts';
import { sweep } from '#app/sweep.ts';
import { dynamoDbClient } from '#runtime/aws/dynamodb-client.ts';
import { sqsClient } from '#runtime/aws/sqs-client.ts';
import { positiveInteger, readEnv } from '#runtime/env.ts';
import { lazy } from '#runtime/lazy.ts';
import { createLog } from '#runtime/logger.ts';
import { mapStacks } from '#runtime/mapped-stacks.ts';
import { createMetrics } from '#runtime/metrics.ts';
import { sweeperVariables } from './config.ts';

mapStacks(import.meta.url);

const services = lazy(() => {
  const env = readEnv(sweeperVariables);
  const log = createLog();
  return {
    log,
    metrics: createMetrics(),
    clock: systemClock,
    ringAfterMs: positiveInteger('RING_AFTER_SECONDS', env.RING_AFTER_SECONDS) * 1000,
    unfinished: new DynamoUnfinishedIndex({
      client: dynamoDbClient(),
      tableName: env.CONVERSATIONS_TABLE,
    }),
    bell: new SqsChatQueue({
      client: sqsClient(),
      queueUrl: env.CHAT_QUEUE_URL,
      random: systemRandom,
      log,
    }),
  };
});

/** Runs on a schedule; the event that starts it says nothing that is needed. */
export async function handler(): Promise<void> {
  const deps = await services();
  try {
    await sweep(deps);
  } finally {
    deps.metrics.flush();
  }
}
