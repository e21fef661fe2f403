import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { readRingBody } from '#adapters/sqs/ring-body.ts';
import type { LogFields } from '#app/ports/log.ts';
import type { ReceivedRing } from '#app/ports/queues.ts';
import { type ProcessRingsDeps, processRings } from '#app/process-rings.ts';

/** Kept back from the invocation's time, so that state can still be written after the last outside call. */
const MARGIN_MS = 5_000;

/** Short, since a ring that nobody can read holds up its chat until the queue gives up on it. */
const MALFORMED_HIDDEN_MS = 1_000;

/** A batch of the chat queue. Malformed rings are handed back, so that the queue parks them soon. */
export async function receiveRings(
  { Records: records }: SQSEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
  deps: ProcessRingsDeps,
): Promise<SQSBatchResponse> {
  const received = records.map((record) => ({ record, ring: readRing(record) }));
  const good = received.map(({ ring }) => ring).filter((ring) => ring !== undefined);
  const malformed = received.filter(({ ring }) => !ring).map(({ record }) => record);
  if (malformed.length > 0) await hideMalformed(malformed, deps);
  const kept = await processRings(
    good,
    { remainingMs: () => context.getRemainingTimeInMillis() - MARGIN_MS },
    (rings) => ({ ...deps, log: deps.log.with(fieldsOf(rings, deps)) }),
  );
  return {
    batchItemFailures: [...malformed.map(({ messageId }) => messageId), ...kept].map(
      (itemIdentifier) => ({ itemIdentifier }),
    ),
  };
}

async function hideMalformed(
  records: readonly SQSRecord[],
  { rings, log }: ProcessRingsDeps,
): Promise<void> {
  log.error('ring_malformed', { rings: records.length });
  try {
    await rings.defer(records, MALFORMED_HIDDEN_MS);
  } catch {
    // Then they stay hidden for the queue's own time: later, but no reason to stop the others.
    log.warn('ring_malformed', { rings: records.length, at: 'hiding' });
  }
}

function readRing(record: SQSRecord): ReceivedRing | undefined {
  const ring = readRingBody(record.body);
  if (ring === 'malformed') return undefined;
  return {
    ring,
    receiptHandle: record.receiptHandle,
    messageId: record.messageId,
    receiveCount: Number(record.attributes.ApproximateReceiveCount),
    firstReceivedAtMs: Number(record.attributes.ApproximateFirstReceiveTimestamp),
  };
}

function fieldsOf(rings: readonly ReceivedRing[], { pseudonyms }: ProcessRingsDeps): LogFields {
  const ring = rings[0]?.ring;
  if (!ring) return {};
  return {
    correlationId: ring.correlationId,
    phoneNumberId: ring.chat.phoneNumberId,
    chat: pseudonyms.ofChat(ring.chat),
    messageId: pseudonyms.ofMessage(ring.messageKey),
  };
}
