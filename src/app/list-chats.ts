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
  /** So many are looked at; where few of many are wanted, a page may have fewer than its limit. @default all */
  readonly mostRead?: number | undefined;
}

export interface ChatList {
  /** The most recent first. */
  readonly chats: readonly ListedChat[];
  /** There are more than the limit, or there may be. */
  readonly hasMore: boolean;
  /** Where the next page begins: all of it is older. */
  readonly moreBeforeMs: number | undefined;
}

/** A tenant's chats, as far as they are wanted; reads no further than it must. */
export async function listChats(wanted: WantedChats, index: ChatIndex): Promise<ChatList> {
  const { tenant, beforeMs, limit, mostRead = Number.POSITIVE_INFINITY } = wanted;
  const chats: ListedChat[] = [];
  let read = 0;
  let readUpToMs: number | undefined;
  for await (const each of index.listChats(tenant, beforeMs)) {
    if (read >= mostRead) return { chats, hasMore: true, moreBeforeMs: readUpToMs };
    read += 1;
    readUpToMs = each.lastMessageAtMs;
    if (!isWanted(each, wanted)) continue;
    if (chats.length === limit) {
      return { chats, hasMore: true, moreBeforeMs: chats.at(-1)?.lastMessageAtMs };
    }
    chats.push(each);
  }
  return { chats, hasMore: false, moreBeforeMs: undefined };
}

function isWanted(each: ListedChat, { isFlagged, state, phoneNumberId }: WantedChats): boolean {
  if (isFlagged && each.flag === undefined) return false;
  if (state !== undefined && each.state !== state) return false;
  return phoneNumberId === undefined || each.chat.phoneNumberId === phoneNumberId;
}
