import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { expect, it } from 'vitest';
import { DynamoInbox } from '#adapters/dynamodb/dynamo-inbox.ts';
import { readInbound } from '#adapters/dynamodb/inbound-record.ts';
import { StoredRecord } from '#adapters/dynamodb/stored-record.ts';
import type { Arrival } from '#app/ports/conversation-store.ts';
import { aMessage } from '#test/support/builders.ts';
import { RecordingLog } from '#test/support/recorders.ts';
import { type SentCommand, stubClient } from '#test/support/stub-client.ts';

const ACCEPTED_AT_MS = 1_790_400_000_000;

function anArrival(over: Record<string, unknown> = {}): Arrival {
  const place = { acceptedAtMs: ACCEPTED_AT_MS, position: 0, correlationId: 'r' };
  return { message: aMessage(over), ...place };
}

function anInbox(answer: (command: SentCommand) => unknown, budgetMs?: number) {
  const stub = stubClient(answer);
  const log = new RecordingLog();
  const options = { client: stub.as<DynamoDBClient>(), tableName: 'conversations', log };
  const inbox = new DynamoInbox(budgetMs === undefined ? options : { ...options, budgetMs });
  return { sent: stub.sent, log, inbox };
}

it('refuses what the table did not take, and only that', async () => {
  const { inbox } = anInbox(({ input }) => {
    if (input.Item.wamid.S === 'wamid.BAD') throw new Error('throttled');
    return {};
  });
  const arrivals = [anArrival(), anArrival({ id: 'wamid.BAD' }), anArrival()];
  expect(await inbox.accept(arrivals)).toEqual(['accepted', 'refused', 'accepted']);
});

it('logs once a call why the table refused', async () => {
  const { inbox, log } = anInbox(({ input }) => {
    if (input.Item.wamid.S !== 'wamid.GOOD') throw new Error(input.Item.wamid.S);
    return {};
  });
  const ids = ['wamid.GOOD', 'wamid.BAD1', 'wamid.BAD2'];
  await inbox.accept(ids.map((id) => anArrival({ id })));
  expect(log.lines).toEqual([
    {
      level: 'error',
      event: 'write_refused',
      fields: { store: 'dynamodb', messages: 2 },
      error: new Error('wamid.BAD1'),
    },
  ]);
  await inbox.accept([anArrival({ id: 'wamid.GOOD' })]);
  expect(log.lines).toHaveLength(1);
});

it('gives up in time when the table does not answer, and starts nothing more', async () => {
  const { inbox, sent, log } = anInbox(
    () => new Promise((_, reject) => setTimeout(reject, 60)),
    30,
  );
  const results = await inbox.accept(Array.from({ length: 100 }, () => anArrival()));
  expect(new Set(results)).toEqual(new Set(['refused']));
  expect(sent).toHaveLength(16);
  expect(log.lines).toMatchObject([{ event: 'write_refused', fields: { messages: 100 } }]);
});

it('keeps every item for ninety days', async () => {
  const { inbox, sent } = anInbox(() => ({}));
  await inbox.accept([anArrival()]);
  const days = (unmarshall(sent[0]?.input.Item)['expiresAt'] - ACCEPTED_AT_MS / 1000) / 86_400;
  expect(days).toBe(90);
});

it.each([
  ['one endless text', { text: { body: 'é'.repeat(400_000) } }],
  ['endlessly many parts', { text: { body: 'Hi' }, parts: Array(200_000).fill({ a: 1 }) }],
])('keeps a message with %s, reduced and marked', async (_what, over) => {
  const { inbox, sent } = anInbox(() => ({}));
  const arrival = anArrival(over);
  await inbox.accept([arrival]);
  const item = sent[0]?.input.Item;
  expect(Buffer.byteLength(JSON.stringify(item))).toBeLessThan(400_000);
  const stored = readInbound(arrival.message.chat, 'key', new StoredRecord(item));
  expect(stored.message).toMatchObject({ wamid: arrival.message.wamid, type: 'text' });
  expect(stored.message.raw).toMatchObject({ truncated: true, bytes: expect.any(Number) });
});

it('keeps a text of the length that WhatsApp allows its customers as it is', async () => {
  const { inbox, sent } = anInbox(() => ({}));
  const body = '👋'.repeat(65_536);
  const arrival = anArrival({ text: { body } });
  await inbox.accept([arrival]);
  const stored = readInbound(arrival.message.chat, 'key', new StoredRecord(sent[0]?.input.Item));
  expect(stored.message.raw).toEqual(arrival.message.raw);
});
