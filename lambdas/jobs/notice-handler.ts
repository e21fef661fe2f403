import { DynamoChatArchive } from '#adapters/dynamodb/dynamo-chat-archive.ts';
import type { DynamoSender } from '#adapters/dynamodb/table.ts';
import { SnsNoticeTopic } from '#adapters/sns/sns-notice-topic.ts';
import type { SqsSender } from '#adapters/sqs/queue.ts';
import { SqsParkedNotices } from '#adapters/sqs/sqs-parked-notices.ts';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { systemRandom } from '#adapters/system/system-random.ts';
import { HttpsWebhookSender } from '#adapters/webhook/https-webhook-sender.ts';
import { Circuits } from '#app/circuits.ts';
import { deliverNotice } from '#app/deliver-notice.ts';
import type { Log } from '#app/ports/log.ts';
import type { Metrics } from '#app/ports/metrics.ts';
import type { SecretSource } from '#app/ports/secret-source.ts';
import type { TenantDirectory } from '#app/ports/tenant-directory.ts';
import type { JobHandlers } from '#app/run-job.ts';
import { sdkClientOptions } from '#runtime/aws/sdk-client-options.ts';
import { readOptionalEnv } from '#runtime/env.ts';
import { lazy } from '#runtime/lazy.ts';
import type { JobsEnv } from './config.ts';

export interface NoticeHandlerDeps {
  readonly dynamo: DynamoSender;
  readonly sqs: SqsSender;
  readonly tenants: TenantDirectory;
  readonly secrets: SecretSource;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Tells businesses what happened in their chats. */
export function noticeHandler(
  env: JobsEnv,
  { dynamo, sqs, tenants, secrets, log, metrics }: NoticeHandlerDeps,
): NonNullable<JobHandlers['notice']> {
  const deps = {
    tenants,
    secrets,
    metrics,
    pseudonyms,
    random: systemRandom,
    archive: new DynamoChatArchive({ client: dynamo, tableName: env.CONVERSATIONS_TABLE }),
    webhooks: new HttpsWebhookSender({
      clock: systemClock,
      // Set by the local stack alone: no template may have it (test/cdk/functions.test.ts).
      allowsLoopback: readOptionalEnv('NOTICES_LOOPBACK') === 'allowed',
    }),
    circuits: new Circuits('WebhookCircuit', { clock: systemClock, metrics }),
    topic: new SnsNoticeTopic({ client: lazy(makeSnsClient), topicArn: env.NOTICES_TOPIC_ARN }),
    parked: new SqsParkedNotices({
      client: sqs,
      queueUrl: env.JOBS_DEAD_LETTER_QUEUE_URL,
      random: systemRandom,
      log,
    }),
  };
  return ({ notice }, work) => deliverNotice(notice, work, deps);
}

/** On first use: most jobs announce nothing. */
async function makeSnsClient() {
  const { SNSClient } = await import('@aws-sdk/client-sns');
  return new SNSClient(sdkClientOptions());
}
