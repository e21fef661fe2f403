import type { StoredInbound } from '#domain/conversation/message.ts';
import type { Chat } from '#domain/ids.ts';
import type { ConversationStore } from './ports/conversation-store.ts';
import type { Log } from './ports/log.ts';
import type { Metrics } from './ports/metrics.ts';

export interface RecordOnlyDeps {
  readonly store: ConversationStore;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Finishes what needs no answer. Timers lie there too; nobody sent us those. */
export async function recordOnly(
  chat: Chat,
  messages: readonly StoredInbound[],
  { store, log, metrics }: RecordOnlyDeps,
): Promise<void> {
  if (messages.length === 0) return;
  const keys = messages.map(({ key }) => key);
  await store.finish(chat, keys, { outcome: 'recorded', turnId: undefined });
  const written = messages.filter(({ message }) => !message.command);
  if (written.length > 0) metrics.count('MessagesRecorded', written.length);
  log.info('messages_recorded', { messages: keys.length });
}
