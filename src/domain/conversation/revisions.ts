import { type JsonObject, objectAt, textAt } from '#domain/json.ts';
import type { StoredInbound, StoredMessage } from './message.ts';
import { compareInbound } from './message.ts';

/**
 * What customers did to their messages later. An edited message has its newest words, a deleted one is
 * marked so; a notice whose message still waited, and says the same by now, is `isApplied`.
 */
export interface Revised {
  readonly messages: readonly StoredMessage[];
  /** Keys of notices that need no answer of their own. */
  readonly applied: ReadonlySet<string>;
}

const NOTICES = ['edit', 'revoke'];

export function applyRevisions(messages: readonly StoredMessage[]): Revised {
  const notices = messages
    .filter((each): each is StoredInbound => each.direction === 'in')
    .filter(({ message }) => NOTICES.includes(message.type))
    .sort(compareInbound);
  if (notices.length === 0) return { messages, applied: new Set() };
  // In their order: of several edits of one message the newest remains.
  const newest = new Map(notices.map((each) => [originalOf(each), each]));
  const applied = new Set<string>();
  for (const each of notices) {
    if (newest.get(originalOf(each)) !== each) applied.add(each.key);
  }
  const revised = messages.map((stored) => {
    if (stored.direction === 'out') return stored;
    const notice = newest.get(stored.message.wamid);
    if (!notice || stored.message.wamid === '') return stored;
    if (!isFinal(stored) || notice.message.type === 'revoke') applied.add(notice.key);
    return revise(stored, notice.message.raw);
  });
  return { messages: revised, applied };
}

/** Whether an answer to it, or a decision not to answer, has been made already. */
function isFinal({ progress }: StoredInbound): boolean {
  return progress.kind === 'finished';
}

function originalOf({ message: { type, raw } }: StoredInbound): string {
  return textAt(objectAt(raw, type) ?? {}, 'original_message_id') ?? '';
}

function revise(stored: StoredInbound, notice: JsonObject): StoredInbound {
  if (objectAt(notice, 'revoke')) return { ...stored, revision: 'deleted' };
  const content = objectAt(objectAt(notice, 'edit') ?? {}, 'message');
  const type = content && textAt(content, 'type');
  const edited = content && type && objectAt(content, type);
  // Words or a caption are changed, never what kind of message it is, nor its file.
  if (!edited || type !== stored.message.type) return stored;
  const before = objectAt(stored.message.raw, type) ?? {};
  const raw = { ...stored.message.raw, [type]: { ...before, ...wordsOf(edited) } };
  return { ...stored, revision: 'edited', message: { ...stored.message, raw } };
}

function wordsOf(content: JsonObject): JsonObject {
  const { body, caption } = content;
  return {
    ...(typeof body === 'string' && { body }),
    ...(typeof caption === 'string' && { caption }),
  };
}
