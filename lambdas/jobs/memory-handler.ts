import { DynamoChatMemories } from '#adapters/dynamodb/dynamo-chat-memories.ts';
import { DynamoConversationStore } from '#adapters/dynamodb/dynamo-conversation-store.ts';
import { DynamoSpendLedger } from '#adapters/dynamodb/dynamo-spend-ledger.ts';
import type { DynamoSender } from '#adapters/dynamodb/table.ts';
import { OpenAiMemoryModel } from '#adapters/openai/open-ai-memory-model.ts';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { systemIds } from '#adapters/system/system-ids.ts';
import { systemRandom } from '#adapters/system/system-random.ts';
import type { Log } from '#app/ports/log.ts';
import type { Metrics } from '#app/ports/metrics.ts';
import type { SecretSource } from '#app/ports/secret-source.ts';
import type { TenantDirectory } from '#app/ports/tenant-directory.ts';
import { type RememberChatDeps, rememberChat } from '#app/remember-chat.ts';
import type { JobHandlers } from '#app/run-job.ts';
import { readOptionalEnv } from '#runtime/env.ts';
import { readSpendingTerms } from '#runtime/spending-terms.ts';
import type { JobsEnv } from './config.ts';

export interface MemoryHandlerDeps {
  readonly dynamo: DynamoSender;
  readonly tenants: TenantDirectory;
  readonly secrets: SecretSource;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Keeps in mind what was said in a chat. */
export function memoryHandler(
  env: JobsEnv,
  { dynamo, tenants, secrets, log, metrics }: MemoryHandlerDeps,
): NonNullable<JobHandlers['memory']> {
  const chats = { client: dynamo, tableName: env.CONVERSATIONS_TABLE, clock: systemClock };
  const deps: RememberChatDeps = {
    memories: new DynamoChatMemories(chats),
    store: new DynamoConversationStore({ ...chats, log }),
    tenants,
    ledger: new DynamoSpendLedger({
      client: dynamo,
      tableName: env.TENANTS_TABLE,
      platform: readSpendingTerms(env).platform,
      log,
    }),
    memoryModel: new OpenAiMemoryModel({ secrets, baseUrl: readOptionalEnv('OPENAI_BASE_URL') }),
    defaultModel: env.DEFAULT_MODEL,
    ids: systemIds,
    random: systemRandom,
    pseudonyms,
    clock: systemClock,
    metrics,
  };
  return (job, work) => rememberChat(job, work, deps);
}
