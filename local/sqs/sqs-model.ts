import { type BatchResult, forEachEntry } from './batch.ts';
import type { QueueEntry, ReceivedMessage, SendRequest, SendResult } from './message.ts';
import { messageBytes, SIZE_LIMIT_BYTES } from './message-rules.ts';
import { type MoveTask, type MoveTaskRequest, MoveTasks } from './move-tasks.ts';
import type { QueueAttributes } from './queue-definition.ts';
import { QueueDirectory, type SqsModelOptions } from './queue-directory.ts';
import { type ReceiveOptions, receivePlan } from './receive-plan.ts';
import { invalidParameter, SqsError } from './sqs-error.ts';

/**
 * Amazon SQS as its documentation describes it, without a network: standard and FIFO queues on a clock
 * that may be virtual. Every operation has its effect before it returns, and whoever waits for a
 * message (`receive`, `onAvailable`) is served at the end of the operation that brought it.
 *
 * Unlike the real service it never delivers twice by itself, and knows how many messages it has.
 */
export class SqsModel {
  readonly accountId: string;
  readonly #queues: QueueDirectory;
  readonly #moves: MoveTasks;

  constructor(options: SqsModelOptions) {
    this.accountId = options.accountId;
    this.#queues = new QueueDirectory(options);
    this.#moves = new MoveTasks({
      clock: options.clock,
      ids: this.#queues.ids,
      available: (arn) => this.#queues.settledByArn(arn)?.queue.shelf.counts.available ?? 0,
      move: (task, limit) => this.#queues.move(task, limit),
    });
  }

  /**
   * A queue that exists with the same attributes is left as it is.
   *
   * @throws SqsError for attributes that AWS refuses
   */
  createQueue(name: string, attributes: QueueAttributes = {}): void {
    this.#queues.create(name, attributes);
  }

  /** The queue's access policy as JSON text; undefined takes it away. */
  setQueuePolicy(name: string, policy: string | undefined): void {
    this.#queues.find(name).policy = policy;
  }

  queueNames(): readonly string[] {
    return this.#queues.names();
  }

  arnOf(name: string): string {
    return this.#queues.arnOf(name);
  }

  /** All attributes that GetQueueAttributes knows of this queue; times of creation are left out. */
  attributesOf(name: string): QueueAttributes {
    const { queue, policy } = this.#queues.settled(name);
    const { available, inFlight, delayed } = queue.shelf.counts;
    return {
      ...queue.definition.attributes,
      ...(policy !== undefined && { Policy: policy }),
      QueueArn: queue.definition.arn,
      ApproximateNumberOfMessages: String(available),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
      ApproximateNumberOfMessagesDelayed: String(delayed),
    };
  }

  sendMessage(name: string, request: SendRequest): SendResult {
    const { queue, receivers } = this.#queues.settled(name);
    const result = queue.send(request);
    receivers.wake();
    return result;
  }

  /** Puts a message in that was sent long ago, for whoever cannot wait until one is old. */
  sendAsOf(name: string, request: SendRequest, sentAtMs: number): void {
    const { queue, receivers } = this.#queues.settled(name);
    queue.sendAsOf(request, sentAtMs);
    receivers.wake();
  }

  sendMessageBatch(
    name: string,
    entries: readonly (SendRequest & { readonly id: string })[],
  ): BatchResult<SendResult> {
    const { queue, receivers } = this.#queues.settled(name);
    const bytes = entries.reduce((sum, entry) => sum + messageBytes(entry), 0);
    if (bytes > SIZE_LIMIT_BYTES) {
      throw new SqsError(
        'BatchRequestTooLong',
        `Batch requests cannot be longer than ${SIZE_LIMIT_BYTES} bytes. You have sent ${bytes} bytes.`,
      );
    }
    const result = forEachEntry(entries, (entry) => queue.send(entry));
    receivers.wake();
    return result;
  }

  /** What is there now. */
  receiveMessages(name: string, options: ReceiveOptions = {}): ReceivedMessage[] {
    const { queue, receivers } = this.#queues.settled(name);
    const { limit, visibilitySeconds } = receivePlan(options, queue.definition);
    const messages = queue.receive(limit, visibilitySeconds);
    receivers.watch();
    return messages;
  }

  /** What is there now, or what comes within the time to wait: the queue's unless told otherwise. */
  async receive(name: string, options: ReceiveOptions = {}): Promise<ReceivedMessage[]> {
    const { queue, receivers } = this.#queues.settled(name);
    const messages = receivers.poll(receivePlan(options, queue.definition));
    receivers.watch();
    return messages;
  }

  deleteMessage(name: string, receiptHandle: string): void {
    const { queue, receivers } = this.#queues.settled(name);
    queue.delete(receiptHandle);
    receivers.wake();
  }

  deleteMessageBatch(
    name: string,
    entries: readonly { readonly id: string; readonly receiptHandle: string }[],
  ): BatchResult<object> {
    const { queue, receivers } = this.#queues.settled(name);
    const result = forEachEntry(entries, ({ receiptHandle }) => {
      queue.delete(receiptHandle);
      return {};
    });
    receivers.wake();
    return result;
  }

  changeMessageVisibility(name: string, receiptHandle: string, seconds: number): void {
    const { queue, receivers } = this.#queues.settled(name);
    queue.changeVisibility(receiptHandle, seconds);
    receivers.wake();
  }

  changeMessageVisibilityBatch(
    name: string,
    entries: readonly {
      readonly id: string;
      readonly receiptHandle: string;
      readonly visibilityTimeoutSeconds: number;
    }[],
  ): BatchResult<object> {
    const { queue, receivers } = this.#queues.settled(name);
    const result = forEachEntry(entries, ({ receiptHandle, visibilityTimeoutSeconds }) => {
      queue.changeVisibility(receiptHandle, visibilityTimeoutSeconds);
      return {};
    });
    receivers.wake();
    return result;
  }

  purgeQueue(name: string): void {
    this.#queues.settled(name).queue.purge();
  }

  /** Moves what a dead-letter queue has; returns the task's handle. */
  startMessageMoveTask(request: MoveTaskRequest): string {
    const { sourceArn, destinationArn } = request;
    if (!this.#queues.isDeadLetterQueue(sourceArn)) {
      throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
    }
    if (destinationArn !== undefined && !this.#queues.settledByArn(destinationArn)) {
      throw new SqsError('ResourceNotFoundException', 'The destination queue does not exist.');
    }
    if (destinationArn === sourceArn) throw invalidParameter('The destination is the source.');
    return this.#moves.start(request);
  }

  /** Newest first. */
  listMessageMoveTasks(sourceArn: string): readonly MoveTask[] {
    return this.#moves.list(sourceArn);
  }

  /** Returns how many messages the task had moved. */
  cancelMessageMoveTask(handle: string): number {
    return this.#moves.cancel(handle);
  }

  /**
   * Calls the listener at the end of each operation after which something can be received, and when a
   * hidden message comes into sight; returns how to stop that.
   */
  onAvailable(name: string, listener: () => void): () => void {
    return this.#queues.find(name).receivers.listen(listener);
  }

  /** Every message, oldest first, without receiving any. */
  peek(name: string): readonly QueueEntry[] {
    return Array.from(this.#queues.settled(name).queue.shelf.all(), (message) => ({
      ...message.content,
      messageId: message.messageId,
      sequenceNumber: message.sequenceNumber,
      sentAtMs: message.sentAtMs,
      state: message.state,
      visibleAtMs: message.visibleAtMs,
      receiveCount: message.receiveCount,
    }));
  }

  /** Ends all waiting: long polls are answered with nothing. */
  close(): void {
    this.#moves.close();
    this.#queues.close();
  }
}
