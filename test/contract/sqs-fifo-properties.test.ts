import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ReceivedMessage } from '#local/sqs/message.ts';
import { newModel } from '#test/support/sqs-door.ts';

const QUEUE = 'q.fifo';
const VISIBILITY_MS = 30_000;

const pick = fc.nat({ max: 1_000 });
const seconds = fc.nat({ max: 40 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('send'), group: fc.nat({ max: 2 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('receive'), limit: fc.integer({ min: 1, max: 10 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete'), pick }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('hide'), pick, seconds }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait'), seconds }) },
);

/** A message in the plainest possible picture of the queue: lists, looked through from end to end. */
interface Expected {
  readonly messageId: string;
  readonly groupId: string;
  heldUntilMs: number;
  receiveCount: number;
}

/** The queue and its picture, which must agree after every step. */
class Comparison {
  readonly #model = newModel();
  #expected: Expected[] = [];
  readonly #received: ReceivedMessage[] = [];
  #sent = 0;

  constructor() {
    const VisibilityTimeout = String(VISIBILITY_MS / 1000);
    this.#model.sqs.createQueue(QUEUE, { FifoQueue: 'true', VisibilityTimeout });
  }

  send(groupId: string): void {
    this.#sent += 1;
    const message = { body: 'x', groupId, deduplicationId: String(this.#sent) };
    const { messageId } = this.#model.sqs.sendMessage(QUEUE, message);
    this.#expected.push({ messageId, groupId, heldUntilMs: 0, receiveCount: 0 });
  }

  receive(limit: number): void {
    const locked = new Set(this.#expected.filter((each) => this.#isHeld(each)).map(groupOf));
    const free = this.#expected.filter((each) => !locked.has(each.groupId));
    const messages = this.#model.sqs.receiveMessages(QUEUE, { maxMessages: limit });
    expect(messages).toHaveLength(Math.min(limit, free.length));
    for (const groupId of new Set(messages.map(groupOf))) {
      const got = messages.filter((each) => each.groupId === groupId);
      const due = free.filter((each) => each.groupId === groupId).slice(0, got.length);
      expect(got.map(idOf)).toEqual(due.map(idOf));
      for (const each of due) {
        each.heldUntilMs = this.#model.clock.now() + VISIBILITY_MS;
        each.receiveCount += 1;
      }
    }
    this.#received.push(...messages);
  }

  delete(handle: number): void {
    const message = this.#received[handle % this.#received.length];
    if (!message) return;
    const act = () => this.#model.sqs.deleteMessage(QUEUE, message.receiptHandle);
    const there = this.#expected.find((each) => each.messageId === message.messageId);
    if (there && !this.#isHeldBy(there, message)) {
      expect(act).toThrow('expired');
      return;
    }
    act();
    this.#expected = this.#expected.filter((each) => each !== there);
  }

  hide(handle: number, forSeconds: number): void {
    const message = this.#received[handle % this.#received.length];
    if (!message) return;
    const there = this.#expected.find((each) => each.messageId === message.messageId);
    const { sqs, clock } = this.#model;
    const act = () => sqs.changeMessageVisibility(QUEUE, message.receiptHandle, forSeconds);
    if (!there || !this.#isHeldBy(there, message)) {
      expect(act).toThrow();
      return;
    }
    act();
    there.heldUntilMs = clock.now() + forSeconds * 1000;
  }

  wait(forSeconds: number): void {
    this.#model.clock.advanceBy(forSeconds * 1000);
  }

  check(): void {
    expect(this.#model.sqs.peek(QUEUE).map(idOf)).toEqual(this.#expected.map(idOf));
  }

  #isHeld({ heldUntilMs }: Expected): boolean {
    return heldUntilMs > this.#model.clock.now();
  }

  #isHeldBy(expected: Expected, { receiveCount }: ReceivedMessage): boolean {
    return this.#isHeld(expected) && expected.receiveCount === receiveCount;
  }
}

function idOf({ messageId }: { readonly messageId: string }): string {
  return messageId;
}

function groupOf({ groupId }: { readonly groupId?: string | undefined }): string | undefined {
  return groupId;
}

it('a FIFO queue keeps each group in order, locked while held, and loses nothing', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
      const comparison = new Comparison();
      for (const each of steps) {
        switch (each.kind) {
          case 'send':
            comparison.send(`group-${each.group}`);
            break;
          case 'receive':
            comparison.receive(each.limit);
            break;
          case 'delete':
            comparison.delete(each.pick);
            break;
          case 'hide':
            comparison.hide(each.pick, each.seconds);
            break;
          case 'wait':
            comparison.wait(each.seconds);
            break;
        }
        comparison.check();
      }
    }),
    { numRuns: 300 },
  );
});
