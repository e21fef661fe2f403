import type { ModelClock } from '../clock.ts';
import { type InvokeOutcome, PAYLOAD_LIMIT } from '../lambda/invocation.ts';
import type { LambdaFunction } from '../lambda/lambda-function.ts';
import type { WaitingClients } from '../lambda/waiting-clients.ts';
import { doneMessages } from './batch-result.ts';
import type { EventSourceSettings } from './event-source-settings.ts';
import { passes } from './filter-pattern.ts';
import type { PolledMessage, PolledQueue } from './polled-queue.ts';
import { sqsEvent } from './sqs-event.ts';

export interface SqsPollerOptions {
  readonly queue: PolledQueue;
  readonly lambda: Pick<LambdaFunction, 'invoke'>;
  readonly settings: EventSourceSettings;
  readonly clock: ModelClock;
  /** While somebody waits, one batch at a time is worked on. @default as many as the mapping allows */
  readonly waitingClients?: WaitingClients;
}

/** How long a throttled batch waits for its next try, first and at most. */
const FIRST_THROTTLE_WAIT_MS = 100;
const LONGEST_THROTTLE_WAIT_MS = 5_000;

/** SQS gives at most so many messages at a time. */
const RECEIVE_LIMIT = 10;

/**
 * An event source mapping: receives batches, invokes the function with each, and deletes what it has
 * done. It waits for the queue to say that there is something, so an idle one costs nothing. That no
 * two batches of a FIFO queue share a group is the queue's doing, not the poller's.
 */
export class SqsPoller {
  readonly #options: SqsPollerOptions;
  #stopListening: (() => void) | undefined;
  #cancelWindow: (() => void) | undefined;
  #gathered: readonly PolledMessage[] = [];
  #gatheredSinceMs = 0;
  #underWay = 0;
  readonly #pollAgain = () => this.#poll();

  constructor(options: SqsPollerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#stopListening = this.#options.queue.onAvailable(() => this.#poll());
    this.#poll();
  }

  /** Receives no more; what is under way comes to its end. */
  stop(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#cancelWindow?.();
  }

  #poll(): void {
    const { queue, settings, clock, waitingClients } = this.#options;
    while (this.#stopListening && this.#underWay < settings.maximumConcurrency) {
      if (this.#underWay > 0 && waitingClients?.any) {
        waitingClients.whenNone(this.#pollAgain);
        return;
      }
      const room = settings.batchSize - this.#gathered.length;
      const received = queue.receive(Math.min(RECEIVE_LIMIT, room));
      if (received.length > 0) {
        if (this.#gathered.length === 0) this.#gatheredSinceMs = clock.now();
        this.#gathered = [...this.#gathered, ...received];
      }
      const full = this.#gathered.length >= settings.batchSize;
      if (!full && received.length > 0 && settings.batchSize > RECEIVE_LIMIT) continue;
      if (this.#gathered.length === 0) return;
      if (!full && !this.#windowIsOver()) {
        this.#awaitWindow();
        return;
      }
      this.#dispatch();
    }
  }

  #windowIsOver(): boolean {
    const windowMs = this.#options.settings.batchingWindowSeconds * 1000;
    return this.#options.clock.now() >= this.#gatheredSinceMs + windowMs;
  }

  #awaitWindow(): void {
    if (this.#cancelWindow) return;
    const windowMs = this.#options.settings.batchingWindowSeconds * 1000;
    this.#cancelWindow = this.#options.clock.schedule(this.#gatheredSinceMs + windowMs, () => {
      this.#cancelWindow = undefined;
      this.#poll();
    });
  }

  #dispatch(): void {
    const batch = this.#gathered;
    const receivedAtMs = this.#gatheredSinceMs;
    this.#gathered = [];
    this.#cancelWindow?.();
    this.#cancelWindow = undefined;
    this.#underWay += 1;
    void this.#work(batch, receivedAtMs).finally(() => {
      this.#underWay -= 1;
      this.#poll();
    });
  }

  async #work(batch: readonly PolledMessage[], receivedAtMs: number): Promise<void> {
    const { queue, settings } = this.#options;
    const wanted = batch.filter(({ body }) => passes(settings.filters, body));
    // What a filter refuses is gone: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
    for (const message of batch) if (!wanted.includes(message)) queue.delete(message);
    if (wanted.length === 0) return;
    const { payload, messages } = sqsEvent(wanted, queue, PAYLOAD_LIMIT);
    for (const message of wanted.slice(messages.length)) queue.release(message);
    const outcome = await this.#invoke(payload, receivedAtMs);
    const done = doneMessages(
      messages.map(({ messageId }) => messageId),
      outcome,
      settings.partialResponses,
    );
    for (const message of messages) if (done.includes(message.messageId)) queue.delete(message);
  }

  /** A throttled batch is tried again for as long as its messages are invisible to others. */
  async #invoke(payload: string, receivedAtMs: number): Promise<InvokeOutcome> {
    const { queue, lambda, clock } = this.#options;
    const untilMs = receivedAtMs + queue.visibilityTimeoutSeconds * 1000;
    for (let waitMs = FIRST_THROTTLE_WAIT_MS; ; waitMs = waitMs * 2) {
      const outcome = await lambda.invoke(payload, 'sqs');
      const againAtMs = clock.now() + Math.min(waitMs, LONGEST_THROTTLE_WAIT_MS);
      if (outcome.kind !== 'throttled' || againAtMs >= untilMs || !this.#stopListening) {
        return outcome;
      }
      await new Promise<void>((resolve) => clock.schedule(againAtMs, resolve));
    }
  }
}
