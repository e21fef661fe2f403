import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { isNewerBody } from '#adapters/sqs/json-body.ts';
import { readRingBody } from '#adapters/sqs/ring-body.ts';
import type { LogFields } from '#app/ports/log.ts';
import type { ReceivedRing } from '#app/ports/queues.ts';
import { type ProcessRingsDeps, processRings } from '#app/process-rings.ts';
import { backoffMs } from '#domain/backoff.ts';

/** Kept back from the invocation's time, so that state can still be written after the last outside call. */
const MARGIN_MS = 5_000;

/** Short, since a ring that nobody can read holds up its chat until the queue gives up on it. */
const MALFORMED_HIDDEN_MS = 1_000;

/** A batch of the chat queue. Rings that it cannot read are handed back; the queue parks them in the end. */
export async function receiveRings(
  { Records: records }: SQSEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
  deps: ProcessRingsDeps,
): Promise<SQSBatchResponse> {
  const received = records.map((record) => ({ record, ring: readRing(record) }));
  const good = received.map(({ ring }) => ring).filter((ring) => ring !== undefined);
  const unread = received.filter(({ ring }) => !ring).map(({ record }) => record);
  await Promise.all(unread.map((record) => hide(record, deps)));
  const kept = await processRings(
    good,
    { remainingMs: () => context.getRemainingTimeInMillis() - MARGIN_MS },
    (rings) => ({ ...deps, log: deps.log.with(fieldsOf(rings, deps)) }),
  );
  return {
    batchItemFailures: [...unread.map(({ messageId }) => messageId), ...kept].map(
      (itemIdentifier) => ({ itemIdentifier }),
    ),
  };
}

/** What a later release wrote waits for it, longer each time. */
async function hide(
  record: SQSRecord,
  { rings, log, random }: Pick<ProcessRingsDeps, 'rings' | 'log' | 'random'>,
): Promise<void> {
  const isNewer = isNewerBody(record.body);
  const attempt = Number(record.attributes.ApproximateReceiveCount);
  if (isNewer) log.warn('body_newer', { kind: 'ring', attempt });
  else log.error('ring_malformed', {});
  try {
    const delayMs = isNewer ? backoffMs(attempt, random.next()) : MALFORMED_HIDDEN_MS;
    await rings.defer([record], delayMs);
  } catch {
    // Then it stays hidden for the queue's own time: later, but no reason to stop the others.
    log.warn('ring_malformed', { at: 'hiding' });
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
