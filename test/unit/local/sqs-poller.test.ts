import { setImmediate as settled } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { VirtualClock } from '#local/clock.ts';
import type { EventSourceSettings } from '#local/event-sources/event-source-settings.ts';
import { FilterPattern } from '#local/event-sources/filter-pattern.ts';
import { polledQueue } from '#local/event-sources/sqs-model-queue.ts';
import { SqsPoller } from '#local/event-sources/sqs-poller.ts';
import type { InvokeOutcome } from '#local/lambda/invocation.ts';
import { WaitingClients } from '#local/lambda/waiting-clients.ts';
import { SqsModel } from '#local/sqs/sqs-model.ts';

const SETTINGS: EventSourceSettings = {
  batchSize: 10,
  batchingWindowSeconds: 0,
  maximumConcurrency: 2,
  partialResponses: true,
  filters: [],
  enabled: true,
};
const DONE: InvokeOutcome = { kind: 'returned', payload: 'null' };
const FAILED: InvokeOutcome = {
  kind: 'failed',
  error: { errorType: 'Error', errorMessage: 'as asked' },
};
const FIFO = {
  FifoQueue: 'true',
  DeduplicationScope: 'messageGroup',
  FifoThroughputLimit: 'perMessageGroupId',
};

/** An invocation that the test ends when it likes. */
interface UnderWay {
  readonly bodies: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: events are read field by field
  readonly records: readonly any[];
  end(outcome: InvokeOutcome): Promise<unknown>;
}

function polling(
  over: Partial<EventSourceSettings> = {},
  attributes: Record<string, string> = {},
  waitingClients = new WaitingClients(),
) {
  const clock = new VirtualClock(1_000_000);
  const sqs = new SqsModel({ clock, region: 'eu-west-1', accountId: '000000000000' });
  const name = attributes['FifoQueue'] ? 'chats.fifo' : 'events';
  sqs.createQueue(name, { VisibilityTimeout: '60', ...attributes });
  const underWay: UnderWay[] = [];
  const poller = new SqsPoller({
    queue: polledQueue(sqs, name, 'eu-west-1'),
    clock,
    waitingClients,
    settings: { ...SETTINGS, ...over },
    lambda: {
      invoke: (payload) =>
        new Promise((resolve) => {
          const records = JSON.parse(payload).Records;
          const end = (outcome: InvokeOutcome) => {
            underWay.splice(underWay.indexOf(invocation), 1);
            resolve(outcome);
            return settled();
          };
          const bodies = records.map((each: { body: string }) => each.body);
          const invocation = { bodies, records, end };
          underWay.push(invocation);
        }),
    },
  });
  poller.start();
  function send(body: string, groupId?: string): void {
    sqs.sendMessage(name, { body, ...(groupId && { groupId, deduplicationId: body }) });
  }
  const left = () => sqs.peek(name).map((each) => each.body);
  async function pass(ms: number): Promise<void> {
    clock.advanceBy(ms);
    await settled();
  }
  return { clock, sqs, name, poller, underWay, send, left, pass };
}

test('an idle mapping waits for the queue without looking at it again and again', () => {
  expect(polling().clock.nextDueMs).toBeUndefined();
});

test('a message becomes an event of the form that SQS events have', () => {
  const { sqs, name, underWay } = polling({}, FIFO);
  sqs.sendMessage(name, {
    body: 'ring 😀',
    groupId: 'chat',
    deduplicationId: 'wamid:0',
    attributes: { reason: { dataType: 'String', stringValue: 'token' } },
  });
  expect(underWay[0]?.records).toEqual([
    {
      messageId: expect.any(String),
      receiptHandle: expect.any(String),
      body: 'ring 😀',
      attributes: expect.objectContaining({
        ApproximateReceiveCount: '1',
        SentTimestamp: '1000000',
        MessageGroupId: 'chat',
        MessageDeduplicationId: 'wamid:0',
        SequenceNumber: expect.any(String),
      }),
      messageAttributes: {
        reason: {
          dataType: 'String',
          stringValue: 'token',
          stringListValues: [],
          binaryListValues: [],
        },
      },
      md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:chats.fifo',
      awsRegion: 'eu-west-1',
    },
  ]);
});

test('while somebody waits for an answer, one batch at a time is worked on, and then all again', async () => {
  const clients = new WaitingClients();
  const { send, underWay } = polling({ batchSize: 1, maximumConcurrency: 3 }, {}, clients);
  const leave = clients.enter();
  for (const body of ['a', 'b', 'c', 'd', 'e']) send(body);
  expect(underWay.map(({ bodies }) => bodies)).toEqual([['a']]);
  await underWay[0]?.end(DONE);
  expect(underWay.map(({ bodies }) => bodies)).toEqual([['b']]);
  leave();
  leave();
  expect(underWay.map(({ bodies }) => bodies)).toEqual([['b'], ['c'], ['d']]);
});

test('what is done is deleted, and what is named as failed comes again after its visibility', async () => {
  const { underWay, send, left, pass, poller, sqs, name } = polling();
  poller.stop();
  send('a');
  send('b');
  poller.start();
  const [batch] = underWay;
  expect(batch?.bodies).toEqual(['a', 'b']);
  const failed = batch?.records[1].messageId;
  await batch?.end({
    kind: 'returned',
    payload: JSON.stringify({ batchItemFailures: [{ itemIdentifier: failed }] }),
  });
  expect(left()).toEqual(['b']);
  await pass(59_999);
  expect(underWay).toEqual([]);
  await pass(1);
  expect(underWay[0]?.bodies).toEqual(['b']);
  expect(sqs.peek(name)[0]?.receiveCount).toBe(2);
});

test('no more batches are under way than the maximum concurrency allows', async () => {
  const { underWay, send, poller } = polling();
  poller.stop();
  for (let index = 0; index < 25; index += 1) send(`m${index}`);
  poller.start();
  expect(underWay.map((each) => each.bodies.length)).toEqual([10, 10]);
  await underWay[0]?.end(DONE);
  expect(underWay.map((each) => each.bodies.length)).toEqual([10, 5]);
});

test('a batch of more than ten is gathered until it is full or its window is over', async () => {
  const { underWay, send, pass } = polling({ batchSize: 15, batchingWindowSeconds: 2 });
  for (let index = 0; index < 14; index += 1) send(`m${index}`);
  await pass(1999);
  expect(underWay).toEqual([]);
  await pass(1);
  expect(underWay[0]?.bodies).toHaveLength(14);
  for (let index = 0; index < 15; index += 1) send(`n${index}`);
  expect(underWay[1]?.bodies).toHaveLength(15);
});

test('two batches under way never hold messages of one group', async () => {
  const { underWay, send, poller } = polling({ batchSize: 2 }, FIFO);
  poller.stop();
  for (const body of ['a1', 'a2', 'a3']) send(body, 'a');
  send('b1', 'b');
  poller.start();
  expect(underWay.map((each) => each.bodies)).toEqual([['a1', 'a2'], ['b1']]);
  await underWay[0]?.end(DONE);
  expect(underWay.map((each) => each.bodies)).toEqual([['b1'], ['a3']]);
});

test('a throttled batch is tried again while its messages are invisible, and then left to the queue', async () => {
  const { underWay, send, pass, sqs, name } = polling();
  send('a');
  let tries = 0;
  for (let second = 0; second < 60; second += 1) {
    while (underWay[0]) {
      tries += 1;
      await underWay[0].end({ kind: 'throttled' });
    }
    await pass(999);
  }
  expect(tries).toBeGreaterThan(10);
  expect(sqs.peek(name)[0]?.receiveCount).toBe(1);
  await pass(1000);
  expect(underWay[0]?.bodies).toEqual(['a']);
  expect(sqs.peek(name)[0]?.receiveCount).toBe(2);
});

test('a throttled batch that gets its turn is done as any other', async () => {
  const { underWay, send, pass, left } = polling();
  send('a');
  await underWay[0]?.end({ kind: 'throttled' });
  expect(underWay).toEqual([]);
  await pass(100);
  await underWay[0]?.end(DONE);
  expect(left()).toEqual([]);
});

test('a message that no filter lets through is deleted and never seen', async () => {
  const pattern = new FilterPattern('{"body":{"kind":["status"]}}', 'Mapping');
  const { underWay, send, left } = polling({ filters: [pattern] });
  send('{"kind":"other"}');
  await settled();
  expect(underWay).toEqual([]);
  expect(left()).toEqual([]);
  send('{"kind":"status"}');
  expect(underWay[0]?.bodies).toEqual(['{"kind":"status"}']);
});

test('messages that do not fit into an event of 6 MB wait for the next one', async () => {
  const { underWay, send, poller } = polling({ maximumConcurrency: 10 });
  poller.stop();
  for (let index = 0; index < 8; index += 1) send(String(index).repeat(1_000_000));
  poller.start();
  await settled();
  expect(Math.max(...underWay.map((each) => each.bodies.length))).toBe(6);
  expect(underWay.flatMap((each) => each.bodies)).toHaveLength(8);
});

test('a message that keeps failing goes to the dead-letter queue', async () => {
  const made = polling();
  made.poller.stop();
  made.sqs.createQueue('dead');
  const deadLetterTargetArn = made.sqs.arnOf('dead');
  made.sqs.createQueue('source', {
    VisibilityTimeout: '60',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 }),
  });
  let tries = 0;
  const poller = new SqsPoller({
    queue: polledQueue(made.sqs, 'source', 'eu-west-1'),
    clock: made.clock,
    settings: SETTINGS,
    lambda: {
      invoke: async () => {
        tries += 1;
        return FAILED;
      },
    },
  });
  poller.start();
  made.sqs.sendMessage('source', { body: 'poison' });
  for (let minute = 0; minute < 5; minute += 1) await made.pass(60_000);
  expect(tries).toBe(2);
  expect(made.sqs.peek('dead').map((each) => each.body)).toEqual(['poison']);
});

test('a stopped mapping receives no more', () => {
  const { underWay, send, poller } = polling();
  poller.stop();
  send('a');
  expect(underWay).toEqual([]);
});
