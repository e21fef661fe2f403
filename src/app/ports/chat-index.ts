import type { ChatHead } from '#domain/conversation/head.ts';
import type { Chat, TenantId } from '#domain/ids.ts';

/** A chat as lists show it. */
export interface ListedChat extends Pick<ChatHead, 'state' | 'flag' | 'lastMessageAtMs'> {
  readonly chat: Chat;
}

/** A tenant's chats. */
export interface ChatIndex {
  /**
   * Those in which a turn was begun, the most recent first, from an eventually consistent index; read as
   * they are asked for. A contact who has moved on to another id is there under that one.
   * @param beforeMs only those whose last message is older
   */
  listChats(tenant: TenantId, beforeMs?: number): AsyncIterable<ListedChat>;
}
