import { backoffMs } from '#domain/backoff.ts';
import type { StoredInbound, StoredMessage } from '#domain/conversation/message.ts';
import { type Pending, planTurn, recipientOf } from '#domain/conversation/plan-turn.ts';
import { buildPrompt } from '#domain/conversation/prompt.ts';
import { splitReply } from '#domain/conversation/reply-parts.ts';
import type { Draft } from '#domain/conversation/turn.ts';
import type { Failure } from '#domain/failure.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { ChatWork } from './answer-chat.ts';
import type { ChatOutcome } from './chat-outcome.ts';
import type { Clock, Random } from './ports/clock.ts';
import type { ConversationStore } from './ports/conversation-store.ts';
import type { Log } from './ports/log.ts';
import type { MessageSender } from './ports/message-sender.ts';
import type { Metrics } from './ports/metrics.ts';
import type { Pseudonyms } from './ports/pseudonyms.ts';
import type { ModelReply, ReplyModel } from './ports/reply-model.ts';

export interface ComposeReplyDeps {
  readonly store: ConversationStore;
  readonly model: ReplyModel;
  readonly sender: MessageSender;
  readonly pseudonyms: Pseudonyms;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  /** After this long a customer gets the fallback text rather than more silence. */
  readonly answerDeadlineMs: number;
}

export interface Question {
  readonly work: ChatWork;
  readonly tenant: Tenant;
  /** What was said under the contact's earlier id: history only, it is answered in its own chat. */
  readonly former: readonly StoredMessage[];
  readonly messages: readonly StoredMessage[];
  readonly pending: Pending;
}

export type Composed =
  | { readonly kind: 'draft'; readonly draft: Omit<Draft, 'tenantId'> }
  | Extract<ChatOutcome, { kind: 'deferred' }>;

/** A draft is replaced at most this often because the customer wrote on. */
const MOST_REDRAFTS = 2;
const MODEL_TIMEOUT_MS = 25_000;
const LEAST_MODEL_TIME_MS = 3_000;
const TYPING_TIMEOUT_MS = 2_500;

/**
 * Asks the model, and asks again with everything if the customer has written on meanwhile. An answer
 * that is paid for is sent if the next one cannot be had; the rest is then answered in the next turn.
 */
export async function composeReply(question: Question, deps: ComposeReplyDeps): Promise<Composed> {
  let { messages, pending } = question;
  let answered: Composed | undefined;
  for (let redrafts = 0; ; redrafts += 1) {
    if (question.work.time.remainingMs() < LEAST_MODEL_TIME_MS) {
      return answered ?? { kind: 'deferred', delayMs: 1_000, cause: 'out-of-time' };
    }
    const [reply] = await Promise.all([
      ask(question, messages, pending, deps),
      showTyping(question, pending, deps),
    ]);
    if (reply.kind === 'failed') {
      const failed = afterFailure(question, pending, reply.failure, deps);
      return answered ?? failed;
    }
    answered = { kind: 'draft', draft: draftOf(pending, 'reply', reply.text) };
    const seen = await lookAgain(question.work, messages, deps);
    const again = planTurn(seen, question.work.rung);
    const hasMore = again.toAnswer.length > pending.toAnswer.length;
    if (!hasMore || redrafts >= MOST_REDRAFTS || isLate(pending, deps)) return answered;
    messages = seen;
    pending = again;
  }
}

async function ask(
  { work, tenant, former }: Question,
  messages: readonly StoredMessage[],
  pending: Pending,
  { model, pseudonyms, clock, metrics }: ComposeReplyDeps,
): Promise<ModelReply> {
  const startedMs = clock.now();
  const reply = await model.reply({
    model: tenant.model,
    instructions: tenant.instructions,
    conversation: buildPrompt([...former, ...messages], pending.toAnswer),
    safetyIdentifier: pseudonyms.ofChat(work.chat),
    cacheKey: tenant.id,
    timeoutMs: Math.min(MODEL_TIMEOUT_MS, work.time.remainingMs()),
  });
  metrics.count('ModelCalls');
  metrics.duration('ModelTime', clock.now() - startedMs);
  if (reply.kind === 'text') {
    metrics.count('ModelInputTokens', reply.usage.inputTokens);
    metrics.count('ModelCachedInputTokens', reply.usage.cachedInputTokens);
    metrics.count('ModelOutputTokens', reply.usage.outputTokens);
  }
  return reply;
}

/** The newest messages as they are now, with the ones known before. */
async function lookAgain(
  { chat }: ChatWork,
  known: readonly StoredMessage[],
  { store }: ComposeReplyDeps,
): Promise<readonly StoredMessage[]> {
  const newest = await store.readRecent(chat, { limit: 10, keys: [] });
  return [...new Map([...known, ...newest].map((each) => [each.key, each])).values()];
}

function afterFailure(
  { work, tenant }: Question,
  pending: Pending,
  failure: Failure,
  deps: ComposeReplyDeps,
): Composed {
  deps.metrics.count('ModelFailures');
  const fields = { class: failure.class, code: failure.code, attempt: work.attempt };
  if (failure.class === 'fix-needed') {
    deps.metrics.count('ModelUnusable');
    deps.log.error('model_failed', fields);
  } else deps.log.warn('model_failed', fields);
  if (failure.class !== 'retry' || isLate(pending, deps)) {
    return { kind: 'draft', draft: draftOf(pending, 'fallback', tenant.fallbackText) };
  }
  const wished = backoffMs(work.attempt, deps.random.next(), failure.retryAfterMs);
  const untilLate = oldestOf(pending.toAnswer) + deps.answerDeadlineMs - deps.clock.now();
  const delayMs = Math.max(1_000, Math.min(wished, untilLate));
  return { kind: 'deferred', delayMs, cause: failure.code };
}

function draftOf(
  { toAnswer }: Pending,
  kind: Draft['kind'],
  text: string,
): Omit<Draft, 'tenantId'> {
  return {
    kind,
    texts: splitReply(text),
    waitingSinceMs: oldestOf(toAnswer),
    answers: toAnswer.map(({ key }) => key),
    recipient: recipientOf(toAnswer),
    lastMessageAtMs: Math.max(...toAnswer.map(({ message }) => message.sentAtMs)),
  };
}

function isLate({ toAnswer }: Pending, { clock, answerDeadlineMs }: ComposeReplyDeps): boolean {
  return clock.now() - oldestOf(toAnswer) >= answerDeadlineMs;
}

function oldestOf(toAnswer: readonly StoredInbound[]): number {
  return Math.min(...toAnswer.map(({ acceptedAtMs }) => acceptedAtMs));
}

/** A courtesy beside the model call: its failure changes nothing. */
function showTyping(
  { work, tenant }: Question,
  { toAnswer }: Pending,
  { sender }: ComposeReplyDeps,
): Promise<unknown> | undefined {
  const newest = toAnswer.at(-1);
  return newest
    ? sender.showTyping({
        tenantId: tenant.id,
        phoneNumberId: work.chat.phoneNumberId,
        wamid: newest.message.wamid,
        timeoutMs: TYPING_TIMEOUT_MS,
      })
    : undefined;
}
