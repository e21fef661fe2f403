import type { ChatHead } from '#domain/conversation/head.ts';
import { takeOver } from '#domain/conversation/tenancy.ts';
import { isUntouched, outcomeOf } from '#domain/conversation/turn.ts';
import type { Chat, TenantId } from '#domain/ids.ts';
import { type ChatOutcome, FENCED, SETTLED } from './chat-outcome.ts';
import type { ChatMemories } from './ports/chat-memories.ts';
import type { Clock } from './ports/clock.ts';
import type { ConversationStore } from './ports/conversation-store.ts';
import type { Log } from './ports/log.ts';
import type { Metrics } from './ports/metrics.ts';

export interface TakeChatOverDeps {
  readonly store: ConversationStore;
  readonly memories: ChatMemories;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * The chat's number is another tenant's than when it was last worked on. Nothing that was said before
 * is told to the new tenant's model, and no word of the old one's goes out with the new one's token. An
 * open turn of which a part is out, or may be, answered its messages; any other is forgotten, and what it
 * would have answered waits.
 */
export async function takeChatOver(
  chat: Chat,
  head: ChatHead,
  tenantId: TenantId,
  { store, memories, clock, log, metrics }: TakeChatOverDeps,
): Promise<ChatOutcome> {
  const { openTurn: turn } = head;
  if (turn && !isUntouched(turn)) {
    await store.finish(chat, turn.answers, { outcome: outcomeOf(turn), turnId: turn.id });
    if (turn.kind !== 'person') metrics.count('MessagesFinished', turn.answers.length);
  }
  const saved = await store.saveHead(chat, takeOver(head, tenantId, clock.now()));
  if (saved === 'stale') return FENCED;
  // What is left of it after a crash counts for nobody, and goes when something else is remembered.
  await memories.drop(chat, (await memories.readWithHead(chat)).stored);
  log.warn('chat_taken_over', { messages: turn?.answers.length ?? 0 });
  return SETTLED;
}
