import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { readEnvelopeBody } from '#adapters/sqs/envelope-body.ts';
import { type RecordEventDeps, recordEvent } from '#app/record-event.ts';

/** A batch of the events queue, side by side: order means nothing here, and one failure is only its own. */
export async function receiveEvents(
  { Records: records }: SQSEvent,
  deps: RecordEventDeps,
): Promise<SQSBatchResponse> {
  const results = await Promise.all(records.map((record) => isRecorded(record, deps)));
  const failed = records.filter((_, index) => !results[index]);
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

async function isRecorded(record: SQSRecord, deps: RecordEventDeps): Promise<boolean> {
  const envelope = readEnvelopeBody(record.body);
  if (envelope === 'malformed') {
    deps.log.error('event_malformed', { field: 'envelope' });
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
