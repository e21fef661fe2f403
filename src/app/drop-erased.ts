import { isErased } from '#domain/conversation/erasure.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import type { Chat } from '#domain/ids.ts';
import type { ConversationStore, RecentMessages } from './ports/conversation-store.ts';
import type { Log } from './ports/log.ts';
import type { Metrics } from './ports/metrics.ts';

export interface DropErasedDeps {
  readonly store: ConversationStore;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * What was erased and comes back all the same (Meta redelivers for days, a ring is redriven, another chat
 * forwards) is deleted unread. @returns the rest
 */
export async function dropErased(
  chat: Chat,
  { erasure }: ChatHead,
  recent: RecentMessages,
  { store, log, metrics }: DropErasedDeps,
): Promise<RecentMessages> {
  const all = [...recent.messages.map(({ key }) => key), ...recent.unreadable];
  const erased = all.filter((key) => isErased(key, erasure));
  if (erased.length === 0) return recent;
  await store.erase(chat, erased);
  metrics.count('MessagesErased', erased.length);
  log.info('messages_erased', { messages: erased.length });
  return {
    messages: recent.messages.filter(({ key }) => !isErased(key, erasure)),
    unreadable: recent.unreadable.filter((key) => !isErased(key, erasure)),
  };
}
