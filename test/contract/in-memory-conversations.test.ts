import { InMemoryChatArchive } from '#adapters/in-memory/in-memory-chat-archive.ts';
import { InMemoryCommandBook } from '#adapters/in-memory/in-memory-command-book.ts';
import { InMemoryConversations } from '#adapters/in-memory/in-memory-conversations.ts';
import { ManualClock } from '#test/support/recorders.ts';
import { describeConversationStore } from './conversation-store-suite.ts';

describeConversationStore('in memory', async () => {
  const conversations = new InMemoryConversations(new ManualClock());
  const archive = new InMemoryChatArchive(conversations);
  return {
    inbox: conversations,
    conversations,
    deliveries: conversations,
    unfinished: conversations,
    parked: conversations,
    chats: archive,
    archive,
    spoil: undefined,
    erasable: conversations,
    preferences: conversations,
    book: new InMemoryCommandBook(),
    memories: conversations.memories,
  };
});
