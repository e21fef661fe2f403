import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { expect, test } from 'vitest';
import { writeRingBody } from '#adapters/sqs/ring-body.ts';
import { receiveRings } from '#lambdas/processor/receive-rings.ts';
import { aTextMessage } from '#test/support/builders.ts';
import { aRing, ChatWorld } from '#test/support/chat-world.ts';
import { modelFails } from '#test/support/peers.ts';

const CONTEXT = { getRemainingTimeInMillis: () => 60_000 };

function aBatch(bodies: readonly string[], receives = 1): SQSEvent {
  const records = bodies.map((body, index) => ({
    messageId: `id-${index}`,
    receiptHandle: `handle-${index}`,
    body,
    attributes: { ApproximateReceiveCount: String(receives) },
  }));
  return { Records: records as unknown as SQSRecord[] };
}

test('a ring that nobody can read is handed back soon, and costs its neighbours nothing', async () => {
  const world = new ChatWorld();
  const message = aTextMessage('hello');
  await world.accept(message);
  const batch = aBatch(['nonsense', writeRingBody(aRing(message).ring)]);
  const response = await receiveRings(batch, CONTEXT, world.deps);
  expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'id-0' }] });
  expect(world.ringBox.deferred).toEqual([{ receiptHandle: 'handle-0', delayMs: 1_000 }]);
  expect(world.texts).toEqual(['You said: hello']);
});

test('a ring that nobody can read costs its neighbours nothing even when the queue is unwell', async () => {
  const world = new ChatWorld();
  const message = aTextMessage('hello');
  await world.accept(message);
  world.ringBox.defer = async () => Promise.reject(new Error('queue is down'));
  const batch = aBatch(['nonsense', writeRingBody(aRing(message).ring)]);
  const response = await receiveRings(batch, CONTEXT, world.deps);
  expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'id-0' }] });
  expect(world.texts).toEqual(['You said: hello']);
});

test('a ring of a later release waits in the queue, longer each time, and is told from a broken one', async () => {
  const world = new ChatWorld();
  const later = writeRingBody(aRing(aTextMessage('hello')).ring).replace('"v":1', '"v":2');
  const response = await receiveRings(aBatch([later]), CONTEXT, world.deps);
  expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'id-0' }] });
  expect(world.ringBox.deferred).toHaveLength(1);
  expect(world.log.lines.map(({ event }) => event)).toEqual(['body_newer']);
});

test('every line of a chat names its request and tenant, and nobody', async () => {
  const world = new ChatWorld();
  const message = aTextMessage('a private matter');
  await world.accept(message);
  await receiveRings(aBatch([writeRingBody(aRing(message).ring)]), CONTEXT, world.deps);
  const closed = world.log.lines.find(({ event }) => event === 'turn_closed');
  expect(closed?.fields).toMatchObject({ correlationId: 'request-1', tenantId: 'bakery' });
  const written = JSON.stringify(world.log.lines);
  expect(written).not.toContain('34600111222');
  expect(written).not.toContain('private');
  expect(written).not.toContain(message.wamid);
});

test('the queue tells how often a chat was tried', async () => {
  const world = new ChatWorld();
  const message = aTextMessage('hello');
  await world.accept(message);
  world.model.next.push(modelFails({ class: 'retry', code: 'openai:503' }));
  const batch = aBatch([writeRingBody(aRing(message).ring)], 10);
  expect(await receiveRings(batch, CONTEXT, world.deps)).toEqual({ batchItemFailures: [] });
  expect(world.ringBox.deferred).toEqual([]);
});

test('some time is kept back for writing down what happened', async () => {
  const world = new ChatWorld();
  const message = aTextMessage('hello');
  await world.accept(message);
  const late = { getRemainingTimeInMillis: () => 7_000 };
  await receiveRings(aBatch([writeRingBody(aRing(message).ring)]), late, world.deps);
  expect(world.model.requests).toEqual([]);
  expect(world.ringBox.deferred).toHaveLength(1);
});
