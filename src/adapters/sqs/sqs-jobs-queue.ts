import type { Job, JobsQueue } from '#app/ports/jobs.ts';
import { writeJobBody } from './job-body.ts';
import type { Queue } from './queue.ts';
import { type SendMessagesDeps, sendMessages } from './send-messages.ts';

/** SQS delays a message by fifteen minutes at most. */
const LONGEST_DELAY_SECONDS = 900;

/** The jobs queue: standard, since no job waits for another. */
export class SqsJobsQueue implements JobsQueue {
  readonly #queue: Queue;
  readonly #deps: SendMessagesDeps;

  constructor({ client, queueUrl, random, log }: Queue & SendMessagesDeps) {
    this.#queue = { client, queueUrl };
    this.#deps = { random, log };
  }

  async send(jobs: readonly Job[], delaySeconds = 0): Promise<number> {
    const DelaySeconds = Math.min(delaySeconds, LONGEST_DELAY_SECONDS);
    const entries = jobs.map((job) => ({ MessageBody: writeJobBody(job), DelaySeconds }));
    return (await sendMessages(this.#queue, entries, this.#deps)).size;
  }
}
