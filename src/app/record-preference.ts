import { type Choice, newestChoice } from '#domain/conversation/choice.ts';
import type { Chat } from '#domain/ids.ts';
import type { ConversationStore } from './ports/conversation-store.ts';

export interface RecordPreferenceDeps {
  readonly heads: Pick<ConversationStore, 'readHead' | 'saveHead'>;
}

const MOST_TRIES = 10;

/** Raised where others write the head again and again: the event is taken in once more, later. */
class HeadBusyError extends Error {
  override readonly name = 'HeadBusyError';
}

/**
 * Writes down whether a contact wants marketing messages, for whoever sends some. The newest choice counts,
 * in whatever order they come; one that is known, or of before an erasure, writes nothing and so disturbs
 * no turn.
 * @returns whether it was written
 */
export async function recordPreference(
  told: Chat,
  choice: Choice,
  { heads }: RecordPreferenceDeps,
): Promise<boolean> {
  let chat = told;
  const seen = new Set([told.contact]);
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const head = await heads.readHead(chat);
    if (choice.atMs <= (head.erasure?.atMs ?? -1)) return false;
    if (head.movedTo && !seen.has(head.movedTo)) {
      chat = { ...chat, contact: head.movedTo };
      seen.add(head.movedTo);
      continue;
    }
    const marketing = newestChoice(head.marketing, choice);
    if (marketing !== choice) return false;
    if ((await heads.saveHead(chat, { ...head, marketing })) !== 'stale') return true;
  }
  throw new HeadBusyError('The head of a chat is written by others all the time');
}
