import { readEnvelopeBody } from '#adapters/sqs/envelope-body.ts';
import { readJobBody } from '#adapters/sqs/job-body.ts';
import { readRingBody } from '#adapters/sqs/ring-body.ts';
import type { Job } from '#app/ports/jobs.ts';
import type { EventEnvelope, ReceivedRing, Ring } from '#app/ports/queues.ts';
import type { ReceivedMessage } from '#local/sqs/message.ts';
import type { SqsModel } from '#local/sqs/sqs-model.ts';

const MOST = 10;

/** Up to ten rings that are to be had now, held for this long. */
export function receiveRings(
  sqs: SqsModel,
  queue: string,
  holdMs: number,
): readonly ReceivedRing[] {
  const options = { maxMessages: MOST, visibilityTimeoutSeconds: holdMs / 1_000 };
  return sqs
    .receiveMessages(queue, options)
    .map(({ body, receiptHandle, messageId, receiveCount, firstReceivedAtMs }) => ({
      ring: ringIn(body),
      receiptHandle,
      messageId,
      receiveCount,
      firstReceivedAtMs,
    }));
}

/** Takes everything out of a queue. */
function takeAll(sqs: SqsModel, queue: string): readonly ReceivedMessage[] {
  const all: ReceivedMessage[] = [];
  const options = { maxMessages: MOST };
  for (let batch = sqs.receiveMessages(queue, options); batch.length > 0; ) {
    for (const { receiptHandle } of batch) sqs.deleteMessage(queue, receiptHandle);
    all.push(...batch);
    batch = sqs.receiveMessages(queue, options);
  }
  return all;
}

/** Takes the rings out of a dead-letter queue, with what the operator is told of each. */
export function takeDeadLetters(sqs: SqsModel, queue: string) {
  return takeAll(sqs, queue).map(({ body, attributes }) => ({
    ring: ringIn(body),
    parking: Object.fromEntries(
      Object.entries(attributes).map(([name, { stringValue }]) => [name, stringValue]),
    ),
  }));
}

export function takeEnvelopes(sqs: SqsModel, queue: string): readonly EventEnvelope[] {
  return takeAll(sqs, queue).map(({ body }) => {
    const envelope = readEnvelopeBody(body);
    if (envelope === 'malformed') throw new Error(`No envelope: ${body}`);
    return envelope;
  });
}

export function takeJobs(sqs: SqsModel, queue: string): readonly Job[] {
  return takeAll(sqs, queue).map(({ body }) => {
    const job = readJobBody(body);
    if (job === 'malformed') throw new Error(`No job: ${body}`);
    return job;
  });
}

function ringIn(body: string): Ring {
  const ring = readRingBody(body);
  if (ring === 'malformed') throw new Error(`No ring: ${body}`);
  return ring;
}
