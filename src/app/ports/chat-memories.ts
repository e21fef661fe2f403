import type { ChatHead } from '#domain/conversation/head.ts';
import type { Chat } from '#domain/ids.ts';
import type { ChatMemory, MemoryId } from '#domain/memory/memory.ts';

/** A chat's head and what is remembered beside it, as they were at one moment. */
export interface RememberedChat {
  /** `newHead()` where none is stored. */
  readonly head: ChatHead;
  readonly stored: StoredMemory;
}

export interface StoredMemory {
  /** As it is stored: `currentMemory` says what of it counts. */
  readonly memory: ChatMemory;
  /** Items that no memory has: of a write that never ended, or that another one was faster than. */
  readonly strays: readonly MemoryId[];
}

/** What chats remember, each beside its head. Every write can be repeated harmlessly. */
export interface ChatMemories {
  /** Strongly consistent, in one request. */
  readWithHead(chat: Chat): Promise<RememberedChat>;

  /**
   * Puts a memory in the place of the one that was read, and deletes the items that only that one has. All
   * of it counts at once, or nothing.
   * @returns `stale` where somebody else wrote meanwhile: then nothing of it counts
   */
  keep(chat: Chat, read: StoredMemory, next: ChatMemory): Promise<'kept' | 'stale'>;

  /**
   * Deletes these items, and the summary, which may tell the same. Nothing that was said up to this turn is
   * remembered anew: whoever is at it now finds what it read stale.
   */
  forget(
    chat: Chat,
    wish: { readonly ids: readonly MemoryId[]; readonly upTo: number },
  ): Promise<void>;

  /** Deletes a memory as it was read, unless somebody else wrote meanwhile. */
  drop(chat: Chat, read: StoredMemory): Promise<void>;
}
