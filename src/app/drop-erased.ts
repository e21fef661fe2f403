import { isErased, isErasedMemory } from '#domain/conversation/erasure.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import type { StoredMessage } from '#domain/conversation/message.ts';
import type { Chat, TenantId } from '#domain/ids.ts';
import { mediumOf } from '#domain/media/medium.ts';
import type { ChatMemories, RememberedChat } from './ports/chat-memories.ts';
import type { ConversationStore, RecentMessages } from './ports/conversation-store.ts';
import type { Log } from './ports/log.ts';
import type { MediaStore } from './ports/media-store.ts';
import type { Metrics } from './ports/metrics.ts';

export interface DropErasedDeps {
  readonly store: ConversationStore;
  readonly memories: ChatMemories;
  readonly media: Pick<MediaStore, 'erase'>;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * What was erased and comes back all the same (Meta redelivers for days, a ring is redriven, another chat
 * forwards) is deleted unread, and so is its file, which may be there where nothing led to this chat when its
 * contact was erased.
 * @returns the rest
 */
export async function dropErased(
  { chat, tenantId }: { readonly chat: Chat; readonly tenantId: TenantId | undefined },
  { erasure }: ChatHead,
  recent: RecentMessages,
  { store, media, log, metrics }: DropErasedDeps,
): Promise<RecentMessages> {
  const all = [...recent.messages.map(({ key }) => key), ...recent.unreadable, ...recent.newer];
  const erased = all.filter((key) => isErased(key, erasure));
  if (erased.length === 0) return recent;
  if (tenantId !== undefined) {
    const gone = recent.messages.filter((each) => hasFile(each) && isErased(each.key, erasure));
    await Promise.all(gone.map(({ key }) => media.erase({ tenantId, chat, message: key })));
  }
  await store.erase(chat, erased);
  metrics.count('MessagesErased', erased.length);
  log.info('messages_erased', { messages: erased.length });
  return {
    messages: recent.messages.filter(({ key }) => !isErased(key, erasure)),
    unreadable: recent.unreadable.filter((key) => !isErased(key, erasure)),
    newer: recent.newer.filter((key) => !isErased(key, erasure)),
  };
}

/**
 * What is remembered of what was erased. An erasure deletes it itself, but in a chat of the contact's that
 * nothing led to then and that learned of it when the two were linked.
 */
export async function dropErasedMemory(
  chat: Chat,
  { head, stored }: RememberedChat,
  { memories, log }: Pick<DropErasedDeps, 'memories' | 'log'>,
): Promise<void> {
  const { revision, headVersion } = stored.memory;
  if (revision === '' || !isErasedMemory(headVersion, head.erasure)) return;
  await memories.drop(chat, stored);
  log.info('memory_dropped');
}

function hasFile(stored: StoredMessage): boolean {
  return stored.direction === 'in' && mediumOf(stored.message) !== undefined;
}
