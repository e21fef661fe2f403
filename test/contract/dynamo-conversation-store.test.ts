import { DynamoConversationStore } from '#adapters/dynamodb/dynamo-conversation-store.ts';
import { DynamoDeliveryLog } from '#adapters/dynamodb/dynamo-delivery-log.ts';
import { DynamoInbox } from '#adapters/dynamodb/dynamo-inbox.ts';
import { DynamoUnfinishedIndex } from '#adapters/dynamodb/dynamo-unfinished-index.ts';
import { startConversationsTable } from '#test/support/conversations-table.ts';
import { RecordingLog } from '#test/support/recorders.ts';
import { describeConversationStore } from './conversation-store-suite.ts';

describeConversationStore('DynamoDB', async () => {
  const { table, close } = await startConversationsTable();
  const log = new RecordingLog();
  return {
    inbox: new DynamoInbox({ ...table, log, budgetMs: 20_000 }),
    conversations: new DynamoConversationStore({
      ...table,
      clock: { now: () => 1_790_400_000_000 },
      log,
    }),
    deliveries: new DynamoDeliveryLog(table),
    unfinished: new DynamoUnfinishedIndex(table),
    close,
  };
});
