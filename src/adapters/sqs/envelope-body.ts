import type { EventEnvelope } from '#app/ports/queues.ts';
import { parsePhoneNumberId } from '#domain/ids.ts';
import { numberAt, textAt, valueAt } from '#domain/json.ts';
import { readBody, writeBody } from './json-body.ts';

/** An envelope as it lies in the events queue. */
export function writeEnvelopeBody(envelope: EventEnvelope): string {
  const { kind, field, accountId, phoneNumberId, payload, receivedAtMs, correlationId } = envelope;
  return writeBody({
    kind,
    field,
    accountId,
    phoneNumberId,
    payload,
    receivedAtMs,
    correlationId,
  });
}

/** The same envelope without its payload, for one that no queue takes: kept as a fact, with its size. */
export function writeReducedEnvelopeBody(envelope: EventEnvelope, bytes: number): string {
  return writeEnvelopeBody({
    ...envelope,
    field: envelope.field.slice(0, 256),
    accountId: envelope.accountId?.slice(0, 256),
    payload: { truncated: true, bytes },
  });
}

/** `malformed` for a body that no version up to this one wrote. */
export function readEnvelopeBody(text: string): EventEnvelope | 'malformed' {
  const body = readBody(text);
  const kind = body && KINDS.find((each) => each === body['kind']);
  const field = body && textAt(body, 'field');
  const receivedAtMs = body && numberAt(body, 'receivedAtMs');
  if (!body || !kind || field === undefined || receivedAtMs === undefined) return 'malformed';
  return {
    kind,
    field,
    accountId: textAt(body, 'accountId'),
    phoneNumberId: parsePhoneNumberId(body['phoneNumberId']),
    payload: valueAt(body, 'payload'),
    receivedAtMs,
    correlationId: textAt(body, 'correlationId') ?? '',
  };
}

const KINDS: readonly EventEnvelope['kind'][] = ['status', 'event', 'malformed'];
