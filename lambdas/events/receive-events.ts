import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { readEnvelopeBody } from '#adapters/sqs/envelope-body.ts';
import type { LogFields } from '#app/ports/log.ts';
import { type RecordEventDeps, recordEvent } from '#app/record-event.ts';

export interface ReceiveEventsDeps extends Omit<RecordEventDeps, 'log'> {
  readonly log: RecordEventDeps['log'] & { with(fields: LogFields): RecordEventDeps['log'] };
}

/** A batch of the events queue, side by side: order means nothing here, and one failure is only its own. */
export async function receiveEvents(
  { Records: records }: SQSEvent,
  deps: ReceiveEventsDeps,
): Promise<SQSBatchResponse> {
  const results = await Promise.all(records.map((record) => isRecorded(record, deps)));
  const failed = records.filter((_, index) => !results[index]);
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

async function isRecorded(record: SQSRecord, deps: ReceiveEventsDeps): Promise<boolean> {
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
