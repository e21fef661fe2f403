import { createHash } from 'node:crypto';
import type { ModelClock } from '../clock.ts';
import { DeduplicationWindow } from './deduplication-window.ts';
import { FifoOrder } from './fifo-order.ts';
import type {
  MessageContent,
  ReceivedMessage,
  SendRequest,
  SendResult,
  StoredMessage,
} from './message.ts';
import { checkMessage } from './message-rules.ts';
import { MessageShelf } from './message-shelf.ts';
import type { QueueDefinition } from './queue-definition.ts';
import { messageIdOf, receiptHandle, receiptOf } from './receipt-handle.ts';
import { SqsError } from './sqs-error.ts';
import type { QueueJournal } from './sqs-journal.ts';
import { StandardOrder } from './standard-order.ts';
import { refuseStaleDelete, visibilityEnd } from './visibility.ts';

export interface QueueDeps {
  readonly clock: ModelClock;
  readonly ids: () => string;
  /** Rises from call to call, over all queues. */
  readonly nextSequenceNumber: () => string;
  readonly accountId: string;
  /** Delays, and visibility that a consumer changes, pass so many times faster. */
  readonly waitingSpeed: number;
  readonly journal: QueueJournal | undefined;
  /** Takes over a message that was received too often. */
  readonly deadLetter: (message: StoredMessage, targetArn: string, sourceArn: string) => void;
}

/** A message as it comes in, from a sender or from another queue. */
export interface Arrival {
  readonly messageId: string;
  readonly content: MessageContent;
  readonly sequenceNumber?: string | undefined;
  readonly sentAtMs: number;
  readonly receiveCount: number;
  readonly firstReceivedAtMs?: number | undefined;
}

/** More messages than that are never in flight; a standard queue says so, a FIFO queue gives nothing. */
const IN_FLIGHT_LIMIT = 120_000;

const PURGE_INTERVAL_MS = 60_000;

/** One queue. Whoever calls settles it first. */
export class Queue {
  readonly definition: QueueDefinition;
  readonly #deps: QueueDeps;
  readonly #shelf: MessageShelf;
  readonly #sent = new DeduplicationWindow();
  #purgedAtMs = Number.NEGATIVE_INFINITY;

  constructor(definition: QueueDefinition, deps: QueueDeps) {
    this.definition = definition;
    this.#deps = deps;
    this.#shelf = new MessageShelf(definition.fifo ? new FifoOrder() : new StandardOrder());
    const { messages, sent } = deps.journal?.restored ?? { messages: [], sent: [] };
    for (const message of messages) this.#shelf.add(message);
    for (const each of sent) this.#sent.remember(each);
  }

  get shelf(): Pick<MessageShelf, 'ready' | 'counts' | 'nextDueMs' | 'all'> {
    return this.#shelf;
  }

  /** Catches up with the clock: what delay, visibility timeout and retention have brought about. */
  settle(): void {
    const nowMs = this.#deps.clock.now();
    const oldestMs = nowMs - this.definition.retentionSeconds * 1000;
    for (const { messageId } of this.#shelf.settle(nowMs, oldestMs)) {
      this.#deps.journal?.remove(messageId);
    }
  }

  /** @throws SqsError for what SendMessage refuses */
  send(request: SendRequest): SendResult {
    checkMessage(request, this.definition);
    const { fifo } = this.definition;
    const nowMs = this.#deps.clock.now();
    const deduplicationId = fifo ? (request.deduplicationId ?? sha256(request.body)) : undefined;
    const key = this.#deduplicationKey(request.groupId, deduplicationId);
    const before = key === undefined ? undefined : this.#sent.find(key, nowMs);
    if (before) return before;
    const content: MessageContent = {
      body: request.body,
      attributes: request.attributes ?? {},
      senderId: request.senderId ?? this.#deps.accountId,
      groupId: request.groupId,
      deduplicationId,
      traceHeader: request.traceHeader,
    };
    const result = this.admitNew(content, request.delaySeconds ?? this.definition.delaySeconds);
    if (key !== undefined) {
      const sent = { key, atMs: nowMs, result };
      this.#sent.remember(sent);
      this.#deps.journal?.sent(sent);
    }
    return result;
  }

  /** Takes a message in as a new one, without a check and whatever was sent before. */
  admitNew(content: MessageContent, delaySeconds = 0): SendResult {
    const messageId = this.#deps.ids();
    const sequenceNumber = this.definition.fifo ? this.#deps.nextSequenceNumber() : undefined;
    const sentAtMs = this.#deps.clock.now();
    const arrival = { messageId, content, sequenceNumber, sentAtMs, receiveCount: 0 };
    this.admit(arrival, sentAtMs + (delaySeconds * 1000) / this.#deps.waitingSpeed);
    return sequenceNumber === undefined ? { messageId } : { messageId, sequenceNumber };
  }

  /** Takes in as it is what was sent at another time. */
  sendAsOf(request: SendRequest, sentAtMs: number): void {
    checkMessage(request, this.definition);
    const { body, groupId, deduplicationId, attributes = {} } = request;
    const content = { body, attributes, senderId: this.#deps.accountId, groupId, deduplicationId };
    const sequenceNumber = this.definition.fifo ? this.#deps.nextSequenceNumber() : undefined;
    const messageId = this.#deps.ids();
    this.admit({ messageId, content, sequenceNumber, sentAtMs, receiveCount: 0 }, sentAtMs);
  }

  /** Takes a message in as it is. */
  admit(arrival: Arrival, visibleAtMs: number): void {
    const message: StoredMessage = {
      messageId: arrival.messageId,
      content: arrival.content,
      sequenceNumber: arrival.sequenceNumber,
      sentAtMs: arrival.sentAtMs,
      state: visibleAtMs > this.#deps.clock.now() ? 'delayed' : 'available',
      visibleAtMs,
      receiveCount: arrival.receiveCount,
      firstReceivedAtMs: arrival.firstReceivedAtMs,
      lastReceivedAtMs: 0,
      receipt: 0,
      deleted: false,
      agePlace: undefined,
      orderPlace: undefined,
    };
    this.#shelf.add(message);
    this.#deps.journal?.put(message);
  }

  /** At most so many messages, hidden from others for so long. */
  receive(limit: number, visibilitySeconds: number): ReceivedMessage[] {
    const received: ReceivedMessage[] = [];
    if (this.#shelf.counts.inFlight >= IN_FLIGHT_LIMIT) {
      if (this.definition.fifo) return received;
      throw new SqsError('OverLimit', `More than ${IN_FLIGHT_LIMIT} messages are in flight.`);
    }
    while (received.length < limit && this.#shelf.ready) {
      for (const message of this.#shelf.take(limit - received.length)) {
        if (!this.#deadLetter(message)) received.push(this.#handOut(message, visibilitySeconds));
      }
    }
    return received;
  }

  /** @throws SqsError for a handle that is none, or that has expired on a FIFO queue */
  delete(handle: string): void {
    const message = this.#shelf.find(messageIdOf(handle));
    if (!message) return;
    const current = receiptOf(handle) === message.receipt;
    if (this.definition.fifo) refuseStaleDelete(message, current, handle);
    if (current) this.#remove(message);
  }

  /** @throws SqsError for a message that is not in flight, and for more than twelve hours */
  changeVisibility(handle: string, seconds: number): void {
    const found = this.#shelf.find(messageIdOf(handle));
    const held = found?.receipt === receiptOf(handle) ? found : undefined;
    const { message, visibleAtMs } = visibilityEnd(held, seconds, this.#deps.clock.now());
    const nowMs = this.#deps.clock.now();
    this.#shelf.hide(message, nowMs + (visibleAtMs - nowMs) / this.#deps.waitingSpeed);
    this.#deps.journal?.put(message);
    this.settle();
  }

  /** @throws SqsError within a minute of the last one */
  purge(): void {
    const nowMs = this.#deps.clock.now();
    if (nowMs - this.#purgedAtMs < PURGE_INTERVAL_MS) {
      throw new SqsError(
        'PurgeQueueInProgress',
        `Only one PurgeQueue operation on ${this.definition.name} is allowed every 60 seconds.`,
      );
    }
    this.#purgedAtMs = nowMs;
    for (const message of this.#shelf.all()) this.#remove(message);
  }

  /**
   * Moves available messages elsewhere, oldest first, at most so many; stops at the first that is not
   * wanted there, which stays. Returns how many it moved, and whether it stopped.
   */
  moveOut(
    limit: number,
    deliver: (message: StoredMessage) => boolean,
  ): { readonly moved: number; readonly refused: boolean } {
    let moved = 0;
    for (const message of this.#shelf.all()) {
      if (moved >= limit) break;
      if (message.state !== 'available') continue;
      if (!deliver(message)) return { moved, refused: true };
      this.#remove(message);
      moved += 1;
    }
    return { moved, refused: false };
  }

  #deduplicationKey(groupId: string | undefined, id: string | undefined): string | undefined {
    if (id === undefined) return undefined;
    return this.definition.deduplicationScope === 'messageGroup' ? `${groupId} ${id}` : id;
  }

  #deadLetter(message: StoredMessage): boolean {
    const { redrive, arn } = this.definition;
    if (!redrive || message.receiveCount < redrive.maxReceiveCount) return false;
    this.#remove(message);
    this.#deps.deadLetter(message, redrive.deadLetterTargetArn, arn);
    return true;
  }

  #handOut(message: StoredMessage, visibilitySeconds: number): ReceivedMessage {
    const nowMs = this.#deps.clock.now();
    message.receiveCount += 1;
    message.receipt += 1;
    message.firstReceivedAtMs ??= nowMs;
    message.lastReceivedAtMs = nowMs;
    this.#shelf.hide(message, nowMs + visibilitySeconds * 1000);
    this.#deps.journal?.put(message);
    return {
      ...message.content,
      messageId: message.messageId,
      receiptHandle: receiptHandle(message.messageId, message.receipt),
      sequenceNumber: message.sequenceNumber,
      sentAtMs: message.sentAtMs,
      firstReceivedAtMs: message.firstReceivedAtMs,
      receiveCount: message.receiveCount,
    };
  }

  #remove(message: StoredMessage): void {
    this.#shelf.remove(message);
    this.#deps.journal?.remove(message.messageId);
  }
}

function sha256(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
