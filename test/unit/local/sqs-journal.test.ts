import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { VirtualClock } from '#local/clock.ts';
import { openSqsJournal } from '#local/sqs/sqs-journal.ts';
import { SqsModel } from '#local/sqs/sqs-model.ts';

const QUEUE = 'chats.fifo';

let directory: string;
let path: string;
let clock: VirtualClock;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sqs-journal-'));
  path = join(directory, 'queues.jsonl');
  clock = new VirtualClock(1_790_000_000_000);
});

afterEach(() => rmSync(directory, { recursive: true }));

/** A model over the journal; an earlier one is left as a killed process leaves it. */
function start(): SqsModel {
  const journal = openSqsJournal(path);
  const sqs = new SqsModel({ clock, region: 'eu-central-1', accountId: '1', journal });
  sqs.createQueue(QUEUE, { FifoQueue: 'true', VisibilityTimeout: '60' });
  sqs.createQueue('events');
  return sqs;
}

function send(sqs: SqsModel, body: string, groupId = 'a') {
  return sqs.sendMessage(QUEUE, { body, groupId, deduplicationId: `${groupId}-${body}` });
}

const bodies = (messages: readonly { body: string }[]) => messages.map(({ body }) => body);

it('keeps messages in their order, with all that they carry', () => {
  const before = start();
  const attributes = { reason: { dataType: 'String', stringValue: 'parked' } };
  before.sendMessage('events', { body: '😀', attributes, traceHeader: 'Root=1', senderId: 'me' });
  for (const body of ['1', '2', '3']) send(before, body);
  const seen = [before.peek(QUEUE), before.peek('events')];
  const after = start();
  expect([after.peek(QUEUE), after.peek('events')]).toEqual(seen);
  expect(bodies(after.receiveMessages(QUEUE, { maxMessages: 10 }))).toEqual(['1', '2', '3']);
});

it('forgets what was deleted', () => {
  const before = start();
  send(before, '1');
  send(before, '2');
  const [first] = before.receiveMessages(QUEUE);
  before.deleteMessage(QUEUE, first?.receiptHandle ?? '');
  expect(bodies(start().peek(QUEUE))).toEqual(['2']);
});

it('keeps a group locked, and its receipt handle good', () => {
  const before = start();
  send(before, '1');
  send(before, '2');
  const [first] = before.receiveMessages(QUEUE);
  const after = start();
  expect(after.receiveMessages(QUEUE)).toEqual([]);
  after.deleteMessage(QUEUE, first?.receiptHandle ?? '');
  expect(bodies(after.receiveMessages(QUEUE))).toEqual(['2']);
});

it('delivers what was in flight when its visibility ends, and has counted', () => {
  const before = start();
  send(before, '1');
  before.receiveMessages(QUEUE);
  const after = start();
  clock.advanceBy(60_000);
  expect(after.receiveMessages(QUEUE)[0]?.receiveCount).toBe(2);
});

it('keeps the deduplication window', () => {
  const before = start();
  const first = send(before, '1');
  const [received] = before.receiveMessages(QUEUE);
  before.deleteMessage(QUEUE, received?.receiptHandle ?? '');
  const after = start();
  expect(send(after, '1')).toEqual(first);
  expect(after.peek(QUEUE)).toEqual([]);
});

it('numbers messages higher after a restart', () => {
  const first = send(start(), '1').sequenceNumber ?? '';
  clock.advanceBy(1);
  const second = send(start(), '2').sequenceNumber ?? '';
  expect(second > first).toBe(true);
});

it('passes over a line that was cut off by a crash', () => {
  send(start(), '1');
  appendFileSync(path, '{"queue":"chats.fifo","put":{"mess');
  expect(bodies(start().peek(QUEUE))).toEqual(['1']);
});

it('is for its owner only, and drops on opening what no longer matters', () => {
  const before = start();
  for (let n = 0; n < 50; n += 1) {
    send(before, String(n));
    clock.advanceBy(10_000);
    for (const { receiptHandle } of before.receiveMessages(QUEUE)) {
      before.deleteMessage(QUEUE, receiptHandle);
    }
  }
  start();
  expect(readFileSync(path, 'utf8').split('\n').length).toBeLessThan(40);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
