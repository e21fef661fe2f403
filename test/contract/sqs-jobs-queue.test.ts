import { SqsJobsQueue } from '#adapters/sqs/sqs-jobs-queue.ts';
import { takeJobs } from '#test/support/queued-messages.ts';
import { RecordingLog } from '#test/support/recorders.ts';
import { startSqsStage } from '#test/support/sqs-stage.ts';
import { describeJobsQueue } from './jobs-queue-suite.ts';

describeJobsQueue('SQS', async () => {
  const stage = await startSqsStage();
  stage.sqs.createQueue('jobs');
  return {
    queue: new SqsJobsQueue({
      client: stage.client,
      queueUrl: stage.urlOf('jobs'),
      random: { next: () => 0 },
      log: new RecordingLog(),
    }),
    takeReceived: async () => takeJobs(stage.sqs, 'jobs'),
    pass: (ms) => stage.clock.advanceBy(ms),
    refuse: (correlationId) => stage.refuse(`"${correlationId}"`),
    close: stage.close,
  };
});
