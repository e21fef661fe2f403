import { expect, test } from 'vitest';
import type { EventEnvelope } from '#app/ports/queues.ts';
import { recordEvent } from '#app/record-event.ts';
import { writeCallbackData } from '#domain/conversation/callback-data.ts';
import { parsePhoneNumberId, parseTurnId } from '#domain/ids.ts';
import { aChat, PHONE_NUMBER_ID, present, TENANT_ID } from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';

const reference = { chat: aChat(), turnId: present(parseTurnId('1790400000000.3')), part: 0 };

function anEnvelope(payload: unknown, over: Partial<EventEnvelope> = {}): EventEnvelope {
  return {
    kind: 'status',
    field: 'messages',
    accountId: '700100200300401',
    phoneNumberId: PHONE_NUMBER_ID,
    payload,
    receivedAtMs: 1_790_400_001_000,
    correlationId: 'request-1',
    ...over,
  };
}

function record(world: ChatWorld, envelope: EventEnvelope): Promise<void> {
  return recordEvent(envelope, world.eventsDeps);
}

test('a status of ours reaches its bubble by what Meta hands back', async () => {
  const world = new ChatWorld();
  await record(
    world,
    anEnvelope({
      id: 'wamid.OUT',
      status: 'delivered',
      timestamp: '1790400001',
      biz_opaque_callback_data: writeCallbackData(reference),
    }),
  );
  expect(await world.store.readOutbound(reference)).toMatchObject({ wamid: 'wamid.OUT' });
});

test('a status of a message that somebody else sent is kept and counted', async () => {
  const world = new ChatWorld();
  const payload = { id: 'wamid.X', status: 'sent', timestamp: '1790400001' };
  await record(world, anEnvelope(payload));
  expect(world.store.events).toMatchObject([{ payload }]);
  expect(world.metrics.of('StatusesUnmatched')).toBe(1);
});

test('a status cannot speak of a bubble of another number', async () => {
  const world = new ChatWorld();
  const forged = anEnvelope(
    {
      id: 'wamid.FORGED',
      status: 'sent',
      timestamp: '1790400001',
      biz_opaque_callback_data: writeCallbackData(reference),
    },
    { phoneNumberId: present(parsePhoneNumberId('999')) },
  );
  await record(world, forged);
  expect(await world.store.readOutbound(reference)).toBeUndefined();
  expect(world.metrics.of('StatusesUnmatched')).toBe(1);
});

test('an event that nobody knows is kept whole', async () => {
  const world = new ChatWorld();
  const payload = { event: 'SOMETHING_NEW', details: { deep: [1, 2, 3] } };
  await record(world, anEnvelope(payload, { kind: 'event', field: 'account_update' }));
  expect(world.store.events).toMatchObject([{ field: 'account_update', payload }]);
  expect(world.metrics.of('EventsUnhandled')).toBe(1);
});

test('a failed delivery is counted with its code in the log', async () => {
  const world = new ChatWorld();
  await record(
    world,
    anEnvelope({
      id: 'wamid.OUT',
      status: 'failed',
      timestamp: '1790400001',
      errors: [{ code: 131047 }],
      biz_opaque_callback_data: writeCallbackData(reference),
    }),
  );
  expect(world.metrics.of('DeliveriesFailed')).toBe(1);
  expect(world.log.lines.at(-1)).toMatchObject({ fields: { code: 131047 } });
});

function aPricedStatus(over: Record<string, unknown> = {}): EventEnvelope {
  return anEnvelope({
    id: 'wamid.OUT',
    status: 'sent',
    timestamp: '1790400001',
    biz_opaque_callback_data: writeCallbackData(reference),
    pricing: { billable: true, pricing_model: 'PMP', type: 'regular', category: 'service' },
    ...over,
  });
}

const BAKERY = { kind: 'tenant', id: TENANT_ID } as const;

test('Meta’s price of a bubble is counted once, for the tenant whose number it is', async () => {
  const world = new ChatWorld();
  for (const status of ['sent', 'delivered', 'sent', 'read']) {
    await record(world, aPricedStatus({ status }));
  }
  // A customer in Spain.
  expect(await world.ledger.spentIn('2026-09', BAKERY)).toMatchObject({
    spent: 20_100,
    byKind: { meta: 20_100 },
  });
  expect(world.metrics.of('MetaCost')).toBe(20_100);
});

test('what Meta does not bill costs nothing', async () => {
  const world = new ChatWorld();
  const pricing = { billable: false, type: 'free_customer_service', category: 'service' };
  await record(world, aPricedStatus({ pricing }));
  expect(await world.ledger.spentIn('2026-09', BAKERY)).toMatchObject({ spent: 0 });
});

test('a status from the future is paid for now', async () => {
  const world = new ChatWorld();
  await record(world, aPricedStatus({ timestamp: '9999999999' }));
  expect((await world.ledger.spentIn('2026-09', BAKERY)).spent).toBeGreaterThan(0);
});

test('the price of a bubble of nobody is told, and stops nothing', async () => {
  const world = new ChatWorld();
  world.tenant = undefined;
  await record(world, aPricedStatus());
  expect(world.metrics.of('MetaCost')).toBe(20_100);
  expect(world.log.lines).toContainEqual(
    expect.objectContaining({ level: 'warn', event: 'spend_not_counted' }),
  );
  expect(await world.store.readOutbound(reference)).toMatchObject({ wamid: 'wamid.OUT' });
});

test('where nobody knows whose the number is, the status is left for another try', async () => {
  const world = new ChatWorld();
  const tenants = { findByPhoneNumber: async () => Promise.reject(new Error('the table is busy')) };
  const tried = recordEvent(aPricedStatus(), { ...world.eventsDeps, tenants });
  await expect(tried).rejects.toThrow('the table is busy');
  await record(world, aPricedStatus());
  expect((await world.ledger.spentIn('2026-09', BAKERY)).spent).toBe(20_100);
});

test('what stands in for the name of a field is kept, and not logged', async () => {
  const world = new ChatWorld();
  const field = 'Ana wrote: call me at 34600111222';
  await record(world, anEnvelope({}, { kind: 'event', field }));
  expect(world.store.events).toMatchObject([{ field }]);
  expect(world.log.lines).toMatchObject([{ event: 'event_kept', fields: { field: 'unknown' } }]);
});
