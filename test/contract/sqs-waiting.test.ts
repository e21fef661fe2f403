import { beforeEach, describe, expect, it } from 'vitest';
import type { VirtualClock } from '#local/clock.ts';
import type { SqsModel } from '#local/sqs/sqs-model.ts';
import { newModel } from '#test/support/sqs-door.ts';
import { sdkDoor } from '#test/support/sqs-sdk-door.ts';

const QUEUE = 'chats.fifo';

let clock: VirtualClock;
let sqs: SqsModel;

beforeEach(() => {
  ({ clock, sqs } = newModel());
  sqs.createQueue(QUEUE, { FifoQueue: 'true', VisibilityTimeout: '60' });
});

function send(body: string, groupId = 'a'): void {
  sqs.sendMessage(QUEUE, { body, groupId, deduplicationId: `${groupId}-${body}` });
}

describe('a long poll', () => {
  /** Remembers at what time which bodies came. */
  function poll(waitSeconds = 20) {
    const outcome: { atMs?: number; bodies?: string[] } = {};
    const done = sqs.receive(QUEUE, { waitSeconds, maxMessages: 10 }).then((messages) => {
      outcome.atMs = clock.now();
      outcome.bodies = messages.map(({ body }) => body);
      return messages;
    });
    return { outcome, done };
  }

  it('answers at once where there is something', async () => {
    send('1');
    const { done, outcome } = poll();
    await done;
    expect(outcome.bodies).toEqual(['1']);
  });

  it('answers when a message is sent', async () => {
    const { done, outcome } = poll();
    clock.advanceBy(5_000);
    send('1');
    await done;
    expect(outcome.bodies).toEqual(['1']);
  });

  it('answers when a deletion unlocks a group', async () => {
    send('1');
    send('2');
    const [first] = sqs.receiveMessages(QUEUE);
    const { done, outcome } = poll();
    sqs.deleteMessage(QUEUE, first?.receiptHandle ?? '');
    await done;
    expect(outcome.bodies).toEqual(['2']);
  });

  it('answers when the visibility of a message ends', async () => {
    send('1');
    sqs.receiveMessages(QUEUE, { visibilityTimeoutSeconds: 7 });
    const startMs = clock.now();
    const { done, outcome } = poll();
    clock.advanceTo(startMs + 7_000);
    await done;
    expect(outcome).toEqual({ atMs: startMs + 7_000, bodies: ['1'] });
  });

  it('answers when a message is let go', async () => {
    send('1');
    const [first] = sqs.receiveMessages(QUEUE);
    const { done, outcome } = poll();
    sqs.changeMessageVisibility(QUEUE, first?.receiptHandle ?? '', 0);
    await done;
    expect(outcome.bodies).toEqual(['1']);
  });

  it('answers nothing when its time is over', async () => {
    const { done, outcome } = poll(20);
    clock.advanceBy(19_999);
    await Promise.resolve();
    expect(outcome).toEqual({});
    clock.advanceBy(1);
    await done;
    expect(outcome.bodies).toEqual([]);
  });

  it('waits as long as the queue says where it says nothing itself', async () => {
    sqs.createQueue('patient', { ReceiveMessageWaitTimeSeconds: '3' });
    const done = sqs.receive('patient');
    clock.advanceBy(2_999);
    sqs.sendMessage('patient', { body: 'just in time' });
    expect((await done)[0]?.body).toBe('just in time');
  });

  it('is served first come first served, and the others go on waiting', async () => {
    const [first, second, third] = [poll(), poll(), poll()];
    send('1', 'a');
    await first.done;
    send('2', 'b');
    await second.done;
    expect([first.outcome.bodies, second.outcome.bodies]).toEqual([['1'], ['2']]);
    expect(third.outcome).toEqual({});
  });

  it('wakes for a message that another queue parks', async () => {
    const deadLetterTargetArn = sqs.arnOf(QUEUE);
    sqs.createQueue('source.fifo', {
      FifoQueue: 'true',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 }),
    });
    const { done, outcome } = poll();
    sqs.sendMessage('source.fifo', { body: 'poison', groupId: 'a', deduplicationId: '1' });
    sqs.receiveMessages('source.fifo', { visibilityTimeoutSeconds: 0 });
    sqs.receiveMessages('source.fifo');
    await done;
    expect(outcome.bodies).toEqual(['poison']);
  });

  it('ends with nothing when the model closes', async () => {
    const { done } = poll();
    sqs.close();
    expect(await done).toEqual([]);
  });

  it('answers over HTTP too', async () => {
    const door = await sdkDoor({ clock, sqs });
    const waiting = door.receive(QUEUE, { waitSeconds: 20 });
    await door.send(QUEUE, { body: '1', groupId: 'a', deduplicationId: '1' });
    expect((await waiting)[0]?.body).toBe('1');
    await door.close();
  });
});

describe('a listener', () => {
  /** Receives whatever it is told of, as an event source mapping does. */
  function consume(maxMessages = 10): string[] {
    const bodies: string[] = [];
    sqs.onAvailable(QUEUE, () => {
      bodies.push(...sqs.receiveMessages(QUEUE, { maxMessages }).map(({ body }) => body));
    });
    return bodies;
  }

  it('hears of a message as it is sent', () => {
    const bodies = consume();
    send('1');
    expect(bodies).toEqual(['1']);
  });

  it('hears of a batch once, so that it can take it as one', () => {
    const batches: number[] = [];
    sqs.onAvailable(QUEUE, () => {
      batches.push(sqs.receiveMessages(QUEUE, { maxMessages: 10 }).length);
    });
    const entries = ['1', '2', '3'].map((id) => ({
      id,
      body: id,
      groupId: id,
      deduplicationId: id,
    }));
    sqs.sendMessageBatch(QUEUE, entries);
    expect(batches).toEqual([3]);
  });

  it('hears when the visibility of a message ends, by the clock alone', () => {
    const bodies = consume();
    send('1');
    clock.advanceBy(60_000);
    expect(bodies).toEqual(['1', '1']);
  });

  it('hears of a visibility that was shortened', () => {
    const handles: string[] = [];
    sqs.onAvailable(QUEUE, () => {
      handles.push(...sqs.receiveMessages(QUEUE).map(({ receiptHandle }) => receiptHandle));
    });
    send('1');
    sqs.changeMessageVisibility(QUEUE, handles[0] ?? '', 5);
    clock.advanceBy(5_000);
    expect(handles).toHaveLength(2);
  });

  it('hears no more once it has said so', () => {
    const heard: string[] = [];
    const stop = sqs.onAvailable(QUEUE, () => heard.push('available'));
    stop();
    send('1');
    expect(heard).toEqual([]);
  });

  it('leaves nothing scheduled when all is done', () => {
    sqs.onAvailable(QUEUE, () => {
      for (const each of sqs.receiveMessages(QUEUE)) sqs.deleteMessage(QUEUE, each.receiptHandle);
    });
    send('1');
    expect(clock.nextDueMs).toBeUndefined();
  });
});

describe('an onlooker', () => {
  it('sees every message and how it stands, and changes nothing', () => {
    sqs.createQueue('q');
    sqs.sendMessage('q', { body: 'held' });
    sqs.receiveMessages('q', { visibilityTimeoutSeconds: 10 });
    sqs.sendMessage('q', { body: 'late', delaySeconds: 5 });
    sqs.sendMessage('q', { body: 'waiting' });
    const seen = sqs.peek('q');
    expect(seen.map(({ body, state, receiveCount }) => [body, state, receiveCount])).toEqual([
      ['held', 'in-flight', 1],
      ['late', 'delayed', 0],
      ['waiting', 'available', 0],
    ]);
    expect(sqs.peek('q')).toEqual(seen);
  });
});
