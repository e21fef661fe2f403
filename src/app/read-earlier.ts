import { isErased } from '#domain/conversation/erasure.ts';
import { turnOf } from '#domain/conversation/history.ts';
import type { StoredMessage } from '#domain/conversation/message.ts';
import { summarisedUpTo } from '#domain/memory/known-text.ts';
import { NO_MEMORY, versionOfTurn } from '#domain/memory/memory.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { ChatWork } from './answer-chat.ts';
import type { ChatState } from './move-chat.ts';
import type { ConversationStore } from './ports/conversation-store.ts';

/** Enough for the history of a chat whose summary is up to date; unfinished messages are read beyond it. */
export const RECENT_MESSAGES = 40;
/** Of one whose summary is behind: sixty quick turns are in no summary yet, and a prompt has room for them. */
const MOST_MESSAGES = 200;

/**
 * What was said before the messages that are read anyway and is not in the summary: history only. Usually
 * nothing is, and nothing is read; then a customer wrote faster than memory jobs come, or these failed.
 */
export async function readEarlier(
  { chat, only }: ChatWork,
  tenant: Tenant,
  { head, messages, memory = NO_MEMORY }: ChatState,
  { store }: { readonly store: Pick<ConversationStore, 'readRecent'> },
): Promise<readonly StoredMessage[]> {
  const upTo = summarisedUpTo(memory, tenant.memory);
  const reachesSummary = messages.some((stored) => {
    const turn = turnOf(stored);
    return turn !== undefined && versionOfTurn(turn) <= upTo;
  });
  if (only !== undefined || reachesSummary || messages.length < RECENT_MESSAGES) return [];
  const known = new Set(messages.map(({ key }) => key));
  const read = await store.readRecent(chat, { limit: MOST_MESSAGES, keys: [] });
  return read.messages.filter(({ key }) => !known.has(key) && !isErased(key, head.erasure));
}
