import type { Chat } from '#domain/ids.ts';
import type { MemoryQuestion } from '#domain/memory/questions.ts';
import { costOfUsage, upperBoundOf } from '#domain/money/model-cost.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { TimeLeft } from './chat-outcome.ts';
import { logModelCall } from './log-model-call.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { MemoryReply, MemoryRequest } from './ports/memory-model.ts';
import type { Metrics } from './ports/metrics.ts';
import type { Pseudonyms } from './ports/pseudonyms.ts';
import type { SpendLedger } from './ports/spend-ledger.ts';
import { spenderOf } from './spender-of.ts';

export interface AskMemoryModelDeps {
  readonly ledger: SpendLedger;
  /** Small and cheap: what a tenant chose for its customers' answers is not needed here. */
  readonly defaultModel: string;
  readonly pseudonyms: Pseudonyms;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** Who asks, and how long there is. */
export interface MemoryAsker {
  readonly chat: Chat;
  readonly tenant: Tenant;
  readonly time: TimeLeft;
  readonly log: Log;
}

/** `no-money`: a budget has no room, and customers' answers come first. */
export type MemoryAnswer<Said> = MemoryReply<Said> | { readonly kind: 'no-money' };

const TIMEOUT_MS = 25_000;
/** Forty facts, or a summary. */
const MOST_OUTPUT_TOKENS = 2_500;

/** One paid call: what it can cost at most is held before, and what it has cost is counted after. */
export async function askMemoryModel<Said>(
  { chat, tenant, time, log }: MemoryAsker,
  question: MemoryQuestion,
  ask: (request: MemoryRequest) => Promise<MemoryReply<Said>>,
  { ledger, defaultModel: model, pseudonyms, clock, metrics }: AskMemoryModelDeps,
): Promise<MemoryAnswer<Said>> {
  const conversation = [{ text: question.data }];
  const bound = upperBoundOf(model, {
    instructions: question.instructions,
    conversation,
    maxOutputTokens: MOST_OUTPUT_TOKENS,
  });
  // It is no turn: it takes nothing of what the tenant may have of those.
  const spender = spenderOf(tenant, chat, { turnsPerMinute: undefined });
  const terms = { ...spender.terms, turnsPerMinute: undefined };
  const reserved = await ledger.reserve({ ...spender, terms }, bound, clock.now());
  if (reserved.kind === 'refused') {
    metrics.count('MemoryBudgetStops');
    log.info('memory_skipped', { cause: reserved.by });
    return { kind: 'no-money' };
  }
  const startedMs = clock.now();
  let reply: MemoryReply<Said> | undefined;
  try {
    reply = await ask({
      ...question,
      model,
      maxOutputTokens: MOST_OUTPUT_TOKENS,
      safetyIdentifier: pseudonyms.ofChat(chat),
      timeoutMs: Math.min(TIMEOUT_MS, time.remainingMs()),
    });
  } finally {
    const usage = reply?.usage;
    const mayHaveCost = reply?.kind !== 'failed' || reply.failure.mayHaveCost === true;
    const cost = usage ? costOfUsage(model, usage) : mayHaveCost ? bound : undefined;
    await ledger.settle(reserved.reservation, cost === undefined ? {} : { model: cost });
    count(usage, cost, metrics);
    const durationMs = clock.now() - startedMs;
    logModelCall(log, { kind: 'memory', model, durationMs, usage, cost });
  }
  return reply;
}

function count(
  usage:
    | {
        readonly inputTokens: number;
        readonly cachedInputTokens: number;
        readonly outputTokens: number;
      }
    | undefined,
  cost: number | undefined,
  metrics: Metrics,
): void {
  metrics.count('MemoryCalls');
  if (cost !== undefined) metrics.count('ModelCost', cost);
  if (!usage) return;
  metrics.count('ModelInputTokens', usage.inputTokens);
  metrics.count('ModelCachedInputTokens', usage.cachedInputTokens);
  metrics.count('ModelOutputTokens', usage.outputTokens);
}
