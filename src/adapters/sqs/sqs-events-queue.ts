import type { EventEnvelope, EventsQueue } from '#app/ports/queues.ts';
import { MOST_BYTES } from './batches.ts';
import { writeEnvelopeBody, writeReducedEnvelopeBody } from './envelope-body.ts';
import type { Queue } from './queue.ts';
import { type SendMessagesDeps, sendMessages } from './send-messages.ts';

/** The events queue: standard, so that events of many chats flow side by side. */
export class SqsEventsQueue implements EventsQueue {
  readonly #queue: Queue;
  readonly #deps: SendMessagesDeps;

  constructor({ client, queueUrl, random, log }: Queue & SendMessagesDeps) {
    this.#queue = { client, queueUrl };
    this.#deps = { random, log };
  }

  async send(envelopes: readonly EventEnvelope[]): Promise<number> {
    const entries = envelopes.map((envelope) => ({ MessageBody: bodyThatFits(envelope) }));
    return (await sendMessages(this.#queue, entries, this.#deps)).size;
  }
}

/** One that no message can hold would be refused, and its webhook sent again, for seven days. */
function bodyThatFits(envelope: EventEnvelope): string {
  const body = writeEnvelopeBody(envelope);
  const bytes = Buffer.byteLength(body);
  return bytes <= MOST_BYTES ? body : writeReducedEnvelopeBody(envelope, bytes);
}
