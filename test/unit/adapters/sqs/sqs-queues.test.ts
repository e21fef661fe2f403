import type { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { readEnvelopeBody } from '#adapters/sqs/envelope-body.ts';
import { readJobBody } from '#adapters/sqs/job-body.ts';
import { readRingBody } from '#adapters/sqs/ring-body.ts';
import { SqsChatQueue } from '#adapters/sqs/sqs-chat-queue.ts';
import { SqsEventsQueue } from '#adapters/sqs/sqs-events-queue.ts';
import { SqsJobsQueue } from '#adapters/sqs/sqs-jobs-queue.ts';
import type { EventEnvelope, Ring } from '#app/ports/queues.ts';
import { aChat } from '#test/support/builders.ts';
import { RecordingLog } from '#test/support/recorders.ts';
import { type SentCommand, stubClient } from '#test/support/stub-client.ts';

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

const random = { next: () => 0 };

function aRing(index: number, over: Partial<Ring> = {}): Ring {
  const messageKey = `179040000${index}000#wamid.A`;
  return { chat: aChat(), messageKey, number: 0, correlationId: 'r', ...over };
}

function anEnvelope(payload: unknown): EventEnvelope {
  return {
    kind: 'event',
    field: 'account_update',
    accountId: '7001',
    phoneNumberId: undefined,
    payload,
    receivedAtMs: 1,
    correlationId: 'r',
  };
}

function entriesOf(sent: readonly SentCommand[]): readonly Entry[] {
  return sent.flatMap((command): readonly Entry[] => command.input.Entries);
}

function aBell(answer: (command: SentCommand) => unknown) {
  const stub = stubClient(answer);
  const log = new RecordingLog();
  const bell = new SqsChatQueue({ client: stub.as<SQSClient>(), queueUrl: 'url', random, log });
  return { sent: stub.sent, log, bell };
}

function anEventsQueue(answer: (command: SentCommand) => unknown) {
  const stub = stubClient(answer);
  const log = new RecordingLog();
  const queue = new SqsEventsQueue({ client: stub.as<SQSClient>(), queueUrl: 'url', random, log });
  return { sent: stub.sent, queue };
}

describe('SqsChatQueue', () => {
  it('rings for every message, at most ten in a call', async () => {
    const { sent, bell } = aBell(() => ({}));
    const rings = Array.from({ length: 23 }, (_, index) => aRing(index));
    expect(await bell.ring(rings)).toEqual([]);
    expect(sent.map((command) => command.input.Entries.length).sort()).toEqual([10, 10, 3]);
    const bodies = entriesOf(sent).map((entry) => readRingBody(entry.MessageBody));
    expect(bodies).toEqual(rings);
  });

  it('puts the rings of one chat in one group, and those of two in two', async () => {
    const { sent, bell } = aBell(() => ({}));
    await bell.ring([aRing(1), aRing(2), aRing(3, { chat: aChat('34600999888') })]);
    const [one, two, other] = entriesOf(sent).map((entry) => entry.MessageGroupId);
    expect(one).toBe(two);
    expect(other).not.toBe(one);
    expect(one).toMatch(/^[0-9a-f]{64}$/);
  });

  it('tells the sweeper’s ring from the first one, and a repeated ring from none', async () => {
    const { sent, bell } = aBell(() => ({}));
    await bell.ring([aRing(1), aRing(1), aRing(1, { number: 1 })]);
    const [first, again, swept] = entriesOf(sent).map((entry) => entry.MessageDeduplicationId);
    expect(again).toBe(first);
    expect(swept).not.toBe(first);
  });

  it('sends again what the queue refused for the moment', async () => {
    let calls = 0;
    const { sent, log, bell } = aBell(() => {
      calls += 1;
      return calls < 3 ? { Failed: [{ Id: '1', SenderFault: false }] } : {};
    });
    expect(await bell.ring([aRing(0), aRing(1), aRing(2)])).toEqual([]);
    expect(sent.map((command) => command.input.Entries.length)).toEqual([3, 1, 1]);
    expect(log.lines).toEqual([]);
  });

  it('gives back what the queue goes on refusing', async () => {
    const refused = aRing(1);
    const { bell } = aBell(() => ({ Failed: [{ Id: '1', SenderFault: false }] }));
    expect(await bell.ring([aRing(0), refused])).toEqual([refused]);
  });

  it('does not repeat a ring that the queue will never take', async () => {
    const refused = aRing(0);
    const { sent, bell } = aBell(() => ({ Failed: [{ Id: '0', SenderFault: true }] }));
    expect(await bell.ring([refused])).toEqual([refused]);
    expect(sent).toHaveLength(1);
  });

  it('gives back the rings of a call that failed, and only those', async () => {
    const { bell } = aBell(({ input }) => {
      if (input.Entries[0].Id === '0') throw new Error('connection reset');
      return {};
    });
    const rings = Array.from({ length: 12 }, (_, index) => aRing(index));
    expect(await bell.ring(rings)).toEqual(rings.slice(0, 10));
  });

  it('logs once a call why the queue did not take a ring', async () => {
    const { log, bell } = aBell(({ input }) => {
      if (input.Entries[0].Id === '0') throw new Error('connection reset');
      return { Failed: [{ Id: '11', SenderFault: true, Code: 'InvalidMessageContents' }] };
    });
    await bell.ring(Array.from({ length: 12 }, (_, index) => aRing(index)));
    expect(log.lines).toEqual([
      {
        level: 'error',
        event: 'write_refused',
        fields: { store: 'sqs', messages: 11 },
        error: new Error('connection reset'),
      },
    ]);
  });

  it('logs the code with which the queue refused a ring', async () => {
    const failed = { Id: '0', SenderFault: true, Code: 'InvalidMessageContents' };
    const { log, bell } = aBell(() => ({ Failed: [failed] }));
    await bell.ring([aRing(0)]);
    expect(String(log.lines[0]?.error)).toContain('InvalidMessageContents');
  });

  it('makes no call where nothing is to be rung', async () => {
    const { sent, bell } = aBell(() => ({}));
    expect(await bell.ring([])).toEqual([]);
    expect(sent).toEqual([]);
  });
});

describe('SqsEventsQueue', () => {
  it('sends every event, within the bytes that a call may have', async () => {
    const { sent, queue } = anEventsQueue(() => ({}));
    const payloads = Array.from({ length: 9 }, (_, index) => `${index}`.repeat(300_000));
    expect(await queue.send(payloads.map(anEnvelope))).toBe(0);
    for (const { input } of sent) {
      const bytes = input.Entries.map((entry: Entry) => Buffer.byteLength(entry.MessageBody));
      expect(bytes.reduce((sum: number, each: number) => sum + each, 0)).toBeLessThan(1_048_576);
    }
    const read = entriesOf(sent).map((entry) => readEnvelopeBody(entry.MessageBody));
    expect(read).toEqual(payloads.map(anEnvelope));
  });

  it('keeps the fact of an event that no message can hold', async () => {
    const { sent, queue } = anEventsQueue(() => ({}));
    expect(await queue.send([anEnvelope('é'.repeat(600_000))])).toBe(0);
    const [entry] = entriesOf(sent);
    expect(readEnvelopeBody(entry?.MessageBody ?? '')).toMatchObject({
      field: 'account_update',
      payload: { truncated: true, bytes: expect.any(Number) },
    });
  });

  it('counts what was not taken', async () => {
    const { queue } = anEventsQueue(() => {
      throw new Error('no answer');
    });
    expect(await queue.send([anEnvelope(1), anEnvelope(2)])).toBe(2);
  });
});

describe('SqsJobsQueue', () => {
  const job = { kind: 'memory', chat: aChat(), headVersion: 3, correlationId: 'r' } as const;

  function aJobsQueue(answer: (command: SentCommand) => unknown) {
    const stub = stubClient(answer);
    const client = stub.as<SQSClient>();
    const queue = new SqsJobsQueue({ client, queueUrl: 'url', random, log: new RecordingLog() });
    return { sent: stub.sent, queue };
  }

  it.each([
    [undefined, 0],
    [90, 90],
    [1_000, 900],
  ])('sends jobs that are to wait %s seconds with a delay of %i', async (asked, delay) => {
    const { sent, queue } = aJobsQueue(() => ({}));
    expect(await queue.send([job], asked)).toBe(0);
    const [entry] = entriesOf(sent);
    expect(entry).toMatchObject({ DelaySeconds: delay });
    expect(readJobBody(entry?.MessageBody ?? '')).toEqual(job);
  });

  it('counts what was not taken', async () => {
    const { queue } = aJobsQueue(() => ({ Failed: [{ Id: '1', SenderFault: true }] }));
    expect(await queue.send([job, job])).toBe(1);
  });
});
