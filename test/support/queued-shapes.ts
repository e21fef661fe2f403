import { readEnvelopeBody, writeEnvelopeBody } from '#adapters/sqs/envelope-body.ts';
import { readJobBody, writeJobBody } from '#adapters/sqs/job-body.ts';
import { readRingBody, writeRingBody } from '#adapters/sqs/ring-body.ts';
import { aChat, PHONE_NUMBER_ID, TENANT_ID } from './builders.ts';

const NOW_MS = 1_790_400_000_000;
const chat = aChat();

/** Every kind of body, as this release writes and reads it. */
export const QUEUED_SHAPES = {
  ring: {
    writer: writeRingBody,
    reader: readRingBody,
    write: () => writeRingBody({ chat, messageKey: 'k', number: 0, correlationId: 'request-1' }),
    read: readRingBody,
  },
  'event envelope': {
    writer: writeEnvelopeBody,
    reader: readEnvelopeBody,
    write: () =>
      writeEnvelopeBody({
        kind: 'status',
        field: 'messages',
        accountId: '700100200300401',
        phoneNumberId: PHONE_NUMBER_ID,
        payload: { id: 'wamid.OUT', status: 'read' },
        receivedAtMs: NOW_MS,
        correlationId: 'request-1',
      }),
    read: readEnvelopeBody,
  },
  'job, memory': {
    writer: writeJobBody,
    reader: readJobBody,
    write: () => writeJobBody({ kind: 'memory', chat, headVersion: 4, correlationId: 'request-1' }),
    read: readJobBody,
  },
  'job, notice': {
    writer: writeJobBody,
    reader: readJobBody,
    write: () =>
      writeJobBody({
        kind: 'notice',
        notice: {
          id: 'notice-1',
          tenantId: TENANT_ID,
          chat,
          kind: 'hand-over.requested',
          atMs: NOW_MS,
          messageKeys: ['k'],
          reason: 'asked',
          correlationId: 'request-1',
        },
      }),
    read: readJobBody,
  },
};
