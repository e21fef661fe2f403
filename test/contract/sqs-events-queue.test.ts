import { SqsEventsQueue } from '#adapters/sqs/sqs-events-queue.ts';
import { takeEnvelopes } from '#test/support/queued-messages.ts';
import { RecordingLog } from '#test/support/recorders.ts';
import { startSqsStage } from '#test/support/sqs-stage.ts';
import { describeEventsQueue } from './events-queue-suite.ts';

describeEventsQueue('SQS', async () => {
  const stage = await startSqsStage();
  stage.sqs.createQueue('events');
  return {
    queue: new SqsEventsQueue({
      client: stage.client,
      queueUrl: stage.urlOf('events'),
      random: { next: () => 0 },
      log: new RecordingLog(),
    }),
    peer: {
      takeReceived: async () => takeEnvelopes(stage.sqs, 'events'),
      // With its quotes, so that `request-1` does not mean `request-10` too.
      refuse: (correlationId) => stage.refuse(`"${correlationId}"`),
      loseNextAnswer: stage.loseNextAnswer,
    },
    close: stage.close,
  };
});
