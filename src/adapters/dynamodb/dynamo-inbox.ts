import pLimit from 'p-limit';
import type { Arrival, ArrivalResult, Inbox } from '#app/ports/conversation-store.ts';
import type { Log } from '#app/ports/log.ts';
import { putWhen } from './conditional-write.ts';
import { writeInbound } from './inbound-record.ts';
import { PARALLEL_REQUESTS, type Table } from './table.ts';

export interface DynamoInboxOptions extends Table {
  readonly log: Log;
  /** After this long, whatever is not stored yet counts as refused: Meta waits for an answer. */
  readonly budgetMs?: number;
}

/** The inbox of every chat: one conditional write per message, whose key a redelivery has again. */
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
    const limit = pLimit(PARALLEL_REQUESTS);
    const deadline = AbortSignal.timeout(this.#budgetMs);
    const writes = await Promise.allSettled(
      arrivals.map((arrival) => limit(() => this.#store(arrival, deadline))),
    );
    const refused = writes.filter((write) => write.status === 'rejected');
    if (refused.length > 0) {
      const fields = { store: 'dynamodb', messages: refused.length };
      this.#log.error('write_refused', fields, refused[0]?.reason);
    }
    // The client has retried already. Meta sends the webhook again, and nothing is stored twice.
    return writes.map((write) => (write.status === 'fulfilled' ? write.value : 'refused'));
  }

  async #store(arrival: Arrival, deadline: AbortSignal): Promise<ArrivalResult> {
    deadline.throwIfAborted();
    const put = { Item: writeInbound(arrival), ConditionExpression: 'attribute_not_exists(pk)' };
    const written = await putWhen(this.#table, put, deadline);
    return written === 'written' ? 'accepted' : 'duplicate';
  }
}
