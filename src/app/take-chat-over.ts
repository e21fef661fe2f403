import type { ChatHead } from '#domain/conversation/head.ts';
import { takeOver } from '#domain/conversation/tenancy.ts';
import { isUntouched, outcomeOf } from '#domain/conversation/turn.ts';
import type { Chat, TenantId } from '#domain/ids.ts';
import { type ChatOutcome, FENCED, SETTLED } from './chat-outcome.ts';
import type { Clock } from './ports/clock.ts';
import type { ConversationStore } from './ports/conversation-store.ts';
import type { Log } from './ports/log.ts';

export interface TakeChatOverDeps {
  readonly store: ConversationStore;
  readonly clock: Clock;
  readonly log: Log;
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
  { store, clock, log }: TakeChatOverDeps,
): Promise<ChatOutcome> {
  const { openTurn: turn } = head;
  if (turn && !isUntouched(turn)) {
    await store.finish(chat, turn.answers, { outcome: outcomeOf(turn), turnId: turn.id });
  }
  const saved = await store.saveHead(chat, takeOver(head, tenantId, clock.now()));
  if (saved === 'stale') return FENCED;
  log.warn('chat_taken_over', { messages: turn?.answers.length ?? 0 });
  return SETTLED;
}
