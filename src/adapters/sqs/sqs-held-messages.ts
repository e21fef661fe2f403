import type { HeldMessages } from '#app/ports/queues.ts';
import { hideMessages } from './hide-messages.ts';
import type { Queue } from './queue.ts';

/** What an invocation received from a standard queue and holds. */
export class SqsHeldMessages implements HeldMessages {
  readonly #queue: Queue;

  constructor({ client, queueUrl }: Queue) {
    this.#queue = { client, queueUrl };
  }

  defer(held: readonly { readonly receiptHandle: string }[], delayMs: number): Promise<void> {
    return hideMessages(this.#queue, held, delayMs);
  }
}
