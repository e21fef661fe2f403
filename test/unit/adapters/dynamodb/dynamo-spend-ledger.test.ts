import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { DynamoSpendLedger } from '#adapters/dynamodb/dynamo-spend-ledger.ts';
import type { BudgetTerms, Spender } from '#app/ports/spend-ledger.ts';
import { NO_BUDGET } from '#domain/money/budget.ts';
import { microUsd } from '#domain/money/micro-usd.ts';
import { TENANT_ID } from '#test/support/builders.ts';
import { RecordingLog } from '#test/support/recorders.ts';
import { type SentCommand, stubClient } from '#test/support/stub-client.ts';

const NOON_MS = Date.UTC(2026, 10, 14, 12);
const AMOUNT = microUsd(100);

function aLedger(
  answer: (command: SentCommand) => unknown = () => ({}),
  platform: BudgetTerms = NO_BUDGET,
) {
  const stub = stubClient((command) => answer(command));
  const log = new RecordingLog();
  const client = stub.as<DynamoDBClient>();
  const ledger = new DynamoSpendLedger({ client, tableName: 'tenants', platform, log });
  return { ledger, sent: stub.sent, log };
}

function spender(over: Partial<Spender['terms']>, spread = 'chat'): Spender {
  const terms = { ...NO_BUDGET, turnsPerMinute: undefined, ...over };
  return { tenantId: TENANT_ID, terms, spread };
}

function refusedWith(item: Record<string, unknown>): ConditionalCheckFailedException {
  const options = { $metadata: {}, message: '', Item: marshall(item) };
  return new ConditionalCheckFailedException(options);
}

describe('DynamoSpendLedger', () => {
  it('writes once for rate and money together', async () => {
    const { ledger, sent } = aLedger();
    const terms = { perDay: microUsd(1_000), perMonth: microUsd(9_000), turnsPerMinute: 10 };
    await ledger.reserve(spender(terms), AMOUNT, NOON_MS);
    await ledger.reserve(spender(terms), AMOUNT, NOON_MS + 1_000);
    expect(sent.map(({ input }) => input.Key.pk.S)).toEqual(['USAGE#bakery#0', 'USAGE#bakery#0']);
    expect(sent.map(({ input }) => input.Key.sk.S)).toEqual(['MONTH#2026-11', 'MONTH#2026-11']);
    // The first turn of a window that this process sees begins it, the next goes on.
    expect(sent[0]?.input.ConditionExpression).toContain('#window < :window');
    expect(sent[1]?.input.ConditionExpression).toContain('#window = :window AND turns < :turns');
  });

  it('writes nothing where there is neither budget nor limit', async () => {
    const { ledger, sent } = aLedger();
    await ledger.reserve(spender({}), AMOUNT, NOON_MS);
    expect(sent).toEqual([]);
  });

  it('writes once more where the platform has a budget', async () => {
    const platform = { ...NO_BUDGET, perDay: microUsd(1_000_000_000) };
    const { ledger, sent } = aLedger(() => ({}), platform);
    await ledger.reserve(spender({ turnsPerMinute: 10 }), AMOUNT, NOON_MS);
    expect(sent.map(({ input }) => input.Key.pk.S.replace(/\d+$/, ''))).toEqual([
      'USAGE#bakery#',
      'USAGE##',
    ]);
  });

  it('spreads the chats of a great spender over partitions, and tries all before it refuses', async () => {
    const full = refusedWith({ committed: 1_600_000_000, c14: 1_600_000_000 });
    const { ledger, sent } = aLedger(() => {
      throw full;
    });
    const terms = { perDay: microUsd(1_600_000_000), turnsPerMinute: undefined };
    for (const chat of ['one', 'two', 'three']) {
      const answer = await ledger.reserve(spender(terms, chat), AMOUNT, NOON_MS);
      expect(answer).toMatchObject({ kind: 'refused', by: 'tenant-day' });
    }
    const tried = sent.map(({ input }) => input.Key.pk.S);
    expect(tried).toHaveLength(3 * 16);
    expect(new Set(tried).size).toBe(16);
    expect(new Set([tried[0], tried[16], tried[32]]).size).toBeGreaterThan(1);
  });

  it('asks the first shard how a month is split, and no other before it knows', async () => {
    const { ledger, sent } = aLedger(({ input }) => {
      const isFirst = input.Key.pk.S.endsWith('#0');
      const said = input.ExpressionAttributeValues[':shards']?.N;
      if (isFirst && said !== '4') throw refusedWith({ shards: 4 });
      return isFirst ? { Attributes: marshall({ shards: 4 }) } : {};
    });
    const terms = { perDay: microUsd(1_600_000_000), turnsPerMinute: undefined };
    const chats = Array.from({ length: 40 }, (_, index) => `chat ${index}`);
    for (const chat of chats) await ledger.reserve(spender(terms, chat), AMOUNT, NOON_MS);
    expect(sent).toHaveLength(chats.length + 1);
    const shards = sent.map(({ input }) => input.Key.pk.S.split('#')[2]);
    expect(shards[0]).toBe('0');
    expect([...new Set(shards)].sort()).toEqual(['0', '1', '2', '3']);
    expect(sent.at(-1)?.input.ExpressionAttributeValues[':dayRoom']).toEqual({ N: '399999900' });
  });

  it('gives the tenant’s hold back when the platform’s cannot be had', async () => {
    const platform = { ...NO_BUDGET, perDay: microUsd(1_000_000_000) };
    const isPlatforms = ({ input }: SentCommand) => input.Key.pk.S.startsWith('USAGE##');
    const { ledger, sent } = aLedger((command) => {
      if (isPlatforms(command)) throw new Error('no answer');
      return {};
    }, platform);
    const asked = ledger.reserve(spender({ perDay: AMOUNT }), AMOUNT, NOON_MS);
    await expect(asked).rejects.toThrow('no answer');
    const own = sent.filter((command) => !isPlatforms(command));
    expect(own.map(({ input }) => input.ExpressionAttributeValues[':by0'])).toEqual([
      { N: '100' },
      { N: '-100' },
    ]);
  });

  it('tells of a level rather twice than never, and loses no hold, when that cannot be noted', async () => {
    const { ledger } = aLedger(({ input }) => {
      if (input.UpdateExpression.includes('warned')) throw new Error('no answer');
      return { Attributes: marshall({ committed: 100, c14: 100 }) };
    });
    const terms = { perDay: AMOUNT, warnAt: [0.8] };
    expect(await ledger.reserve(spender(terms), AMOUNT, NOON_MS)).toMatchObject({
      kind: 'reserved',
      reservation: { holds: [{ amount: AMOUNT }] },
      warnings: [{ scope: 'tenant-day', share: 0.8 }],
    });
  });

  it('goes on in the window that another process has begun', async () => {
    let tries = 0;
    const { ledger, sent } = aLedger(() => {
      tries += 1;
      if (tries === 1) throw refusedWith({ window: NOON_MS, turns: 3 });
      return {};
    });
    const answer = await ledger.reserve(spender({ turnsPerMinute: 10 }), AMOUNT, NOON_MS);
    expect(answer.kind).toBe('reserved');
    expect(sent[1]?.input.ExpressionAttributeValues).toMatchObject({
      ':window': { N: String(NOON_MS) },
      ':turns': { N: '10' },
    });
  });

  it('writes once, and not for each turn of a flood, that the window is full', async () => {
    const { ledger, sent } = aLedger(() => {
      throw refusedWith({ window: NOON_MS, turns: 10 });
    });
    const ask = (turnsPerMinute: number, atMs = NOON_MS) =>
      ledger.reserve(spender({ turnsPerMinute }), AMOUNT, atMs);
    for (const seconds of [0, 1, 59]) {
      expect(await ask(10, NOON_MS + seconds * 1_000)).toMatchObject({ by: 'tenant-rate' });
    }
    expect(sent).toHaveLength(1);
    // Not where the limit was raised, and not in the next window.
    await ask(9);
    await ask(10, NOON_MS + 60_000);
    expect(sent.length).toBeGreaterThan(2);
  });

  it('keeps quiet towards the turn, and loud in the log, when a settlement is not taken', async () => {
    let isDown = false;
    const { ledger, log } = aLedger(() => {
      if (isDown) throw new Error('no answer');
      return {};
    });
    const held = await ledger.reserve(spender({ perDay: AMOUNT }), AMOUNT, NOON_MS);
    if (held.kind === 'refused') throw new Error('Nothing was held');
    isDown = true;
    await ledger.settle(held.reservation, { model: AMOUNT });
    expect(log.lines).toMatchObject([
      { level: 'error', event: 'spend_not_counted', fields: { owner: 'tenant', held: 100 } },
    ]);
  });

  it('keeps a month’s item for more than a year after the month', async () => {
    const { ledger, sent } = aLedger();
    await ledger.add(spender({}), { meta: AMOUNT }, NOON_MS);
    const expiresAt = Number(sent[0]?.input.ExpressionAttributeValues[':expiresAt'].N) * 1_000;
    expect(expiresAt).toBeGreaterThan(Date.UTC(2027, 11, 1));
  });
});
