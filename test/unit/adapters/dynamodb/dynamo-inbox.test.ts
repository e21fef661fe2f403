import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { DynamoInbox } from '#adapters/dynamodb/dynamo-inbox.ts';
import { readInbound } from '#adapters/dynamodb/inbound-record.ts';
import { nameOfKey } from '#adapters/dynamodb/known-keys.ts';
import { type Item, StoredRecord } from '#adapters/dynamodb/stored-record.ts';
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

describe('a webhook of a thousand messages, in a budget for fewer', () => {
  const KNOWN = new ConditionalCheckFailedException({ message: 'there already', $metadata: {} });

  /** A table that takes some writes a try, known messages among them, and answers no more after those. */
  function aBusyTable(writesPerTry: number) {
    const stored = new Set<string>();
    let left = writesPerTry;
    const { inbox, sent } = anInbox(({ name, input }) => {
      if (name === 'BatchGetItemCommand') {
        const { Keys: keys } = input.RequestItems['conversations'];
        expect(keys.length).toBeLessThanOrEqual(100);
        expect(new Set(keys.map(nameOfKey)).size).toBe(keys.length);
        const found = keys.filter((key: Item) => stored.has(nameOfKey(key)));
        return { Responses: { conversations: found } };
      }
      left -= 1;
      if (left < 0) throw new Error('no time left');
      const key = nameOfKey(input.Item);
      if (stored.has(key)) throw KNOWN;
      stored.add(key);
      return {};
    });
    const tryOnce = async (arrivals: readonly Arrival[]) => {
      left = writesPerTry;
      return await inbox.accept(arrivals);
    };
    return { stored, sent, tryOnce };
  }

  const webhook = Array.from({ length: 1_000 }, (_, nth) => anArrival({ id: `wamid.${nth}` }));

  it('gets further with every redelivery, until all are stored', async () => {
    const { stored, tryOnce } = aBusyTable(300);
    const reached: number[] = [];
    for (let nth = 0; nth < 4; nth += 1) {
      const results = await tryOnce(webhook);
      expect(results).toHaveLength(webhook.length);
      expect(results.filter((each) => each !== 'refused')).toHaveLength(stored.size);
      reached.push(stored.size);
    }
    expect(reached).toEqual([300, 584, 868, 1_000]);
    // And once more, for whoever lost the answer.
    expect(new Set(await tryOnce(webhook))).toEqual(new Set(['duplicate']));
  });

  it('asks nothing of what comes for the first time, nor for a webhook that is soon written', async () => {
    const { sent, tryOnce } = aBusyTable(10_000);
    await tryOnce(webhook);
    await tryOnce(webhook.slice(0, 100));
    expect(new Set(sent.map(({ name }) => name))).toEqual(new Set(['PutItemCommand']));
    expect(sent).toHaveLength(1_100);
  });

  it('writes what no answer tells it, and one that is there twice', async () => {
    const { inbox, sent } = anInbox(({ name, input }) => {
      if (name === 'BatchGetItemCommand') throw new Error('denied');
      if (input.Item.wamid.S === 'wamid.0') throw KNOWN;
      return {};
    });
    const twice = [...webhook.slice(0, 200), ...webhook.slice(100, 200)];
    const results = await inbox.accept(twice);
    expect(results.filter((each) => each === 'duplicate')).toHaveLength(1);
    expect(results).not.toContain('refused');
    expect(sent.filter(({ name }) => name === 'PutItemCommand')).toHaveLength(300);
  });
});
