import { expect, test } from 'vitest';
import { InMemoryConversations } from '#adapters/in-memory/in-memory-conversations.ts';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { type AcceptWebhookDeps, acceptWebhook } from '#app/accept-webhook.ts';
import type { EventEnvelope, Ring } from '#app/ports/queues.ts';
import { aChat, anElement, aWebhook } from '#test/support/builders.ts';
import { RecordingBell } from '#test/support/peers.ts';
import { ManualClock, RecordingLog, RecordingMetrics } from '#test/support/recorders.ts';

function aDoor(over: Partial<AcceptWebhookDeps> = {}) {
  const sent: EventEnvelope[] = [];
  const deps = {
    inbox: new InMemoryConversations(new ManualClock()),
    pseudonyms,
    bell: new RecordingBell(),
    events: {
      send: async (envelopes: readonly EventEnvelope[]) => {
        sent.push(...envelopes);
        return 0;
      },
    },
    clock: new ManualClock(),
    log: new RecordingLog(),
    metrics: new RecordingMetrics(),
  };
  const accept = (body: Record<string, unknown>) =>
    acceptWebhook(body, 'request-1', { ...deps, ...over });
  return { ...deps, sent, accept };
}

test('stores each message before it rings', async () => {
  const order: string[] = [];
  const inbox = new InMemoryConversations(new ManualClock());
  const door = aDoor({
    inbox: {
      accept: async (arrivals) => {
        const results = await inbox.accept(arrivals);
        order.push('stored');
        return results;
      },
    },
    bell: {
      ring: async () => {
        order.push('rung');
        return [];
      },
    },
  });
  expect(await door.accept(aWebhook({ messages: [anElement()] }))).toBe('taken');
  expect(order).toEqual(['stored', 'rung']);
});

test('a redelivery is recognised and rings all the same', async () => {
  const door = aDoor();
  const body = aWebhook({ messages: [anElement()] });
  await door.accept(body);
  expect(await door.accept(body)).toBe('taken');
  expect(door.inbox.transcript(aChat())).toHaveLength(1);
  expect(door.bell.rings).toHaveLength(2);
  expect(door.metrics.of('MessagesDuplicate')).toBe(1);
});

test('asks for the webhook again when the store does not take a message, and does not ring for it', async () => {
  const door = aDoor({ inbox: { accept: async (arrivals) => arrivals.map(() => 'refused') } });
  expect(await door.accept(aWebhook({ messages: [anElement()] }))).toBe('not-taken');
  expect(door.bell.rings).toEqual([]);
});

test('asks for the webhook again when the bell cannot be rung', async () => {
  const door = aDoor({ bell: { ring: async (rings: readonly Ring[]) => rings } });
  expect(await door.accept(aWebhook({ messages: [anElement()] }))).toBe('not-taken');
});

test('asks for the webhook again when an event is not taken', async () => {
  const door = aDoor({ events: { send: async (envelopes) => envelopes.length } });
  const statuses = [{ id: 'wamid.OUT', status: 'sent', timestamp: '1790400000' }];
  expect(await door.accept(aWebhook({ statuses }))).toBe('not-taken');
});

test('a malformed message goes to the events queue and costs its neighbours nothing', async () => {
  const door = aDoor();
  const messages = [anElement(), { type: 'text' }, 'nonsense', anElement()];
  expect(await door.accept(aWebhook({ messages }))).toBe('taken');
  expect(door.inbox.transcript(aChat())).toHaveLength(2);
  expect(door.sent.map(({ kind }) => kind)).toEqual(['malformed', 'malformed']);
});

test('logs neither text nor numbers', async () => {
  const door = aDoor();
  await door.accept(aWebhook({ messages: [anElement({ text: { body: 'my secret wish' } })] }));
  const written = JSON.stringify(door.log.lines);
  expect(written).not.toContain('my secret wish');
  expect(written).not.toContain('34600111222');
});

test('a message from before the time that ids are remembered for is counted and not taken', async () => {
  const door = aDoor();
  const old = anElement({ timestamp: String(1_790_400_000 - 31 * 86_400) });
  const fresh = anElement({ timestamp: '1790399990' });
  expect(await door.accept(aWebhook({ messages: [old, fresh] }))).toBe('taken');
  expect(door.inbox.transcript(aChat())).toMatchObject([{ message: { wamid: fresh['id'] } }]);
  expect(door.metrics.of('MessagesTooOld')).toBe(1);
  expect(door.metrics.of('MessagesAccepted')).toBe(1);
});

test('says of each message what came of it, by the hashes that its other lines have', async () => {
  const door = aDoor();
  const old = anElement({ id: 'wamid.OLD', timestamp: '1700000000' });
  const body = aWebhook({ messages: [anElement({ id: 'wamid.A' }), old] });
  await door.accept(body);
  await door.accept(body);
  const arrived = door.log.lines.filter(({ event }) => event === 'message_arrived');
  expect(arrived.map(({ fields }) => [fields['outcome'], fields['messageId']])).toEqual([
    ['accepted', pseudonyms.ofWamid('wamid.A')],
    ['too-old', pseudonyms.ofWamid('wamid.OLD')],
    ['duplicate', pseudonyms.ofWamid('wamid.A')],
    ['too-old', pseudonyms.ofWamid('wamid.OLD')],
  ]);
  expect(arrived[0]?.fields['chat']).toBe(pseudonyms.ofChat(aChat()));
});
