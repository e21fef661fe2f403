import { answersToLookAt, withoutEndedTurn } from '#domain/conversation/ended-turn.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import type { Chat } from '#domain/ids.ts';
import type { ConversationStore } from './ports/conversation-store.ts';

/** The head of a chat that is not the one at work, or of one that is read again: without a reply at its end. */
export async function readSettledHead(
  chat: Chat,
  store: Pick<ConversationStore, 'readHead' | 'readRecent'>,
): Promise<ChatHead> {
  const head = await store.readHead(chat);
  const keys = answersToLookAt(head);
  // After the head, whose turn they tell of.
  return keys.length === 0
    ? head
    : withoutEndedTurn(head, await store.readRecent(chat, { limit: 1, keys }));
}
