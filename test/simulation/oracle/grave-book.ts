import type { ModelRequest } from '#app/ports/reply-model.ts';
import { isErased } from '#domain/conversation/erasure.ts';
import type { Erasure } from '#domain/conversation/head.ts';
import type { MessageKey, StoredMessage } from '#domain/conversation/message.ts';
import { type Chat, chatKey } from '#domain/ids.ts';
import { timestampOf } from '../peers/meta-bodies.ts';
import { chatsOf, tokensIn } from '../people.ts';
import type { Notebook } from './notebook.ts';

interface Grave {
  readonly erasure: Erasure;
  readonly sinceMs: number;
}

/** What was erased, and must not be heard of again. */
export class GraveBook {
  readonly #graves = new Map<string, Grave>();
  readonly #notebook: Notebook;

  constructor(notebook: Notebook) {
    this.#notebook = notebook;
  }

  /** From now on; a later erasure of a chat includes the one before. */
  dug(chat: Chat, erasure: Erasure): void {
    const before = this.of(chat);
    if (before && before.atMs >= erasure.atMs) return;
    this.#graves.set(chatKey(chat), { erasure, sinceMs: this.#notebook.now() });
  }

  of(chat: Chat): Erasure | undefined {
    return this.ofKey(chatKey(chat));
  }

  ofKey(chat: string): Erasure | undefined {
    return this.#graves.get(chat)?.erasure;
  }

  covers(chat: Chat, key: MessageKey): boolean {
    return isErased(key, this.of(chat));
  }

  /**
   * Whoever has looked into a chat since its erasure shows the model nothing of before, unless it is of a
   * chat under an id that was not known to be the same contact's.
   */
  asked(
    chat: Chat,
    { conversation }: ModelRequest,
    readAtMs: number,
    isAlive: (id: number) => boolean,
  ): void {
    const { schedule } = this.#notebook;
    const grave = this.#graves.get(chatKey(chat));
    if (!grave || readAtMs <= grave.sinceMs) return;
    for (const { id } of conversation.flatMap(({ text }) => tokensIn(text))) {
      const planned = schedule.messages.find((each) => each.id === id);
      const sentAtMs = Number(timestampOf(planned?.writtenAtMs ?? 0)) * 1000;
      if (sentAtMs <= grave.erasure.atMs && !isAlive(id)) {
        this.#notebook.note('leaked', `the model was shown message ${id}, which is erased`);
      }
    }
  }

  /** In the end nothing but tombstones and what was said since is there. */
  judge(
    transcript: (chat: Chat) => readonly StoredMessage[],
    filesOf: (chat: Chat) => readonly number[],
  ): void {
    for (const customer of this.#notebook.schedule.customers) {
      for (const chat of chatsOf(customer)) {
        const atMs = this.of(chat)?.atMs ?? 0;
        if (filesOf(chat).some((sentAtMs) => sentAtMs <= atMs)) {
          this.#notebook.note('leaked', 'a file of what was erased is there in the end');
        }
        for (const { key, direction } of transcript(chat)) {
          if (!this.covers(chat, key)) continue;
          this.#notebook.note('leaked', `an erased message is there in the end (${direction})`);
        }
      }
    }
  }
}
