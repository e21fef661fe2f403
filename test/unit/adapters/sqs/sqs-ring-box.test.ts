import type { SQSClient } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { readRingBody } from '#adapters/sqs/ring-body.ts';
import { SqsRingBox } from '#adapters/sqs/sqs-ring-box.ts';
import type { ReceivedRing } from '#app/ports/queues.ts';
import { aChat, aParking } from '#test/support/builders.ts';
import { RecordingLog } from '#test/support/recorders.ts';
import { type SentCommand, stubClient } from '#test/support/stub-client.ts';

function aRingBox(answer: (command: SentCommand) => unknown = () => ({})) {
  const stub = stubClient(answer);
  const ringBox = new SqsRingBox({
    client: stub.as<SQSClient>(),
    queueUrl: 'chats',
    deadLetterQueueUrl: 'dead-letters',
    random: { next: () => 0 },
    log: new RecordingLog(),
  });
  return { sent: stub.sent, ringBox };
}

function aReceivedRing(index = 0, messageId = `id-${index}`): ReceivedRing {
  const messageKey = `1790400000000#wamid.${index}`;
  return {
    ring: { chat: aChat(), messageKey, number: 0, correlationId: 'r' },
    receiptHandle: `handle-${index}`,
    messageId,
    receiveCount: 1,
    firstReceivedAtMs: 0,
  };
}

it('deletes rings, ten in a call', async () => {
  const { sent, ringBox } = aRingBox();
  await ringBox.done(Array.from({ length: 12 }, (_, index) => aReceivedRing(index)));
  expect(sent.map(({ name }) => name)).toEqual(Array(2).fill('DeleteMessageBatchCommand'));
  const handles = sent.flatMap(({ input }) =>
    input.Entries.map((entry: { ReceiptHandle: string }) => entry.ReceiptHandle),
  );
  expect(handles).toEqual(Array.from({ length: 12 }, (_, index) => `handle-${index}`));
});

it.each([
  [0, 0],
  [-5, 0],
  [1, 1],
  [1_001, 2],
  [90_000, 90],
  [999_999_999, 43_200],
])('hides rings for %d ms as %d whole seconds', async (delayMs, seconds) => {
  const { sent, ringBox } = aRingBox();
  await ringBox.defer([aReceivedRing()], delayMs);
  expect(sent[0]?.input).toEqual({
    QueueUrl: 'chats',
    Entries: [{ Id: '0', ReceiptHandle: 'handle-0', VisibilityTimeout: seconds }],
  });
});

it('parks a ring with its reason, in its chat’s group', async () => {
  const { sent, ringBox } = aRingBox();
  await ringBox.deadLetter([aReceivedRing().ring], aParking('token'), 'received-1');
  const { QueueUrl: url, Entries: entries } = sent[0]?.input ?? {};
  expect(url).toBe('dead-letters');
  expect(readRingBody(entries[0].MessageBody)).toEqual(aReceivedRing().ring);
  const told = Object.entries(
    entries[0].MessageAttributes as Record<string, { StringValue: string }>,
  );
  expect(Object.fromEntries(told.map(([name, { StringValue }]) => [name, StringValue]))).toEqual({
    reason: 'token',
    class: 'fix-needed',
    peer: 'graph',
    code: 'graph:190',
    attempts: '1',
  });
  expect(entries[0].MessageGroupId).toMatch(/^[0-9a-f]{64}$/);
});

it('can park the same ring again after a redrive, which gives it a new id', async () => {
  const { sent, ringBox } = aRingBox();
  await ringBox.deadLetter([aReceivedRing().ring], aParking('token'), 'first');
  await ringBox.deadLetter([aReceivedRing().ring], aParking('token'), 'first');
  await ringBox.deadLetter([aReceivedRing().ring], aParking('token'), 'after-redrive');
  const [first, again, later] = sent.map(({ input }) => input.Entries[0].MessageDeduplicationId);
  expect(again).toBe(first);
  expect(later).not.toBe(first);
});

it('says so when a ring could not be parked', async () => {
  const { ringBox } = aRingBox(() => ({ Failed: [{ Id: '0', SenderFault: true }] }));
  await expect(
    ringBox.deadLetter([aReceivedRing().ring], aParking('bug'), 'received-1'),
  ).rejects.toThrow(/1 of 1/);
});
