import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { expect, test } from 'vitest';
import { writeEnvelopeBody } from '#adapters/sqs/envelope-body.ts';
import type { EventEnvelope } from '#app/ports/queues.ts';
import { receiveEvents } from '#lambdas/events/receive-events.ts';
import { PHONE_NUMBER_ID } from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';

function anEnvelope(field: string): EventEnvelope {
  return {
    kind: 'event',
    field,
    accountId: '700100200300401',
    phoneNumberId: PHONE_NUMBER_ID,
    payload: { what: 'ever' },
    receivedAtMs: 1_790_400_001_000,
    correlationId: 'request-1',
  };
}

function aBatch(bodies: readonly string[]): SQSEvent {
  const records = bodies.map((body, index) => ({
    messageId: `id-${index}`,
    receiptHandle: `receipt-${index}`,
    attributes: { ApproximateReceiveCount: '1' },
    body,
  }));
  return { Records: records as unknown as SQSRecord[] };
}

test('one event that cannot be recorded fails alone', async () => {
  const world = new ChatWorld();
  const { store } = world;
  const deliveries = {
    mergeDelivery: async () => ({ kind: 'gone' }) as const,
    requestFollowUp: async () => false,
    keepEvent: async (event: { readonly field: string }) => {
      if (event.field === 'bad') throw new Error('the table is busy');
      await store.keepEvent({ ...anEnvelope(event.field) });
    },
  };
  const batch = aBatch([
    writeEnvelopeBody(anEnvelope('good')),
    writeEnvelopeBody(anEnvelope('bad')),
    'nonsense',
    writeEnvelopeBody(anEnvelope('better')),
  ]);
  expect(await receiveEvents(batch, { ...world.eventsDeps, deliveries })).toEqual({
    batchItemFailures: [{ itemIdentifier: 'id-1' }, { itemIdentifier: 'id-2' }],
  });
  expect(store.events.map(({ field }) => field)).toEqual(['good', 'better']);
  expect(world.eventsDeferred).toEqual(['receipt-1', 'receipt-2']);
});

test('envelopes that cannot be handed back are failures all the same', async () => {
  const world = new ChatWorld();
  const envelopes = { defer: async () => Promise.reject(new Error('the queue is busy')) };
  expect(await receiveEvents(aBatch(['nonsense']), { ...world.eventsDeps, envelopes })).toEqual({
    batchItemFailures: [{ itemIdentifier: 'id-0' }],
  });
});
