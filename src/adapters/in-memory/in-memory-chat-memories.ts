import type { ChatMemories, RememberedChat, StoredMemory } from '#app/ports/chat-memories.ts';
import type { RemainingItem } from '#app/ports/erasable-chats.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import { type Chat, chatKey } from '#domain/ids.ts';
import {
  type ChatMemory,
  isForgottenWith,
  type MemoryItem,
  NO_MEMORY,
} from '#domain/memory/memory.ts';

/** What chats remember, in a process's memory: for tests and the simulation. */
export class InMemoryChatMemories implements ChatMemories {
  readonly #headOf: (chat: Chat) => ChatHead;
  readonly #memories = new Map<string, ChatMemory>();

  constructor(headOf: (chat: Chat) => ChatHead) {
    this.#headOf = headOf;
  }

  async readWithHead(chat: Chat): Promise<RememberedChat> {
    return { head: this.#headOf(chat), stored: { memory: this.of(chat), strays: [] } };
  }

  async keep(chat: Chat, read: StoredMemory, next: ChatMemory): Promise<'kept' | 'stale'> {
    if (this.of(chat).revision !== read.memory.revision) return 'stale';
    this.#memories.set(chatKey(chat), next);
    return 'kept';
  }

  async forget(chat: Chat, { ids, upTo }: Parameters<ChatMemories['forget']>[1]): Promise<void> {
    const memory = this.of(chat);
    if (memory.revision === '') return;
    const isNew = memory.forgottenUpTo < upTo;
    this.#memories.set(chatKey(chat), {
      ...memory,
      ...(isNew && { revision: `forgot.${upTo}`, forgottenUpTo: upTo }),
      items: memory.items.filter((item) => !isForgottenWith(item, ids)),
    });
  }

  async drop(chat: Chat, read: StoredMemory): Promise<void> {
    if (this.of(chat).revision === read.memory.revision) this.#memories.delete(chatKey(chat));
  }

  /** What is stored, whether it counts or not. */
  of(chat: Chat): ChatMemory {
    return this.#memories.get(chatKey(chat)) ?? NO_MEMORY;
  }

  /** Takes the place of what is remembered here. */
  take(other: InMemoryChatMemories): void {
    this.#memories.clear();
    for (const [chat, memory] of other.#memories) this.#memories.set(chat, memory);
  }

  /** For whoever erases a chat. */
  remainsOf(chat: Chat): readonly RemainingItem[] {
    const { revision, items, headVersion: madeOn } = this.of(chat);
    if (revision === '') return [];
    return ['BOOK', ...items.map(({ id }) => `ITEM#${id}`)].map((name) => ({
      name: `MEM#${name}`,
      key: undefined,
      kind: 'other',
      isUnfinished: false,
      madeOn,
    }));
  }

  /** By the names of what remains. */
  remove(chat: Chat, names: readonly string[]): void {
    const memory = this.of(chat);
    const isGone = ({ id }: MemoryItem) => names.includes(`MEM#ITEM#${id}`);
    if (names.includes('MEM#BOOK')) this.#memories.delete(chatKey(chat));
    else if (memory.items.some(isGone)) {
      const items = memory.items.filter((item) => !isGone(item));
      this.#memories.set(chatKey(chat), { ...memory, items });
    }
  }
}
