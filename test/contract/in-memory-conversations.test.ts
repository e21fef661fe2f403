import { InMemoryConversations } from '#adapters/in-memory/in-memory-conversations.ts';
import { describeConversationStore } from './conversation-store-suite.ts';

describeConversationStore('in memory', async () => {
  const conversations = new InMemoryConversations();
  return {
    inbox: conversations,
    conversations,
    deliveries: conversations,
    unfinished: conversations,
  };
});
