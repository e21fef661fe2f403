import type { Random } from '#app/ports/clock.ts';
import type { EventEnvelope, EventsQueue } from '#app/ports/queues.ts';
import { MOST_BYTES } from './batches.ts';
import { writeEnvelopeBody, writeReducedEnvelopeBody } from './envelope-body.ts';
import type { Queue } from './queue.ts';
import { sendMessages } from './send-messages.ts';

export interface SqsEventsQueueOptions extends Queue {
  /** For the jitter of retries. */
  readonly random: Random;
}

/** The events queue: standard, so that events of many chats flow side by side. */
export class SqsEventsQueue implements EventsQueue {
  readonly #queue: Queue;
  readonly #random: Random;

  constructor({ client, queueUrl, random }: SqsEventsQueueOptions) {
    this.#queue = { client, queueUrl };
    this.#random = random;
  }

  async send(envelopes: readonly EventEnvelope[]): Promise<number> {
    const entries = envelopes.map((envelope) => ({ MessageBody: bodyThatFits(envelope) }));
    return (await sendMessages(this.#queue, entries, this.#random)).size;
  }
}

/** One that no message can hold would be refused, and its webhook sent again, for seven days. */
function bodyThatFits(envelope: EventEnvelope): string {
  const body = writeEnvelopeBody(envelope);
  const bytes = Buffer.byteLength(body);
  return bytes <= MOST_BYTES ? body : writeReducedEnvelopeBody(envelope, bytes);
}
