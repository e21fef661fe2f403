import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { BusinessNotice } from '#app/ports/jobs.ts';
import type { NoticeParking, ParkedNotices } from '#app/ports/notices.ts';
import { writeJobBody } from './job-body.ts';
import { type Queue, QueueRefusedError } from './queue.ts';
import { type SendMessagesDeps, sendMessages } from './send-messages.ts';

/** The dead-letter queue of the jobs: a notice lies there as the job that it was, with the reason beside it. */
export class SqsParkedNotices implements ParkedNotices {
  readonly #queue: Queue;
  readonly #deps: SendMessagesDeps;

  constructor({ client, queueUrl, random, log }: Queue & SendMessagesDeps) {
    this.#queue = { client, queueUrl };
    this.#deps = { random, log };
  }

  /** @throws QueueRefusedError */
  async park(notice: BusinessNotice, { reason, code, attempts }: NoticeParking): Promise<void> {
    const entry = {
      MessageBody: writeJobBody({ kind: 'notice', notice }),
      MessageAttributes: {
        reason: text(reason),
        code: text(code),
        attempts: { DataType: 'Number', StringValue: String(attempts) },
        tenant: text(notice.tenantId),
      },
    };
    const notTaken = await sendMessages(this.#queue, [entry], this.#deps);
    if (notTaken.size === 0) return;
    throw new QueueRefusedError(
      'The dead-letter queue of the jobs did not take a notice; check its policy and quota',
    );
  }
}

function text(StringValue: string): MessageAttributeValue {
  return { DataType: 'String', StringValue };
}
