import { randomUUID } from 'node:crypto';
import type { ModelClock } from '../clock.ts';
import type { StoredMessage } from './message.ts';
import type { MoveTaskRequest } from './move-tasks.ts';
import { Queue, type QueueDeps } from './queue.ts';
import { allowsRedriveFrom, defineQueue, type QueueAttributes } from './queue-definition.ts';
import { Receivers } from './receivers.ts';
import { invalidParameter, SqsError } from './sqs-error.ts';
import type { SqsJournal } from './sqs-journal.ts';

export interface SqsModelOptions {
  readonly clock: ModelClock;
  readonly region: string;
  readonly accountId: string;
  /** Makes message ids and task handles; random UUIDs by default. */
  readonly ids?: () => string;
  /**
   * How many times faster than the clock time passes for what a sender delays or a consumer puts off. How
   * long a receive hides a message is not shortened: that guards work.
   * @default 1
   */
  readonly waitingSpeed?: number;
  /** Where the queues outlive a restart; without one they are in memory only. */
  readonly journal?: SqsJournal;
}

/** A queue and who waits for it. */
export interface Station {
  readonly queue: Queue;
  readonly receivers: Receivers;
  /** The access policy as JSON text. */
  policy: string | undefined;
}

/** Sequence numbers start here per millisecond of the clock, so that those of a restart are higher. */
const SEQUENCE_NUMBERS_PER_MS = 1_000_000n;

/** The queues by name and ARN, and the ways of messages between them. */
export class QueueDirectory {
  readonly #options: SqsModelOptions;
  readonly #stations = new Map<string, Station>();
  readonly #queueDeps: Omit<QueueDeps, 'journal'>;
  #lastSequenceNumber: bigint;

  constructor(options: SqsModelOptions) {
    const { clock, accountId, ids = randomUUID } = options;
    this.#options = options;
    this.#lastSequenceNumber = BigInt(Math.floor(clock.now())) * SEQUENCE_NUMBERS_PER_MS;
    this.#queueDeps = {
      clock,
      ids,
      accountId,
      waitingSpeed: options.waitingSpeed ?? 1,
      nextSequenceNumber: () => {
        this.#lastSequenceNumber += 1n;
        return String(this.#lastSequenceNumber).padStart(20, '0');
      },
      deadLetter: (message, targetArn, sourceArn) =>
        this.#deadLetter(message, targetArn, sourceArn),
    };
  }

  get ids(): () => string {
    return this.#queueDeps.ids;
  }

  names(): readonly string[] {
    return [...this.#stations.keys()];
  }

  arnOf(name: string): string {
    return `arn:aws:sqs:${this.#options.region}:${this.#options.accountId}:${name}`;
  }

  /** @throws SqsError for attributes that AWS refuses, and where another queue has this name */
  create(name: string, attributes: QueueAttributes): void {
    const definition = defineQueue(name, this.arnOf(name), attributes);
    const known = this.#stations.get(name)?.queue.definition;
    if (known) {
      if (isSame(known.attributes, definition.attributes)) return;
      throw new SqsError(
        'QueueNameExists',
        'A queue already exists with the same name and a different value for some attribute.',
      );
    }
    this.#checkDeadLetterQueue(definition);
    const journal = this.#options.journal?.ofQueue(name);
    const queue = new Queue(definition, { ...this.#queueDeps, journal });
    const receivers = new Receivers(queue, this.#options.clock);
    this.#stations.set(name, { queue, receivers, policy: definition.attributes['Policy'] });
  }

  /** @throws SqsError where there is no such queue */
  find(name: string): Station {
    const station = this.#stations.get(name);
    if (station) return station;
    throw new SqsError('QueueDoesNotExist', `The specified queue ${name} does not exist.`);
  }

  /** A queue that has caught up with the clock. @throws SqsError where there is no such queue */
  settled(name: string): Station {
    const station = this.find(name);
    station.queue.settle();
    return station;
  }

  /** As `settled`; undefined where there is no such queue. */
  settledByArn(arn: string): Station | undefined {
    const name = arn.slice(arn.lastIndexOf(':') + 1);
    return this.arnOf(name) === arn && this.#stations.has(name) ? this.settled(name) : undefined;
  }

  isDeadLetterQueue(arn: string): boolean {
    return Iterator.from(this.#stations.values()).some(
      ({ queue }) => queue.definition.redrive?.deadLetterTargetArn === arn,
    );
  }

  /** Moves at most so many messages of a dead-letter queue; `refused` where one has nowhere to go. */
  move(task: MoveTaskRequest, limit: number): { moved: number; refused: boolean } {
    const source = this.settledByArn(task.sourceArn);
    if (!source) return { moved: 0, refused: true };
    const reached = new Set<Station>();
    const result = source.queue.moveOut(limit, ({ content }) => {
      const { deadLetterSourceArn, ...rest } = content;
      const targetArn = task.destinationArn ?? deadLetterSourceArn;
      const target = targetArn === undefined ? undefined : this.settledByArn(targetArn);
      if (!target) return false;
      target.queue.admitNew(rest);
      reached.add(target);
      return true;
    });
    for (const { receivers } of reached) receivers.wake();
    return result;
  }

  /** Ends all waiting. */
  close(): void {
    for (const { receivers } of this.#stations.values()) receivers.close();
    this.#options.journal?.close();
  }

  #checkDeadLetterQueue({ arn, fifo, redrive }: Queue['definition']): void {
    if (!redrive) return;
    const target = this.settledByArn(redrive.deadLetterTargetArn)?.queue.definition;
    const problem = !target
      ? `Dead letter target does not exist: ${redrive.deadLetterTargetArn}`
      : target.fifo !== fifo
        ? 'Dead-letter queue must be same type of queue as the source.'
        : allowsRedriveFrom(target, arn)
          ? undefined
          : 'The redrive allow policy of the dead-letter queue does not permit it.';
    if (problem === undefined) return;
    throw invalidParameter(`Value for parameter RedrivePolicy is invalid. Reason: ${problem}`);
  }

  /** The dead-letter queue of a FIFO queue counts a message's age anew, that of a standard queue goes on. */
  #deadLetter(message: StoredMessage, targetArn: string, sourceArn: string): void {
    const target = this.settledByArn(targetArn);
    if (!target) return;
    const nowMs = this.#options.clock.now();
    const sentAtMs = target.queue.definition.fifo ? nowMs : message.sentAtMs;
    const content = { ...message.content, deadLetterSourceArn: sourceArn };
    target.queue.admit({ ...message, content, sentAtMs }, nowMs);
    target.receivers.wake();
  }
}

function isSame(left: QueueAttributes, right: QueueAttributes): boolean {
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].every((name) => left[name] === right[name]);
}
