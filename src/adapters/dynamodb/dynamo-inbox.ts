import pLimit from 'p-limit';
import type { Arrival, ArrivalResult, Inbox } from '#app/ports/conversation-store.ts';
import type { Log } from '#app/ports/log.ts';
import { inboundKey } from '#domain/conversation/message.ts';
import { putWhen } from './conditional-write.ts';
import { writeInbound } from './inbound-record.ts';
import { type Key, messageKey } from './keys.ts';
import { knownKeys, nameOfKey } from './known-keys.ts';
import { PARALLEL_REQUESTS, type Table } from './table.ts';

export interface DynamoInboxOptions extends Table {
  readonly log: Log;
  /** After this long, whatever is not stored yet counts as refused: Meta waits for an answer. */
  readonly budgetMs?: number;
}

/** So many are written within any budget, and more only where the table and the processor are not busy. */
const MANY = 100;

/**
 * The inbox of every chat: one conditional write per message, whose key a redelivery has again. Of a large
 * webhook the budget may be too short; then Meta sends it again, and that try must not spend its time on
 * what the one before has written: whoever meets a known message among the first asks for all others.
 */
export class DynamoInbox implements Inbox {
  readonly #table: Table;
  readonly #log: Log;
  readonly #budgetMs: number;

  constructor({ client, tableName, log, budgetMs = 4_500 }: DynamoInboxOptions) {
    this.#table = { client, tableName };
    this.#log = log;
    this.#budgetMs = budgetMs;
  }

  async accept(arrivals: readonly Arrival[]): Promise<readonly ArrivalResult[]> {
    const deadline = AbortSignal.timeout(this.#budgetMs);
    const writes = await this.#storeAll(arrivals, deadline);
    const refused = writes.filter((write) => write.status === 'rejected');
    if (refused.length > 0) {
      const fields = { store: 'dynamodb', messages: refused.length };
      this.#log.error('write_refused', fields, refused[0]?.reason);
    }
    // The client has retried already. Meta sends the webhook again, and nothing is stored twice.
    return writes.map((write) => (write.status === 'fulfilled' ? write.value : 'refused'));
  }

  async #storeAll(arrivals: readonly Arrival[], deadline: AbortSignal): Promise<Writes> {
    if (arrivals.length <= MANY) return this.#write(arrivals, deadline);
    const first = await this.#write(arrivals.slice(0, PARALLEL_REQUESTS), deadline);
    const others = arrivals.slice(PARALLEL_REQUESTS);
    const isAgain = first.some((each) => each.status === 'fulfilled' && each.value === 'duplicate');
    const known = isAgain
      ? await knownKeys(this.#table, others.map(keyOf), deadline)
      : new Set<string>();
    return [...first, ...(await this.#write(others, deadline, known))];
  }

  #write(
    arrivals: readonly Arrival[],
    deadline: AbortSignal,
    known: ReadonlySet<string> = new Set(),
  ): Promise<Writes> {
    const limit = pLimit(PARALLEL_REQUESTS);
    return Promise.allSettled(
      arrivals.map((arrival) =>
        known.size > 0 && known.has(nameOfKey(keyOf(arrival)))
          ? 'duplicate'
          : limit(() => this.#store(arrival, deadline)),
      ),
    );
  }

  async #store(arrival: Arrival, deadline: AbortSignal): Promise<ArrivalResult> {
    deadline.throwIfAborted();
    const put = { Item: writeInbound(arrival), ConditionExpression: 'attribute_not_exists(pk)' };
    const written = await putWhen(this.#table, put, deadline);
    return written === 'written' ? 'accepted' : 'duplicate';
  }
}

type Writes = readonly PromiseSettledResult<ArrivalResult>[];

function keyOf({ message }: Arrival): Key {
  return messageKey(message.chat, inboundKey(message));
}
