import { afterAll, beforeAll, expect, it } from 'vitest';
import { DynamoConversationStore } from '#adapters/dynamodb/dynamo-conversation-store.ts';
import { newHead } from '#domain/conversation/head.ts';
import { startConversationsTable } from '#test/support/conversations-table.ts';
import { ManualClock, RecordingLog } from '#test/support/recorders.ts';
import { aNewChat, anArrival } from './store-suite/arrivals.ts';

let isNextAnswerLost = false;
let engine: Awaited<ReturnType<typeof startConversationsTable>>;
let store: DynamoConversationStore;

beforeAll(async () => {
  engine = await startConversationsTable();
  const { table } = engine;
  // Below the client's retries: the write took effect, and its answer got lost on the way.
  table.client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      if (!isNextAnswerLost) return answer;
      isNextAnswerLost = false;
      throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  store = new DynamoConversationStore({
    ...table,
    clock: new ManualClock(),
    log: new RecordingLog(),
  });
});
afterAll(() => engine.close());

it('knows its own head again when the answer to the write got lost', async () => {
  const chat = aNewChat();
  isNextAnswerLost = true;
  const saved = await store.saveHead(chat, newHead());
  expect(isNextAnswerLost).toBe(false);
  expect(saved).toEqual({ ...newHead(), version: 1 });
  isNextAnswerLost = true;
  const next = { ...newHead(), version: 1, state: 'human' } as const;
  expect(await store.saveHead(chat, next)).toEqual({ ...next, version: 2 });
  expect(await store.saveHead(chat, next)).toBe('stale');
});

it('stores a message once when the answer to the write got lost', async () => {
  const chat = aNewChat();
  isNextAnswerLost = true;
  const [result] = await store.accept([anArrival(chat)]);
  expect(result).not.toBe('refused');
  const { messages } = await store.readRecent(chat, { limit: 5, keys: [] });
  expect(messages).toHaveLength(1);
});
