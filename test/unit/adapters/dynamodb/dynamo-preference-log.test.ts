import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { DynamoPreferenceLog } from '#adapters/dynamodb/dynamo-preference-log.ts';
import { aChat } from '#test/support/builders.ts';
import { ManualClock, RecordingLog } from '#test/support/recorders.ts';
import { stubClient } from '#test/support/stub-client.ts';

const STOPPED = { kind: 'stopped', atMs: 1_790_400_000_000 } as const;

it.each([
  ['as its tenant says', async () => 365, 365],
  ['the default, where it does not', async () => undefined, 90],
  ['the default, where nobody can say', () => Promise.reject(new Error('throttled')), 90],
])('keeps a choice for so long: %s', async (_, keptDays, days) => {
  const clock = new ManualClock();
  const stub = stubClient(() => ({}));
  const client = stub.as<DynamoDBClient>();
  const log = new RecordingLog();
  const preferences = new DynamoPreferenceLog({
    client,
    tableName: 'conversations',
    clock,
    log,
    keptDays,
  });
  await preferences.recordPreference(aChat(), STOPPED);
  // The head is looked at and left alone.
  expect(stub.sent.map(({ name }) => name)).toEqual(['GetItemCommand', 'UpdateItemCommand']);
  const { Key, ExpressionAttributeValues: values } = stub.sent[1]?.input ?? {};
  expect(Key.sk).toEqual({ S: 'PREF' });
  const keptForS = Number(values[':expiresAt'].N) - Math.floor(clock.now() / 1000);
  expect(keptForS).toBe(days * 86_400);
});
