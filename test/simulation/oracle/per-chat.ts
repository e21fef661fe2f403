import { type Chat, chatKey } from '#domain/ids.ts';
import type { Environment } from '../cloud/environment.ts';

/** What is known of each environment's work on each chat. */
export class PerChat<Value> {
  readonly #values = new Map<string, Value>();

  get(environment: Environment, chat: Chat): Value | undefined {
    return this.#values.get(keyOf(environment, chat));
  }

  set(environment: Environment, chat: Chat, value: Value): void {
    this.#values.set(keyOf(environment, chat), value);
  }

  delete(environment: Environment, chat: Chat): void {
    this.#values.delete(keyOf(environment, chat));
  }
}

function keyOf({ id }: Environment, chat: Chat): string {
  return `${id} ${chatKey(chat)}`;
}
