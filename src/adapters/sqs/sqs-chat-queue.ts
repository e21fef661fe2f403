import type { Random } from '#app/ports/clock.ts';
import type { ChatBell, Ring } from '#app/ports/queues.ts';
import type { Queue } from './queue.ts';
import { ringEntry } from './ring-entry.ts';
import { sendMessages } from './send-messages.ts';

export interface SqsChatQueueOptions extends Queue {
  /** For the jitter of retries. */
  readonly random: Random;
}

/** The chat queue, rung: FIFO, a group per chat, one message per ring. */
export class SqsChatQueue implements ChatBell {
  readonly #queue: Queue;
  readonly #random: Random;

  constructor({ client, queueUrl, random }: SqsChatQueueOptions) {
    this.#queue = { client, queueUrl };
    this.#random = random;
  }

  async ring(rings: readonly Ring[]): Promise<readonly Ring[]> {
    const entries = rings.map((ring) => ringEntry(ring, `${ring.messageKey}#${ring.number}`));
    const notTaken = await sendMessages(this.#queue, entries, this.#random);
    return rings.filter((_, index) => notTaken.has(index));
  }
}
