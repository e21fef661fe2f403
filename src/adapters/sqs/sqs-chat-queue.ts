import type { ChatBell, Ring } from '#app/ports/queues.ts';
import type { Queue } from './queue.ts';
import { ringEntry } from './ring-entry.ts';
import { type SendMessagesDeps, sendMessages } from './send-messages.ts';

/** The chat queue, rung: FIFO, a group per chat, one message per ring. */
export class SqsChatQueue implements ChatBell {
  readonly #queue: Queue;
  readonly #deps: SendMessagesDeps;

  constructor({ client, queueUrl, random, log }: Queue & SendMessagesDeps) {
    this.#queue = { client, queueUrl };
    this.#deps = { random, log };
  }

  async ring(rings: readonly Ring[]): Promise<readonly Ring[]> {
    const entries = rings.map((ring) => ringEntry(ring, `${ring.messageKey}#${ring.number}`));
    const notTaken = await sendMessages(this.#queue, entries, this.#deps);
    return rings.filter((_, index) => notTaken.has(index));
  }
}
