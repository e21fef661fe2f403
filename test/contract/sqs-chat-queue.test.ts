import { SqsChatQueue } from '#adapters/sqs/sqs-chat-queue.ts';
import { SqsRingBox } from '#adapters/sqs/sqs-ring-box.ts';
import { receiveRings, takeDeadLetters } from '#test/support/queued-messages.ts';
import { RecordingLog } from '#test/support/recorders.ts';
import { startSqsStage } from '#test/support/sqs-stage.ts';
import { describeChatQueue, HOLD_MS } from './chat-queue-suite.ts';

/** As `lib/constructs/house-queue.ts` declares a FIFO queue. */
const FIFO = {
  FifoQueue: 'true',
  DeduplicationScope: 'messageGroup',
  FifoThroughputLimit: 'perMessageGroupId',
};

describeChatQueue('SQS', async () => {
  const stage = await startSqsStage();
  const { client, sqs, urlOf } = stage;
  for (const name of ['chats.fifo', 'dead-letters.fifo']) sqs.createQueue(name, FIFO);
  const queue = { client, queueUrl: urlOf('chats.fifo') };
  const deps = { random: { next: () => 0 }, log: new RecordingLog() };
  return {
    bell: new SqsChatQueue({ ...queue, ...deps }),
    ringBox: new SqsRingBox({
      ...queue,
      ...deps,
      deadLetterQueueUrl: urlOf('dead-letters.fifo'),
    }),
    peer: {
      receive: async () => receiveRings(sqs, 'chats.fifo', HOLD_MS),
      takeDeadLetters: async () => takeDeadLetters(sqs, 'dead-letters.fifo'),
      refuse: (messageKey) => stage.refuse(`"${messageKey}"`),
      loseNextAnswer: stage.loseNextAnswer,
      pass: (ms) => stage.clock.advanceBy(ms),
    },
    close: stage.close,
  };
});
