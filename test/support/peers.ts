import { InMemorySpendLedger } from '#adapters/in-memory/in-memory-spend-ledger.ts';
import type { Ids } from '#app/ports/ids.ts';
import type { BusinessNotice, Job, JobsQueue } from '#app/ports/jobs.ts';
import type {
  MessageSender,
  OutgoingMessage,
  ReadReceipt,
  SendResult,
} from '#app/ports/message-sender.ts';
import type { ChatBell, ReceivedRing, Ring, RingBox } from '#app/ports/queues.ts';
import type { ModelReply, ModelRequest, ReplyModel } from '#app/ports/reply-model.ts';
import type { Costs, Reservation, Reserved, Spender } from '#app/ports/spend-ledger.ts';
import { type Answer, plainAnswer } from '#domain/conversation/answer.ts';
import type { Parking } from '#domain/conversation/parking.ts';
import type { Failure } from '#domain/failure.ts';
import { NO_BUDGET } from '#domain/money/budget.ts';
import type { MicroUsd } from '#domain/money/micro-usd.ts';

const USAGE = { inputTokens: 10, cachedInputTokens: 0, outputTokens: 5 };

/** Answers with what it was asked, unless a test says otherwise for the next calls. */
export class ScriptedModel implements ReplyModel {
  readonly requests: ModelRequest[] = [];
  readonly next: (ModelReply | ((request: ModelRequest) => ModelReply | Promise<ModelReply>))[] =
    [];

  async reply(request: ModelRequest): Promise<ModelReply> {
    this.requests.push(request);
    const scripted = this.next.shift();
    if (typeof scripted === 'function') return scripted(request);
    return scripted ?? answerTo(request);
  }
}

export function answerTo(request: ModelRequest): ModelReply {
  const last = request.conversation.findLastIndex(
    ({ role }) => role === 'assistant' || role === 'person',
  );
  const asked = request.conversation
    .slice(last + 1)
    .filter(({ role }) => role === 'customer')
    .map(({ text }) => text);
  return modelSays(`You said: ${asked.join(' / ')}`);
}

export function modelSays(text: string, fields: Partial<Answer> = {}): ModelReply {
  return { kind: 'answer', answer: { ...plainAnswer(text), ...fields }, usage: USAGE };
}

export function modelFails(failure: Failure): ModelReply {
  return { kind: 'failed', failure };
}

/** Money enough, unless a test says otherwise for the next calls; keeps what was held and settled. */
export class ScriptedLedger extends InMemorySpendLedger {
  readonly held: { readonly spender: Spender; readonly amount: MicroUsd }[] = [];
  readonly settled: Costs[] = [];
  readonly next: Reserved[] = [];

  constructor() {
    super(NO_BUDGET);
  }

  override async reserve(spender: Spender, amount: MicroUsd, atMs: number): Promise<Reserved> {
    this.held.push({ spender, amount });
    return this.next.shift() ?? super.reserve(spender, amount, atMs);
  }

  override async settle(reservation: Reservation, costs: Costs): Promise<void> {
    this.settled.push(costs);
    await super.settle(reservation, costs);
  }
}

/** A phone at the other end: keeps what arrived, and fails as a test wants the next sends to. */
export class ScriptedSender implements MessageSender {
  /** What reached the customer. */
  readonly delivered: OutgoingMessage[] = [];
  /** Messages that were marked as read. */
  readonly read: string[] = [];
  readonly next: ((message: OutgoingMessage) => SendResult | 'crash-before' | 'crash-after')[] = [];

  async send(message: OutgoingMessage): Promise<SendResult> {
    const scripted = this.next.shift()?.(message);
    if (scripted === 'crash-before') throw new Error('crash before the send');
    const isLost =
      scripted !== undefined && scripted !== 'crash-after' && scripted.kind === 'refused';
    if (!isLost) this.delivered.push(message);
    if (scripted === 'crash-after') throw new Error('crash after the send');
    return scripted ?? { kind: 'sent', wamid: `wamid.OUT${this.delivered.length}` };
  }

  async showTyping({ wamid }: ReadReceipt): Promise<boolean> {
    this.read.push(wamid);
    return true;
  }
}

export class RecordingBell implements ChatBell {
  readonly rings: Ring[] = [];
  /** True: the queue takes nothing. */
  isDown = false;

  async ring(rings: readonly Ring[]): Promise<readonly Ring[]> {
    if (this.isDown) return rings;
    this.rings.push(...rings);
    return [];
  }
}

export class RecordingRingBox implements RingBox {
  readonly finished: ReceivedRing[] = [];
  readonly deferred: { readonly receiptHandle: string; readonly delayMs: number }[] = [];
  readonly dead: { readonly ring: Ring; readonly parking: Parking }[] = [];

  async done(rings: readonly ReceivedRing[]): Promise<void> {
    this.finished.push(...rings);
  }

  async defer(
    rings: readonly Pick<ReceivedRing, 'receiptHandle'>[],
    delayMs: number,
  ): Promise<void> {
    this.deferred.push(...rings.map(({ receiptHandle }) => ({ receiptHandle, delayMs })));
  }

  async deadLetter(rings: readonly Ring[], parking: Parking): Promise<void> {
    this.dead.push(...rings.map((ring) => ({ ring, parking })));
  }
}

export class RecordingJobs implements JobsQueue {
  readonly sent: { readonly job: Job; readonly delaySeconds: number }[] = [];
  /** True: the queue takes nothing. */
  isDown = false;
  /** How many of the next calls take nothing. */
  failing = 0;

  get notices(): readonly BusinessNotice[] {
    return this.sent.flatMap(({ job }) => (job.kind === 'notice' ? [job.notice] : []));
  }

  async send(jobs: readonly Job[], delaySeconds = 0): Promise<number> {
    this.failing -= 1;
    if (this.isDown || this.failing >= 0) return jobs.length;
    this.sent.push(...jobs.map((job) => ({ job, delaySeconds })));
    return 0;
  }
}

/** `id1`, `id2`, … */
export class CountedIds implements Ids {
  #count = 0;

  next(): string {
    this.#count += 1;
    return `id${this.#count}`;
  }
}
