import { describe, expect, it } from 'vitest';
import { backoffMs } from '#domain/backoff.ts';
import { evidenceWaitMs } from '#domain/conversation/turn.ts';
import { MOST_TRIES, waitAfterTryMs } from '#domain/notice/retry-schedule.ts';
import { jobsConcurrency } from '#lib/functions/jobs-function.ts';
import { deployments } from '../../bin/deployments.ts';
import { synthesizeStage } from '../support/template.ts';
import { alarmNamed, alarmsOf } from '../support/template-alarms.ts';
import { functionsOf } from '../support/template-functions.ts';
import { inWords, nameOf } from '../support/template-text.ts';

const HOUR_MS = 3_600_000;

/** Of a message, by SQS. */
const LONGEST_DELAY_MS = 15 * 60_000;

const templates = synthesizeStage('prod');
const { service } = templates;
const queues = service.findResources('AWS::SQS::Queue');

function queue(name: string) {
  const found = Object.entries(queues).find(([id]) => nameOf(id) === name)?.[1];
  if (!found) throw new Error(`no queue ${name}`);
  return found['Properties'];
}

function eventSource(name: string) {
  const sources = service.findResources('AWS::Lambda::EventSourceMapping');
  const found = Object.entries(sources).find(([id]) => nameOf(id) === name)?.[1];
  if (!found) throw new Error(`no event source mapping ${name}`);
  return found['Properties'];
}

it('has three queues, and a dead-letter queue for each', () => {
  expect(Object.keys(queues).map(nameOf).sort()).toEqual([
    'ChatsDeadLetters',
    'ChatsQueue',
    'EventsDeadLetters',
    'EventsQueue',
    'JobsDeadLetters',
    'JobsQueue',
  ]);
});

describe('the chat queue', () => {
  const highThroughputFifo = {
    FifoQueue: true,
    ContentBasedDeduplication: false,
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
  };

  it('is FIFO in high-throughput mode, with duplicates counted per chat', () => {
    expect(queue('ChatsQueue')).toMatchObject(highThroughputFifo);
  });

  it('hides a ring just longer than the processor may take', () => {
    const timeout = functionsOf(templates).get('processor')?.properties.Timeout;
    expect(queue('ChatsQueue').VisibilityTimeout).toBe(timeout + 5);
  });

  it('parks a ring after the number of receives that the processor knows', () => {
    const { deadLetterTargetArn, maxReceiveCount } = queue('ChatsQueue').RedrivePolicy;
    expect(inWords(templates, deadLetterTargetArn)).toBe('ChatsDeadLetters.Arn');
    const environment = functionsOf(templates).get('processor')?.properties.Environment.Variables;
    expect(environment.CHAT_MAX_RECEIVE_COUNT).toBe(String(maxReceiveCount));
    expect(maxReceiveCount).toBe(deployments.prod.processor.maxReceiveCount);
  });

  it('parks into a FIFO queue that keeps rings for 14 days', () => {
    expect(queue('ChatsDeadLetters')).toMatchObject({
      ...highThroughputFifo,
      MessageRetentionPeriod: 14 * 24 * 3600,
    });
  });

  it('feeds the processor ten rings at a time and hears which of them failed', () => {
    const source = eventSource('ProcessorRings');
    expect(inWords(templates, source.EventSourceArn)).toBe('ChatsQueue.Arn');
    expect(inWords(templates, source.FunctionName)).toBe('ProcessorLiveAlias:live');
    expect(source).toMatchObject({
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    expect(source.MaximumBatchingWindowInSeconds).toBeUndefined();
  });

  it('never polls for more batches than the processor has reserved', () => {
    const reserved =
      functionsOf(templates).get('processor')?.properties.ReservedConcurrentExecutions;
    expect(reserved).toBe(deployments.prod.processor.concurrency);
    expect(eventSource('ProcessorRings').ScalingConfig).toEqual({ MaximumConcurrency: reserved });
  });
});

it('tells the operator’s command where the chats’ queues are', () => {
  const outputs = Object.entries(service.findOutputs('*')).map(([name, { Value: value }]) => [
    name,
    value.Ref === undefined ? undefined : nameOf(value.Ref),
  ]);
  expect(Object.fromEntries(outputs)).toMatchObject({
    ChatQueueUrl: 'ChatsQueue',
    ChatDeadLetterQueueUrl: 'ChatsDeadLetters',
  });
});

describe('the events queue', () => {
  it('is a standard queue that shows an envelope of a dead invocation again while the proof in it is waited for', () => {
    const timeout = functionsOf(templates).get('events')?.properties.Timeout;
    expect(queue('EventsQueue').FifoQueue).toBeUndefined();
    expect(queue('EventsQueue').VisibilityTimeout).toBe(2 * timeout);
    expect(2 * timeout * 1_000).toBeLessThan(evidenceWaitMs(0));
  });

  it('parks into a standard queue that keeps envelopes for 14 days', () => {
    const { deadLetterTargetArn, maxReceiveCount } = queue('EventsQueue').RedrivePolicy;
    expect(inWords(templates, deadLetterTargetArn)).toBe('EventsDeadLetters.Arn');
    expect(maxReceiveCount).toBe(30);
    expect(queue('EventsDeadLetters').FifoQueue).toBeUndefined();
    expect(queue('EventsDeadLetters').MessageRetentionPeriod).toBe(14 * 24 * 3600);
  });

  it('gives up within an hour on what fails again and again, of which its age says nothing', () => {
    const { maxReceiveCount } = queue('EventsQueue').RedrivePolicy;
    const longestWaitMs = backoffMs(maxReceiveCount, 1);
    expect(maxReceiveCount * longestWaitMs).toBeLessThanOrEqual(HOUR_MS);
  });

  it('feeds the events function in batches and hears which envelopes failed', () => {
    const source = eventSource('EventsWorkerEnvelopes');
    expect(inWords(templates, source.EventSourceArn)).toBe('EventsQueue.Arn');
    expect(inWords(templates, source.FunctionName)).toBe('EventsWorkerFunction');
    expect(source).toMatchObject({
      BatchSize: 50,
      MaximumBatchingWindowInSeconds: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 10 },
    });
  });
});

describe('the jobs queue', () => {
  it('is a standard queue that shows a job of a dead invocation again when that is surely dead', () => {
    const timeout = functionsOf(templates).get('jobs')?.properties.Timeout;
    expect(queue('JobsQueue').FifoQueue).toBeUndefined();
    expect(queue('JobsQueue').VisibilityTimeout).toBe(2 * timeout);
  });

  it('parks into a standard queue that keeps jobs for 14 days', () => {
    const { deadLetterTargetArn, maxReceiveCount } = queue('JobsQueue').RedrivePolicy;
    expect(inWords(templates, deadLetterTargetArn)).toBe('JobsDeadLetters.Arn');
    expect(maxReceiveCount).toBe(20);
    expect(queue('JobsDeadLetters').FifoQueue).toBeUndefined();
    expect(queue('JobsDeadLetters').MessageRetentionPeriod).toBe(14 * 24 * 3600);
  });

  it('gives up within an hour on what breaks it, and on a notice once its tries are used up', () => {
    const { maxReceiveCount } = queue('JobsQueue').RedrivePolicy;
    const longestWaitMs = backoffMs(maxReceiveCount, 1);
    expect(maxReceiveCount * longestWaitMs).toBeLessThanOrEqual(HOUR_MS);
    expect(MOST_TRIES).toBeLessThan(maxReceiveCount);
  });

  it('is said to stand still by what is older than a job can be that SQS counts and we put off', () => {
    // SQS counts for the age what was received up to three times.
    const waits = [1, 2, 3].map((tries) => waitAfterTryMs(tries, 1) ?? 0);
    const putOffMs = LONGEST_DELAY_MS + waits.reduce((sum, each) => sum + each, 0);
    const { Threshold } = alarmNamed(alarmsOf(templates), 'jobs-oldest-job').properties;
    expect(Threshold).toBe(3600);
    expect(putOffMs).toBeLessThan((Threshold * 1000) / 2);
  });

  it('feeds the jobs function in batches and hears which jobs failed', () => {
    const source = eventSource('JobsWorkerJobs');
    expect(inWords(templates, source.EventSourceArn)).toBe('JobsQueue.Arn');
    expect(inWords(templates, source.FunctionName)).toBe('JobsWorkerFunction');
    expect(source).toMatchObject({
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: deployments.prod.processor.concurrency / 2 },
    });
  });

  it('lets jobs keep up with the processor, and never crowd out ingest', () => {
    expect([2, 100, 200, 1_000].map(jobsConcurrency)).toEqual([10, 50, 100, 100]);
  });
});

describe.each(Object.keys(queues).map(nameOf))('%s', (name) => {
  it('is encrypted', () => {
    expect(queue(name).SqsManagedSseEnabled).toBe(true);
  });

  it('refuses whoever does not come over TLS', () => {
    const policies = Object.values(service.findResources('AWS::SQS::QueuePolicy')).filter(
      ({ Properties }) => inWords(templates, Properties.Queues[0]) === name,
    );
    expect(policies).toHaveLength(1);
    expect(policies[0]?.['Properties'].PolicyDocument.Statement).toEqual([
      {
        Action: 'sqs:*',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        Resource: expect.anything(),
      },
    ]);
  });
});
