import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { queueArn, type SqsDoor } from '#test/support/sqs-door.ts';
import { SQS_DOORS } from '#test/support/sqs-doors.ts';

describe.each(SQS_DOORS)('dead letters, by %s', (_, open) => {
  let door: SqsDoor;

  beforeEach(async () => {
    door = await open();
    const redrive = (target: string) =>
      JSON.stringify({ deadLetterTargetArn: queueArn(target), maxReceiveCount: 2 });
    await door.createQueue('parked.fifo', { FifoQueue: 'true', MessageRetentionPeriod: '1209600' });
    await door.createQueue('chats.fifo', {
      FifoQueue: 'true',
      VisibilityTimeout: '60',
      RedrivePolicy: redrive('parked.fifo'),
    });
    await door.createQueue('parked', { MessageRetentionPeriod: '3600' });
    await door.createQueue('events', { VisibilityTimeout: '60', RedrivePolicy: redrive('parked') });
  });

  afterEach(() => door.close());

  const bodies = (messages: readonly { body: string }[]) => messages.map(({ body }) => body);

  async function sendChat(body: string, groupId = 'a'): Promise<void> {
    await door.send('chats.fifo', { body, groupId, deduplicationId: `${groupId}-${body}` });
  }

  /** Receives and lets the visibility end, so often. */
  async function fail(queue: string, times: number): Promise<void> {
    for (let n = 0; n < times; n += 1) {
      await door.receive(queue);
      door.clock.advanceBy(60_000);
    }
  }

  it('parks a message that was received too often, and goes on with the next of its group', async () => {
    await sendChat('poison');
    await sendChat('next');
    await fail('chats.fifo', 2);
    expect(bodies(await door.receive('chats.fifo'))).toEqual(['next']);
    const [parked] = await door.receive('parked.fifo');
    expect(parked?.body).toBe('poison');
    expect(parked?.system).toMatchObject({
      MessageGroupId: 'a',
      MessageDeduplicationId: 'a-poison',
      DeadLetterQueueSourceArn: queueArn('chats.fifo'),
      ApproximateReceiveCount: '3',
    });
  });

  it('parks only what somebody tried to receive once more', async () => {
    await sendChat('poison');
    await fail('chats.fifo', 2);
    expect(await door.attributes('parked.fifo')).toMatchObject({
      ApproximateNumberOfMessages: '0',
    });
    await door.receive('chats.fifo');
    expect(await door.attributes('parked.fifo')).toMatchObject({
      ApproximateNumberOfMessages: '1',
    });
  });

  it('leaves the other groups of a batch alone', async () => {
    await sendChat('poison', 'a');
    await fail('chats.fifo', 2);
    await sendChat('fine', 'b');
    expect(bodies(await door.receive('chats.fifo', { maxMessages: 10 }))).toEqual(['fine']);
  });

  it('keeps the age of a message parked by a standard queue', async () => {
    await door.send('events', { body: 'poison' });
    await fail('events', 2);
    await door.receive('events');
    door.clock.advanceBy(3_600_000 - 120_000 - 1);
    expect(await door.attributes('parked')).toMatchObject({ ApproximateNumberOfMessages: '1' });
    door.clock.advanceBy(1);
    expect(await door.attributes('parked')).toMatchObject({ ApproximateNumberOfMessages: '0' });
  });

  it('counts the age of a message parked by a FIFO queue anew', async () => {
    await sendChat('poison');
    await fail('chats.fifo', 2);
    const parkedAt = door.clock.now();
    await door.receive('chats.fifo');
    const [parked] = await door.receive('parked.fifo');
    expect(parked?.system['SentTimestamp']).toBe(String(parkedAt));
  });

  describe('redrive', () => {
    beforeEach(async () => {
      for (const body of ['1', '2', '3']) await sendChat(body, body);
      for (let n = 0; n < 3; n += 1) {
        await door.receive('chats.fifo', { maxMessages: 10 });
        door.clock.advanceBy(60_000);
      }
    });

    it('moves everything back to where it came from, as new messages', async () => {
      await door.startMove(queueArn('parked.fifo'));
      expect(await door.moveStatus(queueArn('parked.fifo'))).toMatchObject({
        status: 'COMPLETED',
        moved: 3,
      });
      const back = await door.receive('chats.fifo', { maxMessages: 10 });
      expect(bodies(back)).toEqual(['1', '2', '3']);
      expect(back[0]?.system).toMatchObject({ ApproximateReceiveCount: '1', MessageGroupId: '1' });
      expect(back[0]?.system).not.toHaveProperty('DeadLetterQueueSourceArn');
    });

    it('moves to another queue if told so', async () => {
      await door.createQueue('inspection.fifo', { FifoQueue: 'true' });
      await door.startMove(queueArn('parked.fifo'), queueArn('inspection.fifo'));
      expect(await door.receive('inspection.fifo', { maxMessages: 10 })).toHaveLength(3);
      expect(await door.receive('chats.fifo', { maxMessages: 10 })).toEqual([]);
    });

    it('keeps to a rate, and refuses a second task meanwhile', async () => {
      await door.startMove(queueArn('parked.fifo'), undefined, 1);
      expect(await door.moveStatus(queueArn('parked.fifo'))).toMatchObject({
        status: 'RUNNING',
        moved: 1,
      });
      expect(await door.startMove(queueArn('parked.fifo'))).toEqual({
        refused: 'AWS.SimpleQueueService.UnsupportedOperation',
      });
      door.clock.advanceBy(2_000);
      expect(await door.moveStatus(queueArn('parked.fifo'))).toMatchObject({
        status: 'COMPLETED',
        moved: 3,
      });
    });

    it('fails at a message that was sent there directly, and keeps it', async () => {
      await door.purge('parked.fifo');
      await door.send('parked.fifo', { body: 'direct', groupId: 'a', deduplicationId: 'd' });
      await door.startMove(queueArn('parked.fifo'));
      expect(await door.moveStatus(queueArn('parked.fifo'))).toMatchObject({ status: 'FAILED' });
      expect(bodies(await door.receive('parked.fifo'))).toEqual(['direct']);
    });

    it('refuses a source that is no dead-letter queue', async () => {
      expect(await door.startMove(queueArn('chats.fifo'))).toEqual({
        refused: 'InvalidParameterValue',
      });
    });
  });
});
