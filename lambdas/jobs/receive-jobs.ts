import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { readJobBody } from '#adapters/sqs/job-body.ts';
import { isNewerBody } from '#adapters/sqs/json-body.ts';
import type { Random } from '#app/ports/clock.ts';
import type { ClassifyFailure } from '#app/ports/failure-classifier.ts';
import type { Job } from '#app/ports/jobs.ts';
import type { Log, LogFields } from '#app/ports/log.ts';
import type { Metrics } from '#app/ports/metrics.ts';
import type { Pseudonyms } from '#app/ports/pseudonyms.ts';
import type { HeldMessages } from '#app/ports/queues.ts';
import { type JobHandlers, runJob } from '#app/run-job.ts';
import { backoffMs } from '#domain/backoff.ts';

export interface ReceiveJobsDeps {
  readonly handlers: JobHandlers;
  readonly held: HeldMessages;
  readonly classifyFailure: ClassifyFailure;
  readonly random: Random;
  readonly pseudonyms: Pseudonyms;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Kept back from the invocation's time, so that state can still be written after the last outside call. */
const MARGIN_MS = 5_000;

/**
 * A batch of the jobs queue, side by side: no job waits for another, and one failure is only its own. What
 * is not done comes back after the delay that its handler asked for, else after one that grows with each try.
 */
export async function receiveJobs(
  { Records: records }: SQSEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
  deps: ReceiveJobsDeps,
): Promise<SQSBatchResponse> {
  const failed = await Promise.all(
    records.map(async (record) => ((await isDone(record, context, deps)) ? [] : [record])),
  );
  return {
    batchItemFailures: failed.flat().map(({ messageId }) => ({ itemIdentifier: messageId })),
  };
}

async function isDone(
  record: SQSRecord,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
  deps: ReceiveJobsDeps,
): Promise<boolean> {
  const attempt = Number(record.attributes.ApproximateReceiveCount);
  const job = readJobBody(record.body);
  if (job === 'malformed') {
    if (isNewerBody(record.body)) deps.log.warn('body_newer', { kind: 'job', attempt });
    else deps.log.error('job_malformed', { attempt });
    await handBack(record, backoffMs(attempt, deps.random.next()), deps);
    return false;
  }
  const log = deps.log.with(fieldsOf(job, deps.pseudonyms));
  const time = { remainingMs: () => context.getRemainingTimeInMillis() - MARGIN_MS };
  try {
    const outcome = await runJob(job, { attempt, time, log }, deps.handlers);
    if (outcome.kind === 'done') return true;
    deps.metrics.count('JobsDeferred');
    log.info('job_deferred', {
      kind: job.kind,
      attempt,
      delayMs: outcome.delayMs,
      cause: outcome.cause,
    });
    await handBack(record, outcome.delayMs, { ...deps, log });
  } catch (error) {
    const failure = deps.classifyFailure(error);
    log.error('job_failed', { kind: job.kind, attempt, code: failure?.code }, error);
    const delayMs = backoffMs(attempt, deps.random.next(), failure?.retryAfterMs);
    await handBack(record, delayMs, { ...deps, log });
  }
  return false;
}

async function handBack(
  record: SQSRecord,
  delayMs: number,
  { held, log }: Pick<ReceiveJobsDeps, 'held' | 'log'>,
): Promise<void> {
  try {
    await held.defer([record], delayMs);
  } catch (error) {
    // Then it stays hidden for the queue's own time: later or sooner, and no more than that.
    log.warn('jobs_not_handed_back', { code: error instanceof Error ? error.name : 'unknown' });
  }
}

function fieldsOf(job: Job, pseudonyms: Pseudonyms): LogFields {
  const { chat, correlationId } = job.kind === 'memory' ? job : job.notice;
  return {
    correlationId,
    phoneNumberId: chat.phoneNumberId,
    chat: pseudonyms.ofChat(chat),
  };
}
