import type { ModelRequest } from '#app/ports/reply-model.ts';
import { type Chat, chatKey } from '#domain/ids.ts';
import { notesIn } from '../peers/simulated-model.ts';
import { tokensIn } from '../people.ts';
import type { Notebook } from './notebook.ts';

/** What the model was shown of what is remembered, and what of it was to be forgotten. */
export class MemoryBook {
  readonly #notebook: Notebook;
  /** By chat and id: the messages that an item told of. */
  readonly #told = new Map<string, readonly number[]>();
  /** By chat: when each message was forgotten. */
  readonly #forgotten = new Map<string, Map<number, number>>();

  constructor(notebook: Notebook) {
    this.#notebook = notebook;
  }

  asked(chat: Chat, request: ModelRequest, readAtMs: number): void {
    const forgotten = this.#forgotten.get(chatKey(chat));
    for (const [id, words] of notesIn(request)) {
      const told = tokensIn(words).map((token) => token.id);
      this.#told.set(`${chatKey(chat)} ${id}`, told);
      for (const each of told) {
        if (readAtMs > (forgotten?.get(each) ?? Number.POSITIVE_INFINITY)) {
          this.#notebook.note('leaked', `message ${each} was forgotten, and is remembered`);
        }
      }
    }
  }

  forgot(chat: Chat, ids: readonly string[]): void {
    const forgotten = this.#forgotten.get(chatKey(chat)) ?? new Map<number, number>();
    this.#forgotten.set(chatKey(chat), forgotten);
    for (const id of ids) {
      for (const message of this.#told.get(`${chatKey(chat)} ${id}`) ?? []) {
        forgotten.set(message, this.#notebook.now());
      }
    }
  }
}
