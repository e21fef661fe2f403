import { describe, expect, it } from 'vitest';
import { readEnvelopeBody, writeEnvelopeBody } from '#adapters/sqs/envelope-body.ts';
import { readRingBody, writeRingBody } from '#adapters/sqs/ring-body.ts';
import type { EventEnvelope, Ring } from '#app/ports/queues.ts';
import { aChat, PHONE_NUMBER_ID } from '#test/support/builders.ts';

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
    ['no version', '{"chat":"1#2","messageKey":"k","number":0}'],
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
