import type { InMemoryConversations } from '#adapters/in-memory/in-memory-conversations.ts';
import { inboundKey, type MessageKey, type StoredMessage } from '#domain/conversation/message.ts';
import { type Chat, chatKey } from '#domain/ids.ts';
import { override } from './override.ts';

/** A store whose inbox write has no condition: what is there already is written anew, as unfinished. */
export function overwritingInbox(store: InMemoryConversations): InMemoryConversations {
  const rewritten = new Set<string>();
  const nameOf = (chat: Chat, key: MessageKey) => `${chatKey(chat)} ${key}`;
  const asStored = (chat: Chat, messages: readonly StoredMessage[]) =>
    messages.map((stored) =>
      stored.direction === 'in' && rewritten.has(nameOf(chat, stored.key))
        ? { ...stored, progress: { kind: 'unfinished' } as const }
        : stored,
    );
  return override(store, {
    accept: async (arrivals) => {
      const results = await store.accept(arrivals);
      return results.map((result, index) => {
        const message = arrivals[index]?.message;
        if (result === 'duplicate' && message) {
          rewritten.add(nameOf(message.chat, inboundKey(message)));
        }
        return 'accepted';
      });
    },
    readRecent: async (chat, wanted) => {
      const recent = await store.readRecent(chat, wanted);
      return { ...recent, messages: asStored(chat, recent.messages) };
    },
    finish: async (chat, keys, result) => {
      for (const key of keys) rewritten.delete(nameOf(chat, key));
      await store.finish(chat, keys, result);
    },
    transcript: (chat) => asStored(chat, store.transcript(chat)),
  });
}
