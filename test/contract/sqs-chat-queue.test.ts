import { readRingBody } from '#adapters/sqs/ring-body.ts';
import { SqsChatQueue } from '#adapters/sqs/sqs-chat-queue.ts';
import { SqsRingBox } from '#adapters/sqs/sqs-ring-box.ts';
import type { Ring } from '#app/ports/queues.ts';
import { RecordingLog } from '#test/support/recorders.ts';
import { startSqsStage, TEN } from '#test/support/sqs-stage.ts';
import { describeChatQueue, HOLD_MS } from './chat-queue-suite.ts';

/** As `lib/constructs/house-queue.ts` declares a FIFO queue. */
const FIFO = {
  FifoQueue: 'true',
  DeduplicationScope: 'messageGroup',
  FifoThroughputLimit: 'perMessageGroupId',
  VisibilityTimeout: String(HOLD_MS / 1_000),
};

function ringIn(body: string): Ring {
  const ring = readRingBody(body);
  if (ring === 'malformed') throw new Error(`No ring: ${body}`);
  return ring;
}

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
      receive: async () =>
        sqs
          .receiveMessages('chats.fifo', TEN)
          .map(({ body, receiptHandle, messageId, receiveCount }) => ({
            ring: ringIn(body),
            receiptHandle,
            messageId,
            receiveCount,
          })),
      takeDeadLetters: async () =>
        stage.takeAll('dead-letters.fifo').map(({ body, attributes }) => ({
          ring: ringIn(body),
          parking: Object.fromEntries(
            Object.entries(attributes).map(([name, { stringValue }]) => [name, stringValue]),
          ),
        })),
      refuse: (messageKey) => stage.refuse(`"${messageKey}"`),
      loseNextAnswer: stage.loseNextAnswer,
      pass: (ms) => stage.clock.advanceBy(ms),
    },
    close: stage.close,
  };
});
