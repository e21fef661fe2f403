import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newModel, queueArn, type SqsDoor } from '#test/support/sqs-door.ts';
import { SQS_DOORS } from '#test/support/sqs-doors.ts';

const MEBIBYTE = 1_048_576;

describe.each(SQS_DOORS)('the limits of SQS, by %s', (_, open) => {
  let door: SqsDoor;

  beforeEach(async () => {
    door = await open();
    await door.createQueue('q');
  });

  afterEach(() => door.close());

  const text = (bytes: number) => 'x'.repeat(bytes);
  const entries = (count: number, body = 'x') =>
    Array.from({ length: count }, (_each, index) => ({ id: String(index), body }));

  it('takes a message of 1 MiB and no more', async () => {
    expect(await door.send('q', { body: text(MEBIBYTE) })).toHaveProperty('messageId');
    expect(await door.send('q', { body: text(MEBIBYTE + 1) })).toEqual({
      refused: 'InvalidParameterValue',
    });
  });

  it('counts bytes, not characters, and the message attributes too', async () => {
    const body = '€'.repeat(349_525);
    expect(await door.send('q', { body })).toHaveProperty('messageId');
    const attributes = { a: { dataType: 'String', stringValue: 'b' } };
    expect(await door.send('q', { body, attributes })).toEqual({
      refused: 'InvalidParameterValue',
    });
  });

  it('counts the bytes of a binary attribute, not its base64', async () => {
    const binaryValue = Buffer.alloc(30_000).toString('base64');
    const attributes = { b: { dataType: 'Binary', binaryValue } };
    const room = MEBIBYTE - 30_000 - 'b'.length - 'Binary'.length;
    expect(await door.send('q', { body: text(room), attributes })).toHaveProperty('messageId');
    expect(await door.send('q', { body: text(room + 1), attributes })).toEqual({
      refused: 'InvalidParameterValue',
    });
  });

  it('keeps to a smaller maximum of the queue', async () => {
    await door.createQueue('small', { MaximumMessageSize: '1024' });
    expect(await door.send('small', { body: text(1025) })).toEqual({
      refused: 'InvalidParameterValue',
    });
  });

  it('takes a batch of 1 MiB in all and no more', async () => {
    const half = text(MEBIBYTE / 2);
    expect(await door.sendBatch('q', entries(2, half))).toEqual({ sent: ['0', '1'], failed: [] });
    expect(await door.sendBatch('q', entries(2, `${half}x`))).toEqual({
      refused: 'AWS.SimpleQueueService.BatchRequestTooLong',
    });
  });

  it.each([
    ['no entry', [], 'EmptyBatchRequest'],
    ['eleven entries', entries(11), 'TooManyEntriesInBatchRequest'],
    ['an id twice', [...entries(1), ...entries(1)], 'BatchEntryIdsNotDistinct'],
    ['an id with a dot', [{ id: 'a.b', body: 'x' }], 'InvalidBatchEntryId'],
  ])('refuses a batch with %s', async (_case, batch, code) => {
    expect(await door.sendBatch('q', batch)).toEqual({
      refused: `AWS.SimpleQueueService.${code}`,
    });
  });

  it('takes the good entries of a batch and names the bad ones', async () => {
    const bad = { id: 'bad', body: 'x', deduplicationId: 'not here' };
    expect(await door.sendBatch('q', [...entries(1), bad])).toEqual({
      sent: ['0'],
      failed: [{ id: 'bad', code: 'InvalidParameterValue' }],
    });
  });

  it('gives at most ten messages, one unless asked for more', async () => {
    await door.sendBatch('q', entries(10));
    await door.sendBatch('q', entries(2));
    expect(await door.receive('q')).toHaveLength(1);
    expect(await door.receive('q', { maxMessages: 10 })).toHaveLength(10);
    await expect(door.receive('q', { maxMessages: 11 })).rejects.toThrow('MaxNumberOfMessages');
    await expect(door.receive('q', { waitSeconds: 21 })).rejects.toThrow('WaitTimeSeconds');
  });

  it('refuses characters that XML does not have', async () => {
    expect(await door.send('q', { body: 'a\u0000b' })).toEqual({
      refused: 'InvalidMessageContents',
    });
    expect(await door.send('q', { body: 'a\uFFFEb' })).toEqual({
      refused: 'InvalidMessageContents',
    });
  });

  it.each([
    ['an unknown attribute', 'q2', { Colour: 'red' }, 'InvalidAttributeName'],
    [
      'a visibility timeout above twelve hours',
      'q2',
      { VisibilityTimeout: '43201' },
      'InvalidAttributeValue',
    ],
    ['a retention below a minute', 'q2', { MessageRetentionPeriod: '59' }, 'InvalidAttributeValue'],
    ['a number with a unit', 'q2', { DelaySeconds: '5s' }, 'InvalidAttributeValue'],
    ['FIFO without the suffix', 'q2', { FifoQueue: 'true' }, 'InvalidParameterValue'],
    ['the suffix without FIFO', 'q2.fifo', {}, 'InvalidParameterValue'],
    [
      'deduplication on a standard queue',
      'q2',
      { ContentBasedDeduplication: 'true' },
      'InvalidAttributeName',
    ],
    [
      'throughput per group with deduplication per queue',
      'q2.fifo',
      { FifoQueue: 'true', FifoThroughputLimit: 'perMessageGroupId' },
      'InvalidParameterValue',
    ],
    [
      'a dead-letter queue that is not there',
      'q2',
      { RedrivePolicy: redrive('missing') },
      'InvalidParameterValue',
    ],
    [
      'a standard dead-letter queue of a FIFO queue',
      'q2.fifo',
      { FifoQueue: 'true', RedrivePolicy: redrive('q') },
      'InvalidParameterValue',
    ],
    [
      'a maximum receive count of 0',
      'q2',
      { RedrivePolicy: redrive('q', 0) },
      'InvalidParameterValue',
    ],
  ])('refuses a queue with %s', async (_case, name, attributes, refused) => {
    expect(await door.createQueue(name, attributes)).toEqual({ refused });
  });

  it('refuses a dead-letter queue that does not allow it', async () => {
    const RedriveAllowPolicy = JSON.stringify({
      redrivePermission: 'byQueue',
      sourceQueueArns: [queueArn('friend')],
    });
    await door.createQueue('dlq', { RedriveAllowPolicy });
    const attributes = { RedrivePolicy: redrive('dlq') };
    expect(await door.createQueue('friend', attributes)).toBeUndefined();
    expect(await door.createQueue('stranger', attributes)).toEqual({
      refused: 'InvalidParameterValue',
    });
  });

  it('reads back what a queue was created with, and the defaults', async () => {
    const given = {
      FifoQueue: 'true',
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
      VisibilityTimeout: '66',
    };
    await door.createQueue('chats.fifo', given);
    expect(await door.attributes('chats.fifo')).toMatchObject({
      ...given,
      ContentBasedDeduplication: 'false',
      MessageRetentionPeriod: '345600',
      MaximumMessageSize: '1048576',
      QueueArn: queueArn('chats.fifo'),
    });
  });

  it('takes the creation of the same queue again, but not with other attributes', async () => {
    expect(await door.createQueue('q', {})).toBeUndefined();
    expect(await door.createQueue('q', { VisibilityTimeout: '31' })).toEqual({
      refused: 'QueueAlreadyExists',
    });
  });
});

describe('120,000 messages in flight', () => {
  const LIMIT = 120_000;

  it('make a standard queue refuse to receive', () => {
    const { sqs } = newModel();
    sqs.createQueue('q');
    for (let n = 0; n <= LIMIT; n += 1) sqs.sendMessage('q', { body: 'x' });
    for (let n = 0; n < LIMIT; n += 10) sqs.receiveMessages('q', { maxMessages: 10 });
    expect(() => sqs.receiveMessages('q')).toThrow('in flight');
  });

  it('make a FIFO queue give nothing', () => {
    const { sqs } = newModel();
    sqs.createQueue('q.fifo', { FifoQueue: 'true' });
    for (let n = 0; n <= LIMIT; n += 1) {
      sqs.sendMessage('q.fifo', { body: 'x', groupId: String(n), deduplicationId: String(n) });
    }
    for (let n = 0; n < LIMIT; n += 10) sqs.receiveMessages('q.fifo', { maxMessages: 10 });
    expect(sqs.receiveMessages('q.fifo')).toEqual([]);
  });
});

function redrive(target: string, maxReceiveCount = 3): string {
  return JSON.stringify({ deadLetterTargetArn: queueArn(target), maxReceiveCount });
}
