import type { Choice } from '#domain/conversation/choice.ts';
import type { Delivery } from '#domain/conversation/delivery.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import type { MessageKey, StoredInbound, StoredOutbound } from '#domain/conversation/message.ts';
import type { Chat } from '#domain/ids.ts';
import type { JsonObject } from '#domain/json.ts';
import type { MemoryItem } from '#domain/memory/memory.ts';
import type { KeptEvent } from './conversation-store.ts';

/** One item of a chat. `key` is its key within the chat; keys sort the items, messages by their time. */
export type ArchivedItem =
  | { readonly kind: 'head'; readonly key: string; readonly head: ChatHead }
  | { readonly kind: 'message'; readonly key: string; readonly message: StoredInbound }
  | {
      readonly kind: 'bubble';
      readonly key: string;
      readonly bubble: StoredOutbound;
      readonly delivery: Delivery;
    }
  /** What the contact told Meta of marketing messages. */
  | { readonly kind: 'preference'; readonly key: string; readonly choice: Choice }
  /** One thing that is remembered, whether it counts still or not. */
  | { readonly kind: 'memory'; readonly key: string; readonly memory: MemoryItem }
  /** What holds the memory together: positions, and no word. */
  | { readonly kind: 'memory-book'; readonly key: string; readonly stored: JsonObject }
  /** This release cannot read it, or does not know what it is: as it is stored. */
  | { readonly kind: 'other'; readonly key: string; readonly stored: JsonObject };

export type ArchivedMessage = Extract<ArchivedItem, { readonly kind: 'message' | 'bubble' }>;

/** An event that nobody handles. `key` is its key within its account. */
export interface ArchivedEvent {
  readonly key: string;
  readonly event: KeptEvent;
}

/** Everything that is stored of a chat: for whoever shows, exports or erases it. Strongly consistent. */
export interface ChatArchive {
  /** Undefined where the chat has none. `unreadable`: this release cannot read it. */
  findHead(chat: Chat): Promise<ChatHead | 'unreadable' | undefined>;
  /** What the contact told Meta of marketing messages, as far as it can be read. */
  findPreference(chat: Chat): Promise<Choice | undefined>;
  /** All items, by their keys, read page by page as they are asked for. */
  items(chat: Chat): AsyncIterable<ArchivedItem>;
  /** The newest messages and bubbles, newest first. What cannot be read is left out. */
  newest(chat: Chat, limit: number): Promise<readonly ArchivedMessage[]>;
  /** These messages and bubbles, in the order of the keys; those that are not there are left out. */
  messagesOf(chat: Chat, keys: readonly MessageKey[]): Promise<readonly ArchivedMessage[]>;
  /**
   * Kept events of a WhatsApp Business Account, oldest first, read as `items`; undefined: those that
   * name no account.
   */
  keptEvents(accountId: string | undefined): AsyncIterable<ArchivedEvent>;
}
