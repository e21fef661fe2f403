import type { ChatHead } from '#domain/conversation/head.ts';
import type { PhoneNumberId, TenantId } from '#domain/ids.ts';
import type { ChatIndex, ListedChat } from './ports/chat-index.ts';

export interface WantedChats {
  readonly tenant: TenantId;
  /** Only those that a person should look at. */
  readonly isFlagged: boolean;
  readonly state: ChatHead['state'] | undefined;
  /** Only those at this number. @default at all */
  readonly phoneNumberId?: PhoneNumberId | undefined;
  /** Only those whose last message is older. @default all */
  readonly beforeMs?: number | undefined;
  readonly limit: number;
}

export interface ChatList {
  /** The most recent first. */
  readonly chats: readonly ListedChat[];
  /** There are more than the limit. */
  readonly hasMore: boolean;
}

/** A tenant's chats, as far as they are wanted; reads no further than it must. */
export async function listChats(
  { tenant, isFlagged, state, phoneNumberId, beforeMs, limit }: WantedChats,
  index: ChatIndex,
): Promise<ChatList> {
  const chats: ListedChat[] = [];
  for await (const each of index.listChats(tenant, beforeMs)) {
    if (isFlagged && each.flag === undefined) continue;
    if (state !== undefined && each.state !== state) continue;
    if (phoneNumberId !== undefined && each.chat.phoneNumberId !== phoneNumberId) continue;
    if (chats.length === limit) return { chats, hasMore: true };
    chats.push(each);
  }
  return { chats, hasMore: false };
}
