import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SqsDoor } from '#test/support/sqs-door.ts';
import { SQS_DOORS } from '#test/support/sqs-doors.ts';

const QUEUE = 'events';

describe.each(SQS_DOORS)('a standard queue, by %s', (_, open) => {
  let door: SqsDoor;

  beforeEach(async () => {
    door = await open();
    await door.createQueue(QUEUE);
  });

  afterEach(() => door.close());

  const bodies = (messages: readonly { body: string }[]) => messages.map(({ body }) => body);

  it('delivers further messages while others are in flight', async () => {
    await door.send(QUEUE, { body: '1' });
    await door.send(QUEUE, { body: '2' });
    expect(bodies(await door.receive(QUEUE))).toEqual(['1']);
    expect(bodies(await door.receive(QUEUE))).toEqual(['2']);
  });

  it('delivers a message again after thirty seconds unless told otherwise', async () => {
    await door.send(QUEUE, { body: '1' });
    const [first] = await door.receive(QUEUE);
    door.clock.advanceBy(29_999);
    expect(await door.receive(QUEUE)).toEqual([]);
    door.clock.advanceBy(1);
    const [again] = await door.receive(QUEUE);
    expect(again?.messageId).toBe(first?.messageId);
    expect(again?.receiptHandle).not.toBe(first?.receiptHandle);
    expect(again?.system['ApproximateReceiveCount']).toBe('2');
  });

  it('delivers every message again when many were received and none deleted', async () => {
    for (let n = 0; n < 25; n += 1) await door.send(QUEUE, { body: String(n) });
    for (let n = 0; n < 3; n += 1) await door.receive(QUEUE, { maxMessages: 10 });
    door.clock.advanceBy(30_000);
    const again = [];
    for (let n = 0; n < 3; n += 1) again.push(...(await door.receive(QUEUE, { maxMessages: 10 })));
    expect(new Set(bodies(again)).size).toBe(25);
  });

  it('deletes by the latest receipt handle, also when the visibility is over', async () => {
    await door.send(QUEUE, { body: '1' });
    const [first] = await door.receive(QUEUE);
    door.clock.advanceBy(30_000);
    expect(await door.delete(QUEUE, first?.receiptHandle ?? '')).toBeUndefined();
    expect(await door.receive(QUEUE)).toEqual([]);
  });

  it('takes a stale receipt handle, and deletes nothing by it', async () => {
    await door.send(QUEUE, { body: '1' });
    const [first] = await door.receive(QUEUE);
    door.clock.advanceBy(30_000);
    await door.receive(QUEUE);
    expect(await door.delete(QUEUE, first?.receiptHandle ?? '')).toBeUndefined();
    door.clock.advanceBy(30_000);
    expect(bodies(await door.receive(QUEUE))).toEqual(['1']);
  });

  it('delays a message that asks for it', async () => {
    await door.send(QUEUE, { body: 'late', delaySeconds: 5 });
    await door.send(QUEUE, { body: 'now' });
    expect(bodies(await door.receive(QUEUE, { maxMessages: 10 }))).toEqual(['now']);
    door.clock.advanceBy(5_000);
    expect(bodies(await door.receive(QUEUE))).toEqual(['late']);
  });

  it('keeps duplicates: it knows no deduplication', async () => {
    await door.send(QUEUE, { body: 'same' });
    await door.send(QUEUE, { body: 'same' });
    expect(await door.receive(QUEUE, { maxMessages: 10 })).toHaveLength(2);
  });

  it('takes a group for fairness, without holding the group back', async () => {
    await door.send(QUEUE, { body: '1', groupId: 'a' });
    await door.send(QUEUE, { body: '2', groupId: 'a' });
    const [first] = await door.receive(QUEUE);
    expect(first?.system['MessageGroupId']).toBe('a');
    expect(bodies(await door.receive(QUEUE))).toEqual(['2']);
  });

  it('refuses a deduplication id', async () => {
    expect(await door.send(QUEUE, { body: 'x', deduplicationId: 'd' })).toEqual({
      refused: 'InvalidParameterValue',
    });
  });

  it('drops what is older than its retention, also while it is in flight', async () => {
    await door.createQueue('short', { MessageRetentionPeriod: '60', VisibilityTimeout: '300' });
    await door.send('short', { body: 'old' });
    await door.receive('short');
    door.clock.advanceBy(30_000);
    await door.send('short', { body: 'young' });
    door.clock.advanceBy(30_000);
    expect(await door.attributes('short')).toMatchObject({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '0',
    });
    expect(bodies(await door.receive('short', { maxMessages: 10 }))).toEqual(['young']);
  });

  it('counts what is available, in flight and delayed', async () => {
    for (const delaySeconds of [0, 0, 0, 9]) await door.send(QUEUE, { body: 'x', delaySeconds });
    await door.receive(QUEUE);
    expect(await door.attributes(QUEUE)).toMatchObject({
      ApproximateNumberOfMessages: '2',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
    });
  });

  it('purges everything, also what is in flight, but only once a minute', async () => {
    await door.send(QUEUE, { body: '1' });
    await door.send(QUEUE, { body: '2' });
    await door.receive(QUEUE);
    await door.purge(QUEUE);
    door.clock.advanceBy(40_000);
    expect(await door.receive(QUEUE, { maxMessages: 10 })).toEqual([]);
    expect(await door.purge(QUEUE)).toEqual({
      refused: 'AWS.SimpleQueueService.PurgeQueueInProgress',
    });
    door.clock.advanceBy(20_000);
    expect(await door.purge(QUEUE)).toBeUndefined();
  });

  it('says that a queue is not there', async () => {
    expect(await door.send('nowhere', { body: 'x' })).toEqual({
      refused: 'AWS.SimpleQueueService.NonExistentQueue',
    });
  });
});
