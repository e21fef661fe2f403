import { processorTimeoutSeconds } from '#lib/config/stages.ts';
import type { EventSourceSettings } from '#local/event-sources/event-source-settings.ts';
import type { QueueAttributes } from '#local/sqs/queue-definition.ts';
import { deployments } from '../../bin/deployments.ts';

const { processor, ringAfterSeconds } = deployments.prod;

/** A whole minute, so that the sweeper's minutes are easy to read in a trace. */
export const START_MS = 1_790_400_000_000;
export const DAY_MS = 24 * 60 * 60_000;
/** Meta redelivers for seven days; a day later everything must have come to its end. */
export const HORIZON_MS = 8 * DAY_MS;

/** The production values, and what lib/functions says of each function. */
export const SETTINGS = {
  processorTimeoutMs: processorTimeoutSeconds * 1000,
  ingestTimeoutMs: 10_000,
  eventsTimeoutMs: 20_000,
  sweeperTimeoutMs: 50_000,
  jobsTimeoutMs: 60_000,
  maxReceiveCount: processor.maxReceiveCount,
  answerDeadlineMs: processor.answerDeadlineSeconds * 1000,
  ringAfterMs: ringAfterSeconds * 1000,
} as const;

export const QUEUES = {
  chats: 'chats.fifo',
  chatDeadLetters: 'chat-dead-letters.fifo',
  events: 'events',
  jobs: 'jobs',
  jobDeadLetters: 'job-dead-letters',
  eventDeadLetters: 'event-dead-letters',
} as const;

const FIFO = {
  FifoQueue: 'true',
  DeduplicationScope: 'messageGroup',
  FifoThroughputLimit: 'perMessageGroupId',
};
const DEAD_LETTERS = { MessageRetentionPeriod: String(14 * 24 * 3600) };

/** As lib/constructs/chat-queue.ts, events-queue.ts and jobs-queue.ts have them. */
export function queueAttributes(
  arnOf: (name: string) => string,
): readonly (readonly [string, QueueAttributes])[] {
  return [
    [QUEUES.chatDeadLetters, { ...FIFO, ...DEAD_LETTERS }],
    [
      QUEUES.chats,
      {
        ...FIFO,
        VisibilityTimeout: String(processorTimeoutSeconds + 5),
        RedrivePolicy: redrive(arnOf(QUEUES.chatDeadLetters), processor.maxReceiveCount),
      },
    ],
    [QUEUES.eventDeadLetters, DEAD_LETTERS],
    [
      QUEUES.events,
      { VisibilityTimeout: '40', RedrivePolicy: redrive(arnOf(QUEUES.eventDeadLetters), 30) },
    ],
    [QUEUES.jobDeadLetters, DEAD_LETTERS],
    [
      QUEUES.jobs,
      { VisibilityTimeout: '120', RedrivePolicy: redrive(arnOf(QUEUES.jobDeadLetters), 20) },
    ],
  ];
}

function redrive(deadLetterTargetArn: string, maxReceiveCount: number): string {
  return JSON.stringify({ deadLetterTargetArn, maxReceiveCount });
}

export const RING_SOURCE: EventSourceSettings = {
  batchSize: 10,
  batchingWindowSeconds: 0,
  maximumConcurrency: processor.concurrency,
  partialResponses: true,
  filters: [],
  enabled: true,
};

export const EVENT_SOURCE: EventSourceSettings = {
  batchSize: 50,
  batchingWindowSeconds: 1,
  maximumConcurrency: 10,
  partialResponses: true,
  filters: [],
  enabled: true,
};

export const JOB_SOURCE: EventSourceSettings = {
  batchSize: 10,
  batchingWindowSeconds: 0,
  maximumConcurrency: 10,
  partialResponses: true,
  filters: [],
  enabled: true,
};
