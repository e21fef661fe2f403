import { intoBatches } from '#adapters/sqs/batches.ts';
import { writeEnvelopeBody } from '#adapters/sqs/envelope-body.ts';
import { QueueRefusedError } from '#adapters/sqs/queue.ts';
import { ringEntry } from '#adapters/sqs/ring-entry.ts';
import type { ChatBell, EventsQueue, ReceivedRing, Ring, RingBox } from '#app/ports/queues.ts';
import type { Parking } from '#domain/conversation/parking.ts';
import type { MessageAttributes } from '#local/sqs/message.ts';
import type { SqsModel } from '#local/sqs/sqs-model.ts';
import { QUEUES } from '../settings.ts';

/** Sends rings as `SqsChatQueue` and `SqsRingBox` do. */
function sendRings(
  sqs: SqsModel,
  queue: string,
  rings: readonly Ring[],
  sameness: (ring: Ring) => string,
  parking?: Parking,
): void {
  for (const batch of intoBatches(rings)) {
    sqs.sendMessageBatch(
      queue,
      batch.map((ring, index) => {
        const entry = ringEntry(ring, sameness(ring));
        return {
          id: String(index),
          body: entry.MessageBody,
          groupId: entry.MessageGroupId,
          deduplicationId: entry.MessageDeduplicationId,
          attributes: parking ? attributesOf(parking) : {},
        };
      }),
    );
  }
}

function attributesOf({ reason }: Parking): MessageAttributes {
  return { reason: { dataType: 'String', stringValue: reason } };
}

/** The chat queue of the SQS model, rung. */
export class SimulatedBell implements ChatBell {
  readonly #sqs: SqsModel;

  constructor(sqs: SqsModel) {
    this.#sqs = sqs;
  }

  async ring(rings: readonly Ring[]): Promise<readonly Ring[]> {
    sendRings(
      this.#sqs,
      QUEUES.chats,
      rings,
      ({ messageKey, number }) => `${messageKey}#${number}`,
    );
    return [];
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
    const visibilityTimeoutSeconds = Math.min(Math.max(Math.ceil(delayMs / 1000), 0), 43_200);
    for (const batch of intoBatches(rings)) {
      this.#sqs.changeMessageVisibilityBatch(
        QUEUES.chats,
        batch.map(({ receiptHandle }, index) => ({
          id: String(index),
          receiptHandle,
          visibilityTimeoutSeconds,
        })),
      );
    }
  }

  async deadLetter(rings: readonly Ring[], parking: Parking, occasion: string): Promise<void> {
    sendRings(
      this.#sqs,
      QUEUES.chatDeadLetters,
      rings,
      ({ messageKey }) => `${occasion}#${messageKey}`,
      parking,
    );
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
    for (const batch of intoBatches(envelopes)) {
      this.#sqs.sendMessageBatch(
        QUEUES.events,
        batch.map((envelope, index) => ({ id: String(index), body: writeEnvelopeBody(envelope) })),
      );
    }
    return 0;
  }
}
