import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SqsDoor } from '#test/support/sqs-door.ts';
import { SQS_DOORS } from '#test/support/sqs-doors.ts';

const QUEUE = 'chats.fifo';

/** As the application's chat queue: deduplication and throughput per group. */
const PER_GROUP = {
  FifoQueue: 'true',
  DeduplicationScope: 'messageGroup',
  FifoThroughputLimit: 'perMessageGroupId',
  VisibilityTimeout: '60',
};

describe.each(SQS_DOORS)('a FIFO queue, by %s', (_, open) => {
  let door: SqsDoor;

  beforeEach(async () => {
    door = await open();
    await door.createQueue(QUEUE, PER_GROUP);
  });

  afterEach(() => door.close());

  async function send(groupId: string, ...bodies: string[]): Promise<void> {
    for (const body of bodies) {
      await door.send(QUEUE, { body, groupId, deduplicationId: `${groupId}-${body}` });
    }
  }

  async function receive(maxMessages = 10, visibilityTimeoutSeconds?: number) {
    return door.receive(QUEUE, { maxMessages, visibilityTimeoutSeconds });
  }

  const bodies = (messages: readonly { body: string }[]) => messages.map(({ body }) => body);

  it('delivers a group in the order of sending, several messages at once', async () => {
    await send('a', '1', '2', '3');
    expect(bodies(await receive(2))).toEqual(['1', '2']);
  });

  it('fills a receive with one group before it takes of the next', async () => {
    await send('a', 'a1');
    await send('b', 'b1');
    await send('a', 'a2');
    expect(bodies(await receive())).toEqual(['a1', 'a2', 'b1']);
  });

  it('delivers nothing more of a group while one of its messages is in flight', async () => {
    await send('a', '1', '2', '3');
    const [first, second] = await receive(2);
    expect(await receive()).toEqual([]);
    await door.delete(QUEUE, first?.receiptHandle ?? '');
    expect(await receive()).toEqual([]);
    await door.delete(QUEUE, second?.receiptHandle ?? '');
    expect(bodies(await receive())).toEqual(['3']);
  });

  it('keeps a group locked when one of its held messages is let go before the others', async () => {
    await send('a', '1', '2');
    const [first, second] = await receive(2);
    await door.changeVisibility(QUEUE, first?.receiptHandle ?? '', 0);
    expect(await receive()).toEqual([]);
    await door.changeVisibility(QUEUE, second?.receiptHandle ?? '', 0);
    expect(bodies(await receive())).toEqual(['1', '2']);
  });

  it('delivers other groups while one is in flight', async () => {
    await send('a', 'a1', 'a2');
    await receive(1);
    await send('b', 'b1');
    expect(bodies(await receive())).toEqual(['b1']);
  });

  it('delivers the same message first when its visibility ends, and counts', async () => {
    await send('a', '1', '2');
    await receive(1);
    door.clock.advanceBy(59_999);
    expect(await receive()).toEqual([]);
    door.clock.advanceBy(1);
    const again = await receive();
    expect(bodies(again)).toEqual(['1', '2']);
    expect(again[0]?.system['ApproximateReceiveCount']).toBe('2');
  });

  it('unlocks a group at once by visibility 0', async () => {
    await send('a', '1', '2');
    const [first] = await receive(1);
    await door.changeVisibility(QUEUE, first?.receiptHandle ?? '', 0);
    expect(bodies(await receive())).toEqual(['1', '2']);
  });

  it('holds a message longer when its visibility is extended', async () => {
    await send('a', '1');
    const [first] = await receive(1);
    door.clock.advanceBy(50_000);
    await door.changeVisibility(QUEUE, first?.receiptHandle ?? '', 100);
    door.clock.advanceBy(99_999);
    expect(await receive()).toEqual([]);
    door.clock.advanceBy(1);
    expect(bodies(await receive())).toEqual(['1']);
  });

  it('refuses to hide a message for more than twelve hours in all', async () => {
    await send('a', '1');
    const [first] = await receive(1, 3600);
    door.clock.advanceBy(1_000);
    const handle = first?.receiptHandle ?? '';
    expect(await door.changeVisibility(QUEUE, handle, 43_200)).toEqual({
      refused: 'InvalidParameterValue',
    });
    expect(await door.changeVisibility(QUEUE, handle, 43_199)).toBeUndefined();
  });

  it('refuses to change the visibility of what is not in flight', async () => {
    await send('a', '1');
    const [first] = await receive(1);
    door.clock.advanceBy(60_000);
    expect(await door.changeVisibility(QUEUE, first?.receiptHandle ?? '', 10)).toEqual({
      refused: 'AWS.SimpleQueueService.MessageNotInflight',
    });
  });

  it('does not delete by a receipt handle that has expired', async () => {
    await send('a', '1');
    const [first] = await receive(1);
    door.clock.advanceBy(60_000);
    const handle = first?.receiptHandle ?? '';
    expect(await door.delete(QUEUE, handle)).toEqual({ refused: 'InvalidParameterValue' });
    expect(bodies(await receive())).toEqual(['1']);
    expect(await door.delete(QUEUE, handle)).toEqual({ refused: 'InvalidParameterValue' });
  });

  it('takes the deletion of what is deleted already', async () => {
    await send('a', '1');
    const [first] = await receive(1);
    await door.delete(QUEUE, first?.receiptHandle ?? '');
    expect(await door.delete(QUEUE, first?.receiptHandle ?? '')).toBeUndefined();
  });

  it('refuses a receipt handle that is none', async () => {
    expect(await door.delete(QUEUE, 'nonsense')).toEqual({ refused: 'ReceiptHandleIsInvalid' });
  });

  it('numbers messages in rising order, and tells group and deduplication id', async () => {
    await send('a', '1', '2');
    const [first, second] = await receive();
    expect(first?.system).toMatchObject({ MessageGroupId: 'a', MessageDeduplicationId: 'a-1' });
    const [low = '', high = ''] = [first, second].map((each) => each?.system['SequenceNumber']);
    expect(low).toMatch(/^\d{20}$/);
    expect(high > low).toBe(true);
  });

  it('delays all messages by the queue, and keeps their order', async () => {
    await door.createQueue('slow.fifo', { ...PER_GROUP, DelaySeconds: '10' });
    const message = { groupId: 'a', body: '1' };
    await door.send('slow.fifo', { ...message, deduplicationId: '1' });
    door.clock.advanceBy(5_000);
    await door.send('slow.fifo', { ...message, body: '2', deduplicationId: '2' });
    door.clock.advanceBy(4_999);
    expect(await door.receive('slow.fifo')).toEqual([]);
    door.clock.advanceBy(1);
    expect(bodies(await door.receive('slow.fifo', { maxMessages: 10 }))).toEqual(['1']);
  });

  it.each([
    ['no group', { body: 'x', deduplicationId: '1' }, 'MissingParameter'],
    ['no deduplication id', { body: 'x', groupId: 'a' }, 'InvalidParameterValue'],
    [
      'a delay of its own',
      { body: 'x', groupId: 'a', deduplicationId: '1', delaySeconds: 1 },
      'InvalidParameterValue',
    ],
    [
      'a group with a space',
      { body: 'x', groupId: 'a b', deduplicationId: '1' },
      'InvalidParameterValue',
    ],
    [
      'a deduplication id of 129 characters',
      { body: 'x', groupId: 'a', deduplicationId: 'x'.repeat(129) },
      'InvalidParameterValue',
    ],
  ])('refuses a message with %s', async (_case, message, refused) => {
    expect(await door.send(QUEUE, message)).toEqual({ refused });
  });
});

describe.each(SQS_DOORS)('deduplication, by %s', (_, open) => {
  let door: SqsDoor;

  beforeEach(async () => {
    door = await open();
    await door.createQueue(QUEUE, PER_GROUP);
  });

  afterEach(() => door.close());

  const message = { body: 'hello', groupId: 'a', deduplicationId: 'd' };
  const count = async (queue = QUEUE) =>
    Number((await door.attributes(queue))['ApproximateNumberOfMessages']);

  it('answers a duplicate as it answered the first, and keeps one', async () => {
    const first = await door.send(QUEUE, message);
    expect(await door.send(QUEUE, { ...message, body: 'other' })).toEqual(first);
    expect(await count()).toBe(1);
  });

  it('drops a duplicate also after the first was deleted', async () => {
    await door.send(QUEUE, message);
    const [received] = await door.receive(QUEUE);
    await door.delete(QUEUE, received?.receiptHandle ?? '');
    await door.send(QUEUE, message);
    expect(await count()).toBe(0);
  });

  it('takes the same id again after five minutes', async () => {
    await door.send(QUEUE, message);
    door.clock.advanceBy(299_999);
    await door.send(QUEUE, message);
    expect(await count()).toBe(1);
    door.clock.advanceBy(1);
    await door.send(QUEUE, message);
    expect(await count()).toBe(2);
  });

  it('takes the same id in another group where the scope is the group', async () => {
    await door.send(QUEUE, message);
    await door.send(QUEUE, { ...message, groupId: 'b' });
    expect(await count()).toBe(2);
  });

  it('drops the same id in another group where the scope is the queue', async () => {
    await door.createQueue('scoped.fifo', { FifoQueue: 'true' });
    await door.send('scoped.fifo', message);
    await door.send('scoped.fifo', { ...message, groupId: 'b' });
    expect(await count('scoped.fifo')).toBe(1);
  });

  it('goes by the body, not the attributes, where it is content-based', async () => {
    await door.createQueue('content.fifo', {
      FifoQueue: 'true',
      ContentBasedDeduplication: 'true',
    });
    const attributes = { kind: { dataType: 'String', stringValue: 'x' } };
    await door.send('content.fifo', { body: 'one', groupId: 'a' });
    await door.send('content.fifo', { body: 'one', groupId: 'a', attributes });
    await door.send('content.fifo', { body: 'two', groupId: 'a' });
    await door.send('content.fifo', { body: 'two', groupId: 'a', deduplicationId: 'explicit' });
    expect(await count('content.fifo')).toBe(3);
  });

  it('also drops duplicates within and across batches', async () => {
    const entry = (id: string, groupId: string) => ({ ...message, id, groupId });
    const first = await door.sendBatch(QUEUE, [entry('1', 'a'), entry('2', 'a'), entry('3', 'b')]);
    expect(first).toEqual({ sent: ['1', '2', '3'], failed: [] });
    await door.sendBatch(QUEUE, [entry('1', 'b')]);
    expect(await count()).toBe(2);
  });
});
