import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DynamoConversationStore } from '#adapters/dynamodb/dynamo-conversation-store.ts';
import { DynamoSpendLedger } from '#adapters/dynamodb/dynamo-spend-ledger.ts';
import { newHead } from '#domain/conversation/head.ts';
import { NO_BUDGET } from '#domain/money/budget.ts';
import { microUsd } from '#domain/money/micro-usd.ts';
import { TENANT_ID } from '#test/support/builders.ts';
import {
  createConversationsTable,
  type DynamoServer,
  dynamoClient,
} from '#test/support/dynamo-server.ts';
import { ManualClock, RecordingLog } from '#test/support/recorders.ts';
import { aNewChat, anArrival } from './store-suite/arrivals.ts';

/** What becomes of a write whose answer got lost on the way, on any DynamoDB. */
export function describeLostAnswers(server: () => Pick<DynamoServer, 'endpoint'>): void {
  describe('a lost answer', () => {
    let isNextAnswerLost = false;
    /** Which answers may get lost. */
    let isMeant: (input: object) => boolean = () => true;
    let client: DynamoDBClient;
    let store: DynamoConversationStore;
    let ledger: DynamoSpendLedger;

    beforeAll(async () => {
      client = dynamoClient(server());
      const tableName = await createConversationsTable(client);
      // Below the client's retries: the write took effect, and its answer got lost on the way.
      client.middlewareStack.add(
        (next) => async (args) => {
          const answer = await next(args);
          if (!isNextAnswerLost || !isMeant(args.input)) return answer;
          isNextAnswerLost = false;
          throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
        },
        { step: 'finalizeRequest', priority: 'low' },
      );
      const log = new RecordingLog();
      store = new DynamoConversationStore({ client, tableName, clock: new ManualClock(), log });
      ledger = new DynamoSpendLedger({ client, tableName, platform: NO_BUDGET, log });
    });
    afterAll(() => client?.destroy());

    it('leaves a head that knows its own write again', async () => {
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

    it('leaves a message that is stored once', async () => {
      const chat = aNewChat();
      isNextAnswerLost = true;
      const [result] = await store.accept([anArrival(chat)]);
      expect(result).not.toBe('refused');
      const { messages } = await store.readRecent(chat, { limit: 5, keys: [] });
      expect(messages).toHaveLength(1);
    });

    it('leaves a warning that is told', async () => {
      const budget = { ...NO_BUDGET, perMonth: microUsd(100), warnAt: [0.5] };
      const terms = { ...budget, turnsPerMinute: undefined };
      const spender = { tenantId: TENANT_ID, terms, spread: '' };
      const atMs = Date.UTC(2026, 9, 14);
      isMeant = (input) => JSON.stringify(input).includes('ADD warned');
      isNextAnswerLost = true;
      const warned = await ledger.reserve(spender, microUsd(60), atMs);
      isMeant = () => true;
      expect(isNextAnswerLost).toBe(false);
      expect(warned).toMatchObject({ warnings: [{ scope: 'tenant-month', share: 0.5 }] });
      expect(await ledger.reserve(spender, microUsd(1), atMs)).toMatchObject({ warnings: [] });
    });

    it('leaves a sum from which money was taken once', async () => {
      const terms = { ...NO_BUDGET, perDay: microUsd(100), turnsPerMinute: undefined };
      const spender = { tenantId: TENANT_ID, terms, spread: '' };
      const atMs = Date.UTC(2026, 10, 14);
      const [held, other] = [
        await ledger.reserve(spender, microUsd(40), atMs),
        await ledger.reserve(spender, microUsd(60), atMs),
      ];
      if (held.kind === 'refused' || other.kind === 'refused') throw new Error('Nothing was held');
      isNextAnswerLost = true;
      await ledger.settle(held.reservation, { model: microUsd(10) });
      const owner = { kind: 'tenant', id: TENANT_ID } as const;
      expect(isNextAnswerLost).toBe(false);
      expect(await ledger.spentIn('2026-11', owner)).toMatchObject({ spent: 10, reserved: 60 });
    });
  });
}
