import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { expect, test } from 'vitest';
import { writeJobBody } from '#adapters/sqs/job-body.ts';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import type { Job } from '#app/ports/jobs.ts';
import { DONE, type JobHandlers, type JobWork } from '#app/run-job.ts';
import { type ReceiveJobsDeps, receiveJobs } from '#lambdas/jobs/receive-jobs.ts';
import { classifyAwsError } from '#runtime/aws-failure.ts';
import { aChat, TENANT_ID } from '#test/support/builders.ts';
import { RecordingLog, RecordingMetrics } from '#test/support/recorders.ts';

const context = { getRemainingTimeInMillis: () => 60_000 };

function aMemoryJob(headVersion: number): Job {
  return { kind: 'memory', chat: aChat(), headVersion, correlationId: 'request-1' };
}

const NOTICE: Job = {
  kind: 'notice',
  notice: {
    id: 'notice-1',
    tenantId: TENANT_ID,
    chat: aChat(),
    kind: 'chat.taken',
    atMs: 1,
    messageKeys: [],
    correlationId: 'request-1',
  },
};

function aBatch(bodies: readonly string[], receives = '1'): SQSEvent {
  const records = bodies.map((body, index) => ({
    messageId: `id-${index}`,
    receiptHandle: `receipt-${index}`,
    attributes: { ApproximateReceiveCount: receives },
    body,
  }));
  return { Records: records as unknown as SQSRecord[] };
}

function theDeps(handlers: JobHandlers, over: Partial<ReceiveJobsDeps> = {}) {
  const log = new RecordingLog();
  const hidden: [string, number][] = [];
  const deps: ReceiveJobsDeps = {
    handlers,
    held: {
      defer: async (held, delayMs) => {
        for (const { receiptHandle } of held) hidden.push([receiptHandle, delayMs]);
      },
    },
    classifyFailure: classifyAwsError,
    random: { next: () => 0.5 },
    pseudonyms,
    log,
    metrics: new RecordingMetrics(),
    ...over,
  };
  return { deps, log, hidden };
}

test('each job goes to whoever does its kind, with what is known of this try', async () => {
  const done: [Job, JobWork][] = [];
  const { deps } = theDeps({
    memory: async (job, work) => {
      done.push([job, work]);
      return DONE;
    },
    notice: async (job, work) => {
      done.push([job, work]);
      return DONE;
    },
  });
  const batch = aBatch([writeJobBody(aMemoryJob(1)), writeJobBody(NOTICE)], '3');
  expect(await receiveJobs(batch, context, deps)).toEqual({ batchItemFailures: [] });
  expect(done.map(([job]) => job)).toEqual([aMemoryJob(1), NOTICE]);
  for (const [, { attempt, time }] of done) {
    expect(attempt).toBe(3);
    expect(time.remainingMs()).toBeLessThan(60_000);
  }
});

test('what fails comes back alone, later the more often it failed; what asked for a delay has it', async () => {
  const { deps, hidden } = theDeps({
    memory: async ({ headVersion }) => {
      if (headVersion === 1) throw new Error('the table is busy');
      if (headVersion === 2) return { kind: 'later', delayMs: 300_000, cause: 'model:503' };
      return DONE;
    },
  });
  const bodies = [1, 2, 3].map((version) => writeJobBody(aMemoryJob(version)));
  expect(await receiveJobs(aBatch([...bodies, 'nonsense'], '4'), context, deps)).toEqual({
    batchItemFailures: [
      { itemIdentifier: 'id-0' },
      { itemIdentifier: 'id-1' },
      { itemIdentifier: 'id-3' },
    ],
  });
  expect(Object.fromEntries(hidden)).toEqual({
    'receipt-0': 8_000,
    'receipt-1': 300_000,
    'receipt-3': 8_000,
  });
});

test('a kind that nobody does waits for a release that does it', async () => {
  const { deps, log } = theDeps({});
  expect(await receiveJobs(aBatch([writeJobBody(NOTICE)]), context, deps)).toEqual({
    batchItemFailures: [{ itemIdentifier: 'id-0' }],
  });
  expect(log.lines.map(({ event, error }) => [event, (error as Error).name])).toEqual([
    ['job_failed', 'JobUnknownError'],
  ]);
});

test('jobs that cannot be handed back are failures all the same', async () => {
  const held = { defer: async () => Promise.reject(new Error('the queue is busy')) };
  const { deps } = theDeps({}, { held });
  expect(await receiveJobs(aBatch(['nonsense']), context, deps)).toEqual({
    batchItemFailures: [{ itemIdentifier: 'id-0' }],
  });
});

test('a line says which chat by its pseudonym', async () => {
  const { deps, log } = theDeps({
    memory: async () => ({ kind: 'later', delayMs: 1_000, cause: 'model:503' }),
  });
  await receiveJobs(aBatch([writeJobBody(aMemoryJob(1))]), context, deps);
  expect(log.lines[0]?.fields).toMatchObject({ chat: pseudonyms.ofChat(aChat()) });
  expect(JSON.stringify(log.lines)).not.toContain(aChat().contact);
});
