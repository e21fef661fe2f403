import { backoffMs } from '#domain/backoff.ts';
import { planConsent } from '#domain/conversation/consent.ts';
import { isErased } from '#domain/conversation/erasure.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import type { StoredInbound, StoredMessage } from '#domain/conversation/message.ts';
import { type Pending, planTurn, recipientOf } from '#domain/conversation/plan-turn.ts';
import { splitReply } from '#domain/conversation/reply-parts.ts';
import type { Draft } from '#domain/conversation/turn.ts';
import type { Failure } from '#domain/failure.ts';
import {
  type AskModelDeps,
  askModel,
  type Question,
  recordAsking,
  recordEnd,
} from './ask-model.ts';
import { type DeferredChat, FENCED } from './chat-outcome.ts';
import type { Random } from './ports/clock.ts';

export interface ComposeReplyDeps extends AskModelDeps {
  readonly random: Random;
  /** After this long a customer gets the fallback text rather than more silence. */
  readonly answerDeadlineMs: number;
}

/** `head` is the one that the draft has to be written on. */
export type Composed =
  | { readonly kind: 'draft'; readonly head: ChatHead; readonly draft: Omit<Draft, 'tenantId'> }
  /** The customer was told a while ago that somebody will come: that is not said over and over. */
  | { readonly kind: 'hand-over'; readonly head: ChatHead; readonly pending: Pending }
  /** The customer wants no answer any more. */
  | { readonly kind: 'overtaken' }
  | DeferredChat;

/** A draft is replaced at most this often because the customer wrote on. */
const MOST_REDRAFTS = 2;
const LEAST_MODEL_TIME_MS = 3_000;
/** The same customer is not told again within this time that a person will come back to them. */
const APOLOGY_HOLDS_MS = 60 * 60_000;

/**
 * Asks the model, and asks again with everything if the customer has written on meanwhile. An answer
 * that is paid for is sent if the next one cannot be had; the rest is then answered in the next turn.
 * Whoever has waited beyond the deadline gets the fallback at once: after an overload or an outage the
 * backlog becomes no storm of late answers.
 */
export async function composeReply(question: Question, deps: ComposeReplyDeps): Promise<Composed> {
  let { head, messages, pending } = question;
  let answered: Omit<Draft, 'tenantId'> | undefined;
  if (isLate(pending, deps)) {
    deps.log.warn('answer_late', { messages: pending.toAnswer.length });
    return apology(question, head, pending, deps);
  }
  for (let redrafts = 0; ; redrafts += 1) {
    if (question.work.time.remainingMs() < LEAST_MODEL_TIME_MS) {
      return answered
        ? { kind: 'draft', head, draft: answered }
        : { kind: 'deferred', delayMs: 1_000, cause: 'out-of-time' };
    }
    const asking = await recordAsking(question, head, redrafts, deps);
    if (asking === 'stale') return FENCED;
    if (asking === 'too-often') {
      return answered
        ? { kind: 'draft', head, draft: answered }
        : apology(question, head, pending, deps);
    }
    head = asking;
    const reply = await askModel({ ...question, messages, pending }, deps);
    if (reply.kind === 'failed') {
      if (answered) return { kind: 'draft', head, draft: answered };
      return afterFailure({ ...question, head, pending }, reply.failure, deps);
    }
    answered = draftOf(pending, 'reply', reply.text);
    const seen = await lookAgain(question, messages, deps);
    const again = planTurn(seen, question.work.rung, question.work.only);
    const { optOut } = question.tenant;
    if (planConsent(head, again.toAnswer, optOut).kind !== 'none') return { kind: 'overtaken' };
    const hasMore = again.toAnswer.length > pending.toAnswer.length;
    if (!hasMore || redrafts >= MOST_REDRAFTS || isLate(pending, deps)) {
      return { kind: 'draft', head, draft: answered };
    }
    messages = seen;
    pending = again;
  }
}

/** The newest messages as they are now, with the ones known before. */
async function lookAgain(
  { work, head: { erasure } }: Question,
  known: readonly StoredMessage[],
  { store }: ComposeReplyDeps,
): Promise<readonly StoredMessage[]> {
  const { messages } = await store.readRecent(work.chat, { limit: 10, keys: [] });
  const newest = messages.filter(({ key }) => !isErased(key, erasure));
  return [...new Map([...known, ...newest].map((each) => [each.key, each])).values()];
}

async function afterFailure(
  question: Question,
  failure: Failure,
  deps: ComposeReplyDeps,
): Promise<Composed> {
  const { work, head, pending } = question;
  deps.metrics.count('ModelFailures');
  const fields = { class: failure.class, code: failure.code, attempt: work.attempt };
  if (failure.class === 'fix-needed') {
    deps.metrics.count('ModelUnusable');
    deps.log.error('model_failed', fields);
  } else deps.log.warn('model_failed', fields);
  if (failure.class !== 'retry' || isLate(pending, deps)) {
    return apology(question, head, pending, deps);
  }
  if (!failure.mayHaveCost && (await recordEnd(question, deps)) === 'stale') return FENCED;
  const wished = backoffMs(work.attempt, deps.random.next(), failure.retryAfterMs);
  const untilLate = waitingSince(pending.toAnswer) + deps.answerDeadlineMs - deps.clock.now();
  const delayMs = Math.max(1_000, Math.min(wished, untilLate));
  return { kind: 'deferred', delayMs, cause: failure.code };
}

function apology(
  { tenant }: Question,
  head: ChatHead,
  pending: Pending,
  { clock }: ComposeReplyDeps,
): Composed {
  const isKnown = hasJustApologised(head, clock.now());
  return isKnown
    ? { kind: 'hand-over', head, pending }
    : { kind: 'draft', head, draft: draftOf(pending, 'fallback', tenant.fallbackText) };
}

/** Whether the customer knows already that a person will come back to them. */
export function hasJustApologised({ apologisedAtMs }: ChatHead, nowMs: number): boolean {
  return apologisedAtMs !== undefined && nowMs - apologisedAtMs < APOLOGY_HOLDS_MS;
}

function draftOf(
  { toAnswer }: Pending,
  kind: Draft['kind'],
  text: string,
): Omit<Draft, 'tenantId'> {
  return {
    kind,
    texts: splitReply(text),
    waitingSinceMs: waitingSince(toAnswer),
    answers: toAnswer.map(({ key }) => key),
    recipient: recipientOf(toAnswer),
    lastMessageAtMs: Math.max(...toAnswer.map(({ message }) => message.sentAtMs)),
  };
}

function isLate({ toAnswer }: Pending, { clock, answerDeadlineMs }: ComposeReplyDeps): boolean {
  return clock.now() - waitingSince(toAnswer) >= answerDeadlineMs;
}

function waitingSince(toAnswer: readonly StoredInbound[]): number {
  return Math.min(...toAnswer.map(({ waitingSinceMs }) => waitingSinceMs));
}
