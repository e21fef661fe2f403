import { InMemoryConversations } from '#adapters/in-memory/in-memory-conversations.ts';
import { ManualClock } from '#test/support/recorders.ts';
import { describeConversationStore } from './conversation-store-suite.ts';

describeConversationStore('in memory', async () => {
  const conversations = new InMemoryConversations(new ManualClock());
  return {
    inbox: conversations,
    conversations,
    deliveries: conversations,
    unfinished: conversations,
    parked: conversations,
    erasable: conversations,
    heads: conversations,
  };
});
