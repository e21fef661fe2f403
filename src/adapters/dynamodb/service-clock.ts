import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '#app/ports/clock.ts';
import { isObject, objectAt, textAt } from '#domain/json.ts';

/** The Date header has whole seconds, and the answer was under way. */
const MARGIN_MS = 2_000;

/**
 * The time as DynamoDB has it. The client corrects a machine's wrong clock in what it signs and says
 * nothing of it, so a time that is to be kept must not come from there.
 */
export class ServiceClock implements Clock {
  readonly #own: Clock;
  #offsetMs = 0;

  constructor(client: DynamoDBClient, own: Clock) {
    this.#own = own;
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        this.#heard(result.response);
        return result;
      },
      { step: 'deserialize' },
    );
  }

  /** That of the machine until the first answer, and where the two agree. */
  now(): number {
    return this.#own.now() + this.#offsetMs;
  }

  #heard(response: unknown): void {
    const headers = isObject(response) ? objectAt(response, 'headers') : undefined;
    const date = Date.parse((headers && textAt(headers, 'date')) ?? '');
    if (Number.isNaN(date)) return;
    const offsetMs = date - this.#own.now();
    this.#offsetMs = Math.abs(offsetMs) > MARGIN_MS ? offsetMs : 0;
  }
}
