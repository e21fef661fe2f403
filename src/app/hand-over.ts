import type { ChatHead } from '#domain/conversation/head.ts';
import type { StoredInbound } from '#domain/conversation/message.ts';
import type { Chat } from '#domain/ids.ts';
import { type ChatOutcome, FENCED, SETTLED } from './chat-outcome.ts';
import type { ConversationStore } from './ports/conversation-store.ts';
import type { Log } from './ports/log.ts';
import type { Metrics } from './ports/metrics.ts';

export interface HandOverDeps {
  readonly store: ConversationStore;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** A person answers these: they are finished without a word of ours. */
export async function handOver(
  chat: Chat,
  messages: readonly StoredInbound[],
  { store, log, metrics }: HandOverDeps,
): Promise<ChatOutcome> {
  const keys = messages.map(({ key }) => key);
  await store.finish(chat, keys, { outcome: 'handed-over', turnId: undefined });
  metrics.count('MessagesFinished', keys.length);
  metrics.count('MessagesHandedOver', keys.length);
  log.info('handed_over', { messages: keys.length });
  return SETTLED;
}

/** The same after the head was changed, which also keeps a worker out that lost its chat. */
export async function handOverWith(
  chat: Chat,
  head: ChatHead,
  messages: readonly StoredInbound[],
  deps: HandOverDeps,
): Promise<ChatOutcome> {
  const saved = await deps.store.saveHead(chat, head);
  return saved === 'stale' ? FENCED : handOver(chat, messages, deps);
}

/** Messages that came too late for the model: the chat is flagged, so that somebody looks. */
export async function handOverTooOld(
  chat: Chat,
  head: ChatHead,
  messages: readonly StoredInbound[],
  deps: HandOverDeps,
): Promise<ChatOutcome> {
  deps.metrics.count('MessagesTooOld', messages.length);
  return head.flag === 'too-old'
    ? handOver(chat, messages, deps)
    : handOverWith(chat, { ...head, flag: 'too-old' }, messages, deps);
}
