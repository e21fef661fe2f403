import {
  type AttributeValue,
  BatchGetItemCommand,
  DynamoDBClient,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { dynamoDbClient } from '#runtime/aws/dynamodb-client.ts';
import { json, startLoopbackPeer } from '#test/support/loopback-peer.ts';

let peer: Awaited<ReturnType<typeof startLoopbackPeer>>;

beforeAll(async () => {
  peer = await startLoopbackPeer();
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ENDPOINT_URL', peer.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await peer.close();
});

const text = fc.string({ unit: 'binary' });
const key = fc.oneof(text, fc.constantFrom('B', 'S', 'BS', '"B":', '__proto_', 'v'));
const bytes = fc.uint8Array({ maxLength: 8 });
const { value: attribute } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.record({ S: text }),
    fc.record({ N: fc.integer().map(String) }),
    fc.record({ BOOL: fc.boolean() }),
    fc.constant({ NULL: true }),
    fc.record({ SS: fc.array(text, { minLength: 1 }) }),
    fc.record({ B: bytes }),
    fc.record({ BS: fc.array(bytes, { minLength: 1, maxLength: 2 }) }),
    fc.record({ L: fc.array(tie('value'), { maxLength: 3 }) }),
    fc.record({ M: fc.dictionary(key, tie('value'), { maxKeys: 3 }) }),
  ),
}));
const item = fc.dictionary(key, attribute, { maxKeys: 4 });

it("sends and understands what the SDK's client does, whatever an item holds", async () => {
  const sdk = new DynamoDBClient({ maxAttempts: 1 });
  await fc.assert(
    fc.asyncProperty(item, item, async (sent, found) => {
      const command = () =>
        new UpdateItemCommand({
          TableName: 't',
          Key: { pk: { S: 'a' } },
          ConditionExpression: undefined,
          ExpressionAttributeValues: sent as Record<string, AttributeValue>,
        });
      peer.answerWith(json(200, { Attributes: wire(found) }));
      const theirs = await sdk.send(command());
      const ours = await dynamoDbClient().send(command());
      const [asked, askedByUs] = peer.requests;
      expect(askedByUs?.body).toEqual(asked?.body);
      for (const name of ['x-amz-target', 'content-type', 'content-length']) {
        expect(askedByUs?.headers[name]).toBe(asked?.headers[name]);
      }
      expect({ ...ours, $metadata: {} }).toEqual({ ...theirs, $metadata: {} });
    }),
    { numRuns: 60 },
  );
  sdk.destroy();
});

it('reads lists of items and where to go on', async () => {
  const Items = [{ pk: { S: 'a' } }, { pk: { S: 'b' }, sealed: { B: 'AQL/' } }];
  peer.answerWith(json(200, { Items, Count: 2, LastEvaluatedKey: { pk: { S: 'b' } } }));
  const read = await dynamoDbClient().send(new QueryCommand({ TableName: 't' }));
  expect(read.Items?.[1]?.['sealed']?.B).toEqual(new Uint8Array([1, 2, 255]));
  expect(read.LastEvaluatedKey).toEqual({ pk: { S: 'b' } });

  peer.answerWith(json(200, { Responses: { t: [{ pk: { S: 'a' } }] } }));
  const RequestItems = { t: { Keys: [{ pk: { S: 'a' } }] } };
  const { Responses } = await dynamoDbClient().send(new BatchGetItemCommand({ RequestItems }));
  expect(Responses).toEqual({ t: [{ pk: { S: 'a' } }] });
});

/** Bytes as they go over the line. */
function wire(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(wire);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, wire(each)]));
}
