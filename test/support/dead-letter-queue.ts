import type { DeadRing, DeadRings } from '#app/ports/dead-rings.ts';
import type { Ring } from '#app/ports/queues.ts';
import { inboundKey } from '#domain/conversation/message.ts';
import { chatKey } from '#domain/ids.ts';
import type { InboundMessage } from '#domain/whatsapp/inbound-message.ts';

/** A dead-letter queue as SQS has it: ten at a time, and none of a chat while some of it are hidden. */
export class InMemoryDeadLetterQueue implements DeadRings {
  readonly #rings: DeadRing[] = [];
  readonly #hidden = new Set<string>();
  #receipts = 0;
  /** True: what is received is never hidden, as when holding it took too long. */
  forgetsHolds = false;

  add(ring: Ring | 'malformed', over: Partial<DeadRing> = {}): void {
    this.#receipts += 1;
    this.#rings.push({
      ring,
      isParked: true,
      group: ring === 'malformed' ? 'unknown' : chatKey(ring.chat),
      messageId: `id-${this.#receipts}`,
      receiptHandle: `receipt-${this.#receipts}`,
      ...over,
    });
  }

  addFor(message: InboundMessage, over: Partial<DeadRing> = {}): void {
    const messageKey = inboundKey(message);
    this.add({ chat: message.chat, messageKey, number: 0, correlationId: 'request-1' }, over);
  }

  async receive(): Promise<readonly DeadRing[]> {
    const held = new Set(
      this.#rings.filter((each) => this.#hidden.has(each.messageId)).map(({ group }) => group),
    );
    const received = this.#rings.filter(({ group }) => !held.has(group)).slice(0, 10);
    if (!this.forgetsHolds) for (const { messageId } of received) this.#hidden.add(messageId);
    return received;
  }

  async remove(rings: readonly DeadRing[]): Promise<void> {
    for (const ring of rings) {
      const place = this.#rings.findIndex(({ messageId }) => messageId === ring.messageId);
      if (place !== -1) this.#rings.splice(place, 1);
      this.#hidden.delete(ring.messageId);
    }
  }

  async release(rings: readonly DeadRing[]): Promise<void> {
    for (const { messageId } of rings) this.#hidden.delete(messageId);
  }

  get size(): number {
    return this.#rings.length;
  }

  get hiddenCount(): number {
    return this.#hidden.size;
  }
}
