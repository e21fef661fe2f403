import { describe, expect, it } from 'vitest';
import { readEnvelopeBody, writeEnvelopeBody } from '#adapters/sqs/envelope-body.ts';
import { readJobBody, writeJobBody } from '#adapters/sqs/job-body.ts';
import { readRingBody, writeRingBody } from '#adapters/sqs/ring-body.ts';
import type { Job } from '#app/ports/jobs.ts';
import type { EventEnvelope, Ring } from '#app/ports/queues.ts';
import { aChat, PHONE_NUMBER_ID, TENANT_ID } from '#test/support/builders.ts';

const RING: Ring = {
  chat: aChat(),
  messageKey: '1790400000000#wamid.A',
  number: 2,
  correlationId: 'request-1',
};

const ENVELOPE: EventEnvelope = {
  kind: 'status',
  field: 'messages',
  accountId: '700100200300401',
  phoneNumberId: PHONE_NUMBER_ID,
  payload: { id: 'wamid.OUT', nested: [null, { text: 'é 👋🏽 \ud83d \uffff \ufffe' }] },
  receivedAtMs: 1_790_400_000_123,
  correlationId: 'request-1',
};

describe('ring body', () => {
  it('comes back as it was written', () => {
    expect(readRingBody(writeRingBody(RING))).toEqual(RING);
  });

  it.each([
    ['no JSON', 'ring'],
    ['no object', '[]'],
    ['an impossible version', '{"v":"1","chat":"1#2","messageKey":"k","number":0}'],
    ['a later version', '{"v":2,"chat":"1#2","messageKey":"k","number":0}'],
    ['no chat', '{"v":1,"messageKey":"k","number":0}'],
    ['an impossible chat', '{"v":1,"chat":"1","messageKey":"k","number":0}'],
    ['no message', '{"v":1,"chat":"1#2","number":0}'],
    ['no number', '{"v":1,"chat":"1#2","messageKey":"k","number":"0"}'],
  ])('is malformed with %s', (_what, text) => {
    expect(readRingBody(text)).toBe('malformed');
  });
});

describe('envelope body', () => {
  it('comes back as it was written', () => {
    expect(readEnvelopeBody(writeEnvelopeBody(ENVELOPE))).toEqual(ENVELOPE);
  });

  it('comes back without what the event did not have', () => {
    const bare = { ...ENVELOPE, accountId: undefined, phoneNumberId: undefined, payload: null };
    expect(readEnvelopeBody(writeEnvelopeBody(bare))).toEqual(bare);
  });

  it('holds only characters that SQS takes', () => {
    // SQS: #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.
    const refused = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;
    expect(writeEnvelopeBody(ENVELOPE)).not.toMatch(refused);
  });

  it.each(['', 'null', '{"v":1}', '{"v":1,"kind":"else","field":"messages","receivedAtMs":1}'])(
    'is malformed for %j',
    (text) => {
      expect(readEnvelopeBody(text)).toBe('malformed');
    },
  );
});

const MEMORY: Job = { kind: 'memory', chat: aChat(), headVersion: 7, correlationId: 'request-1' };

const NOTICE: Job = {
  kind: 'notice',
  notice: {
    id: 'notice-1',
    tenantId: TENANT_ID,
    chat: aChat(),
    kind: 'message.kept',
    atMs: 1_790_400_000_123,
    messageKeys: ['1790400000000#wamid.A', '1790400000000#wamid.B'],
    reason: 'asked',
    correlationId: 'request-1',
  },
};

describe('job body', () => {
  it.each([MEMORY, NOTICE])('of kind $kind comes back as it was written', (job) => {
    expect(readJobBody(writeJobBody(job))).toEqual(job);
  });

  it.each([
    ['no JSON', 'job'],
    ['a later version', writeJobBody(MEMORY).replace('"v":1', '"v":2')],
    ['a kind of tomorrow', writeJobBody(MEMORY).replace('"memory"', '"else"')],
    ['an impossible chat', writeJobBody(MEMORY).replace(/"chat":"[^"]+"/, '"chat":"1"')],
    [
      'no version of the head',
      writeJobBody(MEMORY).replace('"headVersion":7', '"headVersion":"7"'),
    ],
    ['a notice of no tenant', writeJobBody(NOTICE).replace(/"tenantId":"[^"]+"/, '"tenantId":"#"')],
    ['a notice of no id', writeJobBody(NOTICE).replace('"id":"notice-1"', '"id":""')],
    ['a notice of tomorrow', writeJobBody(NOTICE).replace('message.kept', 'message.sung')],
    ['no notice', '{"v":1,"kind":"notice"}'],
  ])('is malformed with %s', (_what, text) => {
    expect(readJobBody(text)).toBe('malformed');
  });
});
