import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { readEnvelopeBody } from '#adapters/sqs/envelope-body.ts';
import { isNewerBody } from '#adapters/sqs/json-body.ts';
import type { Random } from '#app/ports/clock.ts';
import type { HeldMessages } from '#app/ports/queues.ts';
import { type RecordEventDeps, recordEvent } from '#app/record-event.ts';
import { backoffMs } from '#domain/backoff.ts';

export interface ReceiveEventsDeps extends RecordEventDeps {
  readonly envelopes: HeldMessages;
  readonly random: Random;
}

/**
 * A batch of the events queue, side by side: order means nothing here, and one failure is only its own.
 * What failed comes back within seconds: among it may be the proof of a send that somebody waits for.
 */
export async function receiveEvents(
  { Records: records }: SQSEvent,
  deps: ReceiveEventsDeps,
): Promise<SQSBatchResponse> {
  const results = await Promise.all(records.map((record) => isRecorded(record, deps)));
  const failed = records.filter((_, index) => !results[index]);
  if (failed.length > 0) await handBack(failed, deps);
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

async function handBack(
  failed: readonly SQSRecord[],
  { envelopes, random, log }: ReceiveEventsDeps,
): Promise<void> {
  const receives = failed.map(({ attributes }) => Number(attributes.ApproximateReceiveCount));
  try {
    await envelopes.defer(failed, backoffMs(Math.min(...receives), random.next()));
  } catch (error) {
    // Then they stay hidden for the queue's own time: later, and no more than that.
    log.warn('envelopes_not_handed_back', {
      envelopes: failed.length,
      code: error instanceof Error ? error.name : 'unknown',
    });
  }
}

async function isRecorded(record: SQSRecord, deps: RecordEventDeps): Promise<boolean> {
  const envelope = readEnvelopeBody(record.body);
  if (envelope === 'malformed') {
    if (isNewerBody(record.body)) deps.log.warn('body_newer', { kind: 'envelope' });
    else deps.log.error('event_malformed', { field: 'envelope' });
    return false;
  }
  const { correlationId, phoneNumberId } = envelope;
  const log = deps.log.with({ correlationId, phoneNumberId });
  try {
    await recordEvent(envelope, { ...deps, log });
    return true;
  } catch (error) {
    log.error('request_failed', { kind: envelope.kind }, error);
    return false;
  }
}
