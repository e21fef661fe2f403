import type { MessageKey } from '#domain/conversation/message.ts';
import type { PlacedMessage } from '#domain/conversation/prompt.ts';
import type { Failure } from '#domain/failure.ts';
import { withoutForbidden } from '#domain/memory/forbidden.ts';
import { itemOf, learn } from '#domain/memory/learn.ts';
import { type ChatMemory, type MemoryItem, versionOfTurn } from '#domain/memory/memory.ts';
import { extractionQuestion, summaryQuestion } from '#domain/memory/questions.ts';
import type { Fold } from '#domain/memory/window.ts';
import { DEFAULT_RETENTION_DAYS } from '#domain/tenant/retention.ts';
import {
  type AskMemoryModelDeps,
  askMemoryModel,
  type MemoryAnswer,
  type MemoryAsker,
} from './ask-memory-model.ts';
import type { Random } from './ports/clock.ts';
import type { Ids } from './ports/ids.ts';
import type { MemoryModel } from './ports/memory-model.ts';

export interface LearnDeps extends AskMemoryModelDeps {
  readonly memoryModel: MemoryModel;
  readonly ids: Ids;
  readonly random: Random;
}

/** A memory with what was learned, or why there is none. */
export type Updated =
  | { readonly kind: 'memory'; readonly memory: ChatMemory }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'no-money' };

/** Looks through turns for what they tell of the customer. */
export async function learnFrom(
  asker: MemoryAsker,
  memory: ChatMemory,
  turns: readonly PlacedMessage[],
  deps: LearnDeps,
): Promise<Updated> {
  const last = turns.at(-1);
  if (!last) return { kind: 'memory', memory };
  const { tenant } = asker;
  const question = extractionQuestion(turns, memory.items, tenant.memory);
  const ask = deps.memoryModel.extract.bind(deps.memoryModel);
  const answer = await askMemoryModel(asker, question, ask, deps);
  const extractedUpTo = Math.max(...turns.map(({ turn }) => versionOfTurn(turn)));
  if (isHopeless(answer)) return { kind: 'memory', memory: { ...memory, extractedUpTo } };
  if (answer.kind !== 'said') return answer;
  const items = learn(memory.items, answer.said, {
    ...keeping(asker, deps),
    settings: tenant.memory,
    keys: turns.map(keyOf),
  });
  return { kind: 'memory', memory: { ...memory, extractedUpTo, items } };
}

/** Folds what has left the prompt into the summary; what was forgotten with it goes without a trace. */
export async function summariseFold(
  asker: MemoryAsker,
  memory: ChatMemory,
  { messages, upTo }: Fold,
  deps: LearnDeps,
): Promise<Updated> {
  const { tenant } = asker;
  const before = memory.items.find(({ kind }) => kind === 'summary');
  const told = messages.filter(({ turn }) => versionOfTurn(turn) > memory.forgottenUpTo);
  const folded = { ...memory, summarisedUpTo: upTo };
  if (told.length === 0) return { kind: 'memory', memory: folded };
  const question = summaryQuestion(told, before?.text, tenant.memory);
  const ask = deps.memoryModel.summarise.bind(deps.memoryModel);
  const answer = await askMemoryModel(asker, question, ask, deps);
  // The summary stays as it was: better than that the same is asked, and paid for, for ever.
  if (isHopeless(answer)) return { kind: 'memory', memory: folded };
  if (answer.kind !== 'said') return answer;
  deps.metrics.count('MemorySummaries');
  const text = withoutForbidden(answer.said, tenant.memory)
    .slice(0, LONGEST_SUMMARY)
    .toWellFormed();
  const others = memory.items.filter(({ kind }) => kind !== 'summary');
  const summary = text === '' ? [] : [summaryOf(text, asker, deps)];
  return { kind: 'memory', memory: { ...folded, items: [...others, ...summary] } };
}

const LONGEST_SUMMARY = 2_400;

function summaryOf(text: string, asker: MemoryAsker, deps: LearnDeps): MemoryItem {
  const said = {
    kind: 'summary' as const,
    text,
    formerIds: [],
    category: undefined,
    source: undefined,
  };
  // It is what was said, shortened, and goes with it.
  const keptDays = asker.tenant.retentionDays ?? DEFAULT_RETENTION_DAYS;
  const item = { ...said, confidence: 1, times: 1, level: 'long' as const };
  return itemOf(item, { ...keeping(asker, deps), keptDays });
}

function keeping({ tenant }: MemoryAsker, { ids, clock }: LearnDeps) {
  return {
    keptDays: tenant.retentionDays,
    nowMs: clock.now(),
    newId: () => ids.next(),
  };
}

/** However often this is asked, there is no answer to it. */
function isHopeless(answer: MemoryAnswer<unknown>): boolean {
  return answer.kind === 'failed' && answer.failure.class === 'reply-anyway';
}

function keyOf({ stored }: PlacedMessage): MessageKey {
  return stored.key;
}
