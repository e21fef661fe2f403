import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { DynamoInbox } from '#adapters/dynamodb/dynamo-inbox.ts';
import { awsClientOptions } from '#runtime/aws-client-options.ts';
import { aMessage } from '#test/support/builders.ts';
import { halfAnAnswer, json, silence, startLoopbackPeer } from '#test/support/loopback-peer.ts';
import { RecordingLog } from '#test/support/recorders.ts';

it('gives a silent connection up and tries again, as often as it says', async () => {
  const peer = await startLoopbackPeer();
  const client = new DynamoDBClient({
    ...awsClientOptions({ requestTimeoutMs: 50, maxAttempts: 2 }),
    endpoint: peer.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const table = { client, tableName: 'conversations' };
  const inbox = new DynamoInbox({ ...table, log: new RecordingLog(), budgetMs: 20_000 });
  const arrival = { message: aMessage(), acceptedAtMs: 1, position: 0, correlationId: 'r' };

  peer.answerWith(silence, json(200, {}));
  expect(await inbox.accept([arrival])).toEqual(['accepted']);
  peer.answerWith(silence);
  expect(await inbox.accept([arrival])).toEqual(['refused']);
  expect(peer.requests).toHaveLength(2);
  peer.answerWith(halfAnAnswer, json(200, {}));
  expect(await inbox.accept([arrival])).toEqual(['accepted']);
  expect(peer.requests).toHaveLength(2);

  client.destroy();
  await peer.close();
});
