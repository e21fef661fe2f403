import { intoBatches } from '#adapters/sqs/batches.ts';
import { writeEnvelopeBody } from '#adapters/sqs/envelope-body.ts';
import { writeJobBody } from '#adapters/sqs/job-body.ts';
import { QueueRefusedError } from '#adapters/sqs/queue.ts';
import { ringEntry } from '#adapters/sqs/ring-entry.ts';
import type { Job, JobsQueue } from '#app/ports/jobs.ts';
import type {
  ChatBell,
  EventsQueue,
  HeldMessages,
  ReceivedRing,
  Ring,
  RingBox,
} from '#app/ports/queues.ts';
import type { Parking } from '#domain/conversation/parking.ts';
import type { MessageAttributes, SendRequest } from '#local/sqs/message.ts';
import type { SqsModel } from '#local/sqs/sqs-model.ts';
import { QUEUES } from '../settings.ts';

/** Sends in batches. @returns what the queue did not take */
function sendAll<Item>(
  sqs: SqsModel,
  queue: string,
  items: readonly Item[],
  requestOf: (item: Item) => SendRequest,
): readonly Item[] {
  return intoBatches(items).flatMap((batch) => {
    const entries = batch.map((item, index) => ({ id: String(index), ...requestOf(item) }));
    const { failed } = sqs.sendMessageBatch(queue, entries);
    return batch.filter((_, index) => failed.some(({ id }) => id === String(index)));
  });
}

/** As `SqsChatQueue` and `SqsRingBox` send it. */
function ringRequest(ring: Ring, sameness: string): SendRequest {
  const entry = ringEntry(ring, sameness);
  return {
    body: entry.MessageBody,
    groupId: entry.MessageGroupId,
    deduplicationId: entry.MessageDeduplicationId,
  };
}

function attributesOf(parking: Parking): MessageAttributes {
  return Object.fromEntries(
    Object.entries(parking).map(([name, value]) => [
      name,
      { dataType: typeof value === 'number' ? 'Number' : 'String', stringValue: String(value) },
    ]),
  );
}

/** The chat queue of the SQS model, rung. */
export class SimulatedBell implements ChatBell {
  readonly #sqs: SqsModel;

  constructor(sqs: SqsModel) {
    this.#sqs = sqs;
  }

  async ring(rings: readonly Ring[]): Promise<readonly Ring[]> {
    return sendAll(this.#sqs, QUEUES.chats, rings, (ring) =>
      ringRequest(ring, `${ring.messageKey}#${ring.number}`),
    );
  }
}

/** The rings that an invocation holds, in the SQS model. */
export class SimulatedRingBox implements RingBox {
  readonly #sqs: SqsModel;

  constructor(sqs: SqsModel) {
    this.#sqs = sqs;
  }

  async done(rings: readonly ReceivedRing[]): Promise<void> {
    for (const batch of intoBatches(rings)) {
      this.#sqs.deleteMessageBatch(
        QUEUES.chats,
        batch.map(({ receiptHandle }, index) => ({ id: String(index), receiptHandle })),
      );
    }
  }

  async defer(
    rings: readonly Pick<ReceivedRing, 'receiptHandle'>[],
    delayMs: number,
  ): Promise<void> {
    hide(this.#sqs, QUEUES.chats, rings, delayMs);
  }

  async deadLetter(rings: readonly Ring[], parking: Parking, occasion: string): Promise<void> {
    const notTaken = sendAll(this.#sqs, QUEUES.chatDeadLetters, rings, (ring) => ({
      ...ringRequest(ring, `${occasion}#${ring.messageKey}`),
      attributes: attributesOf(parking),
    }));
    if (notTaken.length > 0) SimulatedRingBox.refused();
  }

  /** What the port throws when the dead-letter queue did not take all. */
  static refused(): never {
    throw new QueueRefusedError('The dead-letter queue did not take a ring');
  }
}

/** The events queue of the SQS model. */
export class SimulatedEventsQueue implements EventsQueue {
  readonly #sqs: SqsModel;

  constructor(sqs: SqsModel) {
    this.#sqs = sqs;
  }

  async send(envelopes: Parameters<EventsQueue['send']>[0]): Promise<number> {
    const notTaken = sendAll(this.#sqs, QUEUES.events, envelopes, (envelope) => ({
      body: writeEnvelopeBody(envelope),
    }));
    return notTaken.length;
  }
}

/** The jobs queue of the SQS model. */
export class SimulatedJobsQueue implements JobsQueue {
  readonly #sqs: SqsModel;

  constructor(sqs: SqsModel) {
    this.#sqs = sqs;
  }

  async send(jobs: readonly Job[], delaySeconds = 0): Promise<number> {
    const notTaken = sendAll(this.#sqs, QUEUES.jobs, jobs, (job) => ({
      body: writeJobBody(job),
      delaySeconds,
    }));
    return notTaken.length;
  }
}

/** What an invocation holds of a standard queue of the SQS model. */
export class SimulatedHeldMessages implements HeldMessages {
  readonly #sqs: SqsModel;
  readonly #queue: string;

  constructor(sqs: SqsModel, queue: string) {
    this.#sqs = sqs;
    this.#queue = queue;
  }

  async defer(held: Parameters<HeldMessages['defer']>[0], delayMs: number): Promise<void> {
    hide(this.#sqs, this.#queue, held, delayMs);
  }
}

function hide(
  sqs: SqsModel,
  queue: string,
  held: readonly { readonly receiptHandle: string }[],
  delayMs: number,
): void {
  const visibilityTimeoutSeconds = Math.min(Math.max(Math.ceil(delayMs / 1000), 0), 43_200);
  for (const batch of intoBatches(held)) {
    sqs.changeMessageVisibilityBatch(
      queue,
      batch.map(({ receiptHandle }, index) => ({
        id: String(index),
        receiptHandle,
        visibilityTimeoutSeconds,
      })),
    );
  }
}
