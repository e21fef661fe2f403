import { expect, test } from 'vitest';
import type { EventEnvelope } from '#app/ports/queues.ts';
import { recordEvent } from '#app/record-event.ts';
import { writeCallbackData } from '#domain/conversation/callback-data.ts';
import { newHead } from '#domain/conversation/head.ts';
import { parsePhoneNumberId, parseTurnId } from '#domain/ids.ts';
import {
  aChat,
  aTextMessage,
  PHONE_NUMBER_ID,
  present,
  TENANT_ID,
} from '#test/support/builders.ts';
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
  await world.store.saveHead(aChat(), newHead());
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

test('that a bubble arrived and was read is counted once, also where Meta leaves out the first', async () => {
  const world = new ChatWorld();
  await world.store.saveHead(aChat(), newHead());
  const told = (status: string, part: number) =>
    anEnvelope({
      id: `wamid.OUT${part}`,
      status,
      timestamp: '1790400001',
      biz_opaque_callback_data: writeCallbackData({ ...reference, part }),
    });
  for (const status of ['sent', 'delivered', 'delivered', 'read', 'read']) {
    await record(world, told(status, 0));
  }
  await record(world, told('read', 1));
  expect(world.metrics.of('BubblesDelivered')).toBe(2);
  expect(world.metrics.of('BubblesRead')).toBe(2);
  expect(world.metrics.of('StatusesMerged')).toBe(6);
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
  await world.store.saveHead(aChat(), newHead());
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

/** Whoever has sent to a chat has written its head. */
async function aWorldThatSpoke(): Promise<ChatWorld> {
  const world = new ChatWorld();
  await world.store.saveHead(aChat(), newHead());
  return world;
}

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
  const world = await aWorldThatSpoke();
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
  const world = await aWorldThatSpoke();
  const pricing = { billable: false, type: 'free_customer_service', category: 'service' };
  await record(world, aPricedStatus({ pricing }));
  expect(await world.ledger.spentIn('2026-09', BAKERY)).toMatchObject({ spent: 0 });
});

test('a status from the future is paid for now', async () => {
  const world = await aWorldThatSpoke();
  await record(world, aPricedStatus({ timestamp: '9999999999' }));
  expect((await world.ledger.spentIn('2026-09', BAKERY)).spent).toBeGreaterThan(0);
});

test('the price of a bubble of nobody is told, and stops nothing', async () => {
  const world = await aWorldThatSpoke();
  world.tenant = undefined;
  await record(world, aPricedStatus());
  expect(world.metrics.of('MetaCost')).toBe(20_100);
  expect(world.log.lines).toContainEqual(
    expect.objectContaining({ level: 'warn', event: 'spend_not_counted' }),
  );
  expect(await world.store.readOutbound(reference)).toMatchObject({ wamid: 'wamid.OUT' });
});

test('where nobody knows whose the number is, the status is left for another try', async () => {
  const world = await aWorldThatSpoke();
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

function aPreference(value: string, timestamp: number, over: object = {}) {
  const element = {
    wa_id: '34600111222',
    detail: 'User requested to stop marketing messages',
    category: 'marketing_messages',
    value,
    timestamp,
    ...over,
  };
  const payload = { user_preferences: [element] };
  return anEnvelope(payload, { kind: 'event', field: 'user_preferences' });
}

test('what a contact chose of marketing messages is kept under the id that Meta names', async () => {
  const world = new ChatWorld();
  await record(world, aPreference('stop', 1_790_400_000));
  await record(world, aPreference('resume', 1_790_400_009, { user_id: 'ES.1' }));
  await record(world, aPreference('stop', 1_790_400_008, { user_id: 'ES.1' }));
  expect(world.store.preferenceOf(aChat())).toEqual({ kind: 'stopped', atMs: 1_790_400_000_000 });
  expect(world.store.preferenceOf(aChat('ES.1'))).toMatchObject({ kind: 'resumed' });
  expect(world.store.events).toEqual([]);
  expect(world.metrics.of('EventsUnhandled')).toBe(0);
});

test('a choice that comes while the model thinks fences no turn', async () => {
  const world = new ChatWorld();
  await world.accept(aTextMessage('hello'));
  const { reply } = world.model;
  world.model.reply = async (request) => {
    await record(world, aPreference('stop', 1_790_400_000));
    return reply.call(world.model, request);
  };
  expect(await world.answer()).toEqual({ kind: 'settled' });
  expect(world.model.requests).toHaveLength(1);
  expect(world.texts).toEqual(['You said: hello']);
});

test.each([
  ['of another category', { category: 'jokes' }],
  ['of nobody', { wa_id: undefined }],
  ['without a time', { timestamp: 'now' }],
  ['that is neither', { value: 'perhaps' }],
])('a choice %s is kept as it came', async (_what, over) => {
  const world = new ChatWorld();
  await record(world, aPreference('stop', 1_790_400_000, over));
  expect(world.store.events).toHaveLength(1);
  expect(world.metrics.of('EventsUnhandled')).toBe(1);
});

test('a late status of what was erased leaves no trace', async () => {
  const world = new ChatWorld();
  await world.store.saveHead(aChat(), { ...newHead(), version: 0 });
  await world.store.bury(aChat(), {
    version: 1,
    atMs: world.clock.now(),
    linked: [],
    tenant: TENANT_ID,
  });
  const early = { ...reference, turnId: present(parseTurnId('1790400000000.0')) };
  await record(
    world,
    anEnvelope({
      id: 'wamid.OUT',
      status: 'failed',
      timestamp: '1790400001',
      errors: [{ code: 131000 }],
      biz_opaque_callback_data: writeCallbackData(early),
    }),
  );
  expect(world.store.transcript(aChat())).toEqual([]);
  expect(world.store.events).toEqual([]);
  expect(world.bell.rings).toEqual([]);
});

const echo = (over: object = {}) => ({
  from: '15550107788',
  to: '34600111222',
  id: 'wamid.ECHO',
  timestamp: '1790400002',
  type: 'text',
  text: { body: 'On my way' },
  ...over,
});

function anEchoEnvelope(elements: readonly unknown[], over: Partial<EventEnvelope> = {}) {
  const payload = { messaging_product: 'whatsapp', message_echoes: elements };
  return anEnvelope(payload, { kind: 'event', field: 'smb_message_echoes', ...over });
}

test('what is typed on the phone of the business lies in the inbox once, and rings', async () => {
  const world = new ChatWorld();
  const envelope = anEchoEnvelope([echo()]);
  await record(world, envelope);
  await record(world, envelope);
  const key = '1790400002000#command.wamid.ECHO';
  expect(world.store.transcript(aChat())).toMatchObject([
    {
      key,
      progress: { kind: 'unfinished' },
      message: { command: { kind: 'echo', by: 'phone', text: 'On my way' }, waId: '34600111222' },
    },
  ]);
  expect(world.bell.rings).toMatchObject([{ messageKey: key }, { messageKey: key }]);
  expect(world.metrics.of('EchoesTaken')).toBe(1);
  expect(world.store.events).toEqual([]);
});

test.each([
  ['a picture with words', { type: 'image', image: { caption: 'The menu' } }, { text: 'The menu' }],
  ['a voice note', { type: 'audio', audio: { id: '1' } }, { text: '[audio]' }],
  [
    'an edit',
    {
      type: 'edit',
      edit: {
        original_message_id: 'wamid.A',
        message: { type: 'text', text: { body: 'At nine' } },
      },
    },
    { text: 'At nine', changes: 'wamid.A' },
  ],
  [
    'one that takes another back',
    { type: 'revoke', revoke: { original_message_id: 'wamid.A' } },
    { text: '', changes: 'wamid.A' },
  ],
])('%s is kept for what it is', async (_what, over, expected) => {
  const world = new ChatWorld();
  await record(world, anEchoEnvelope([echo(over)]));
  const [stored] = world.store.transcript(aChat());
  expect(stored).toMatchObject({ message: { command: { kind: 'echo', ...expected } } });
});

test('an echo goes to the chat of the user id, where there is one', async () => {
  const world = new ChatWorld();
  const both = echo({ to_user_id: 'ES.1' });
  await record(world, anEchoEnvelope([both], { field: 'message_echoes' }));
  expect(world.store.transcript(aChat('ES.1'))).toHaveLength(1);
});

test('echoes that cannot be read, and those of a group, are kept as events', async () => {
  const world = new ChatWorld();
  await record(world, anEchoEnvelope([echo({ to: undefined })]));
  await record(world, anEchoEnvelope([echo({ group_id: 'G1' })]));
  await record(world, anEchoEnvelope([echo()], { phoneNumberId: undefined }));
  expect(world.store.events).toHaveLength(3);
  expect(world.store.transcript(aChat())).toEqual([]);
});

test('an echo that the table does not take comes back with its envelope', async () => {
  const world = new ChatWorld();
  world.store.accept = async () => ['refused'];
  await expect(record(world, anEchoEnvelope([echo()]))).rejects.toThrow('did not take an echo');
});
