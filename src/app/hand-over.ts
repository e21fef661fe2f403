import type { ChatHead } from '#domain/conversation/head.ts';
import type { StoredInbound } from '#domain/conversation/message.ts';
import type { Chat, TenantId } from '#domain/ids.ts';
import { type ChatOutcome, FENCED, SETTLED } from './chat-outcome.ts';
import type { ConversationStore } from './ports/conversation-store.ts';
import type { Log } from './ports/log.ts';
import type { Metrics } from './ports/metrics.ts';

export interface HandOverDeps {
  readonly store: ConversationStore;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface TenantHead {
  readonly head: ChatHead;
  readonly tenantId: TenantId;
}

/**
 * A person answers these: they are finished without a word of ours. The head is written first, changed or
 * not: it keeps a worker out that read the chat before and is about to answer, and puts the chat among those
 * of its tenant, where the person finds it.
 */
export async function handOver(
  chat: Chat,
  head: TenantHead,
  messages: readonly StoredInbound[],
  deps: HandOverDeps,
): Promise<ChatOutcome> {
  const finished = await finishUnanswered(chat, head, messages, 'handed-over', deps);
  if (finished.kind === 'settled') deps.metrics.count('MessagesHandedOver', messages.length);
  return finished;
}

/** As `handOver`, under another name. */
export async function finishUnanswered(
  chat: Chat,
  { head, tenantId }: TenantHead,
  messages: readonly StoredInbound[],
  outcome: 'handed-over' | 'limited' | 'opted-out' | 'recorded',
  { store, log, metrics }: HandOverDeps,
): Promise<ChatOutcome> {
  const said = messages.map(({ message }) => message.sentAtMs);
  const lastMessageAtMs = Math.max(head.lastMessageAtMs, ...said);
  const saved = await store.saveHead(chat, { ...head, tenantId, lastMessageAtMs });
  if (saved === 'stale') return FENCED;
  const keys = messages.map(({ key }) => key);
  await store.finish(chat, keys, { outcome, turnId: undefined });
  metrics.count('MessagesFinished', keys.length);
  log.info('messages_unanswered', { messages: keys.length, outcome });
  return SETTLED;
}

/** Messages that came too late for the model: the chat is flagged, so that somebody looks. */
export function handOverTooOld(
  chat: Chat,
  { head, tenantId }: TenantHead,
  messages: readonly StoredInbound[],
  deps: HandOverDeps,
): Promise<ChatOutcome> {
  deps.metrics.count('MessagesTooOld', messages.length);
  return handOver(chat, { head: { ...head, flag: 'too-old' }, tenantId }, messages, deps);
}
