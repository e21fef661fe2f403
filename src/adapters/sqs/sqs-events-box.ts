import type { EventsBox } from '#app/ports/queues.ts';
import { hideMessages } from './hide-messages.ts';
import type { Queue } from './queue.ts';

/** The envelopes that an invocation holds. */
export class SqsEventsBox implements EventsBox {
  readonly #queue: Queue;

  constructor({ client, queueUrl }: Queue) {
    this.#queue = { client, queueUrl };
  }

  defer(envelopes: readonly { readonly receiptHandle: string }[], delayMs: number): Promise<void> {
    return hideMessages(this.#queue, envelopes, delayMs);
  }
}
