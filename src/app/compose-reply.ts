import { backoffMs } from '#domain/backoff.ts';
import type { Answer } from '#domain/conversation/answer.ts';
import { planConsent } from '#domain/conversation/consent.ts';
import { isErased } from '#domain/conversation/erasure.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import { sortWaiting } from '#domain/conversation/kept-messages.ts';
import type { LostTime } from '#domain/conversation/lost-time.ts';
import type { StoredInbound } from '#domain/conversation/message.ts';
import { afterAnswer, afterNoAnswer } from '#domain/conversation/person-request.ts';
import { type Pending, planTurn, recipientOf } from '#domain/conversation/plan-turn.ts';
import { bubblesOf } from '#domain/conversation/reply-parts.ts';
import { isSpokenUp } from '#domain/conversation/speaking-up.ts';
import { type Draft, MOST_IN_A_TURN } from '#domain/conversation/turn.ts';
import type { Failure } from '#domain/failure.ts';
import { countAnswer, countCost } from '#domain/limits/contact-usage.ts';
import type { MemoryId } from '#domain/memory/memory.ts';
import { estimateTokens, learnRatio } from '#domain/memory/tokens.ts';
import { NO_MONEY } from '#domain/money/micro-usd.ts';
import { textFor } from '#domain/tenant/speech.ts';
import {
  type AskModelDeps,
  askModel,
  type Question,
  recordAsking,
  recordEnd,
} from './ask-model.ts';
import { type DeferredChat, FENCED } from './chat-outcome.ts';
import { countFlags, countStop, withGreeting, wordsFor } from './mind-manners.ts';
import type { ChatState } from './move-chat.ts';
import type { ModelReply } from './ports/reply-model.ts';
import { planSettingsOf, untilUnread } from './read-media.ts';
import {
  type Call,
  costOf,
  type ModelCall,
  type ReserveCallDeps,
  reserveCall,
  settleCall,
} from './reserve-call.ts';
import { writeReply } from './write-reply.ts';

export interface ComposeReplyDeps extends AskModelDeps, ReserveCallDeps, LostTime {
  /** After this long a customer gets the fallback text rather than more silence. */
  readonly answerDeadlineMs: number;
}

/** `head` is the one that the draft has to be written on. */
export type Composed =
  | { readonly kind: 'draft'; readonly head: ChatHead; readonly draft: Omit<Draft, 'tenantId'> }
  /** The customer was told a while ago that somebody will come: that is not said over and over. */
  | { readonly kind: 'hand-over'; readonly head: ChatHead; readonly pending: Pending }
  /** No budget has room. */
  | (ChatState & { readonly kind: 'limited' })
  /** The customer wants no answer any more, or somebody of the business wants something first. */
  | { readonly kind: 'overtaken' }
  | DeferredChat;

/** What the model said, and to what. */
interface Answered {
  readonly pending: Pending;
  readonly answer: Answer;
}

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
  let asked = question;
  let answered: Answered | undefined;
  if (isLate(question.pending, deps)) {
    deps.log.warn('answer_late', { messages: question.pending.toAnswer.length });
    return apology(question, deps);
  }
  for (let redrafts = 0; ; redrafts += 1) {
    if (question.work.time.remainingMs() < LEAST_MODEL_TIME_MS) {
      return answered
        ? reply(asked, answered, deps)
        : { kind: 'deferred', delayMs: 1_000, cause: 'out-of-time' };
    }
    const call = await reserveNext(asked, answered, deps);
    if (call.kind !== 'reserved') {
      if (answered) return reply(asked, answered, deps);
      return call.kind === 'deferred' ? call : { ...asked, kind: 'limited' };
    }
    const recorded = await recordOrRelease(asked, redrafts, call, deps);
    if (recorded === 'stale') return FENCED;
    if (recorded === 'too-often') {
      return answered ? reply(asked, answered, deps) : apology(asCounted(asked, deps), deps);
    }
    const said = await askModel({ ...asked, head: recorded }, call, deps);
    const cost = costOf(call, said);
    const usage = countCost(recorded.usage, cost ?? NO_MONEY, deps.clock.now());
    const tokenRatio = ratioAfter(recorded, call, said);
    asked = { ...asked, head: { ...recorded, usage, tokenRatio } };
    if (said.kind === 'failed') {
      await settleCall(call, cost, deps);
      if (said.stopped) countStop(said.stopped, deps);
      if (answered) return reply(asked, answered, deps);
      return said.stopped
        ? apology(asCounted(asked, deps), deps, wordsFor(said.stopped))
        : afterFailure(asked, said.failure, deps);
    }
    countFlags(said.flagged, deps);
    answered = { pending: asked.pending, answer: said.answer };
    const [seen] = await Promise.all([lookAgain(asked, deps), settleCall(call, cost, deps)]);
    if (seen === 'overtaken') return { kind: 'overtaken' };
    const hasMore = seen.pending.toAnswer.length > asked.pending.toAnswer.length;
    if (!hasMore || redrafts >= MOST_REDRAFTS || isLate(asked.pending, deps)) {
      return reply(asked, answered, deps);
    }
    asked = seen;
  }
}

/** Trouble with the ledger does not cost the customer an answer that is there already. */
async function reserveNext(
  question: Question,
  answered: Answered | undefined,
  deps: ComposeReplyDeps,
): Promise<Call> {
  try {
    return await reserveCall(question, deps);
  } catch (error) {
    if (!answered) throw error;
    return { kind: 'refused' };
  }
}

/** What is reserved is given back where the call is not made. */
async function recordOrRelease(
  question: Question,
  redrafts: number,
  call: ModelCall,
  deps: ComposeReplyDeps,
): Promise<ChatHead | 'stale' | 'too-often'> {
  let recorded: ChatHead | 'stale' | 'too-often' = 'stale';
  try {
    recorded = await recordAsking(question, redrafts, deps);
    return recorded;
  } finally {
    if (typeof recorded === 'string') await settleCall(call, undefined, deps);
  }
}

async function reply(
  question: Question,
  { pending, answer }: Answered,
  deps: ComposeReplyDeps,
): Promise<Composed> {
  const counted = asCounted({ ...question, pending }, deps);
  const { work, tenant } = counted;
  const language = answer.language ?? counted.head.language;
  const spoken = { ...counted.head, language };
  const { head, says: more } = afterAnswer(spoken, answer, tenant, {
    contact: work.chat.contact,
    nowMs: deps.clock.now(),
  });
  const text = more === undefined ? answer.text : `${answer.text}\n\n${more}`;
  const written = {
    ...draftOf(pending, 'reply', ''),
    bubbles: await writeReply({ ...answer, text }, pending.toAnswer, deps),
    forgets: knownIds(answer.forgets, question),
  };
  const draft = withGreeting(written, counted, head.language);
  const { leavesOut } = work;
  if (!leavesOut) return { kind: 'draft', head, draft };
  const { says } = leavesOut;
  const flagged: ChatHead = { ...head, flag: 'limited' };
  if (says === undefined) return { kind: 'draft', head: flagged, draft };
  const usage = { ...head.usage, toldAtMs: deps.clock.now() };
  const bubbles = [...draft.bubbles, ...bubblesOf(says)];
  return { kind: 'draft', head: { ...flagged, usage }, draft: { ...draft, bubbles } };
}

/** Of what a model names only what it was shown. */
function knownIds(ids: readonly MemoryId[], { memory }: Question): readonly MemoryId[] {
  const known = new Set(memory.items.map(({ id }) => id));
  return [...new Set(ids)].filter((id) => known.has(id));
}

/** How far our estimate of the prompt was from what the provider counted. Of images it knows nothing. */
function ratioAfter(
  { tokenRatio }: ChatHead,
  { instructions, conversation }: ModelCall,
  { usage }: ModelReply,
): number | undefined {
  const hasImages = conversation.some(({ images = [] }) => images.length > 0);
  if (!usage || hasImages) return tokenRatio;
  const texts = [instructions, ...conversation.map(({ text }) => text)];
  const estimated = texts.reduce((sum, text) => sum + estimateTokens(text), 0);
  return learnRatio(tokenRatio, { estimated, reported: usage.inputTokens });
}

/** With what an answer, whatever came of it, takes of the contact's limits. */
function asCounted(question: Question, { clock }: ComposeReplyDeps): Question {
  const { head, tenant, pending } = question;
  const limits = tenant.limits.contact;
  const { usage } = sortWaiting(pending.toAnswer, head, limits);
  return { ...question, head: { ...head, usage: countAnswer(usage, limits, clock.now()) } };
}

/**
 * With the newest messages as they are now, as far as the contact's limits have room for them.
 * @returns `overtaken` where the customer wants no answer any more, or somebody of the business speaks up
 */
async function lookAgain(
  question: Question,
  { store, restoredUntilMs }: ComposeReplyDeps,
): Promise<Question | 'overtaken'> {
  const { work, tenant, head, messages: known } = question;
  const { messages: recent } = await store.readRecent(work.chat, { limit: 10, keys: [] });
  const newest = recent.filter(({ key }) => !isErased(key, head.erasure));
  const messages = [...new Map([...known, ...newest].map((each) => [each.key, each])).values()];
  const settings = planSettingsOf(tenant, { restoredUntilMs });
  const pending = planTurn(messages, work.rung, work.only, settings);
  if (isSpokenUp(pending, { head, messages })) return 'overtaken';
  if (planConsent(head, pending.toAnswer, tenant.optOut).kind !== 'none') return 'overtaken';
  // What came with a file is for the next turn: nobody has seen to the file yet.
  const ready = untilUnread(pending.toAnswer);
  const { within } = sortWaiting(ready, head, tenant.limits.contact);
  const toAnswer = within.slice(0, MOST_IN_A_TURN);
  // What is answered already is not put off for a file that came late and before it.
  const isPutOff = question.pending.toAnswer.some(
    (each) => has(pending.toAnswer, each) && !has(toAnswer, each),
  );
  return isPutOff ? question : { ...question, messages, pending: { ...pending, toAnswer } };
}

function has(messages: readonly StoredInbound[], { key }: StoredInbound): boolean {
  return messages.some((each) => each.key === key);
}

async function afterFailure(
  question: Question,
  failure: Failure,
  deps: ComposeReplyDeps,
): Promise<Composed> {
  const { work, pending } = question;
  deps.metrics.count('ModelFailures');
  const fields = { class: failure.class, code: failure.code, attempt: work.attempt };
  if (failure.class === 'fix-needed') {
    deps.metrics.count('ModelUnusable');
    if (failure.remedy === 'quota') deps.metrics.count('ModelQuotaExhausted');
    deps.log.error('model_failed', fields);
  } else deps.log.warn('model_failed', fields);
  if (failure.class !== 'retry' || isLate(pending, deps)) {
    return apology(asCounted(question, deps), deps);
  }
  const ended = await recordEnd(question, failure.mayHaveCost === true, deps);
  if (ended === 'stale') return FENCED;
  const wished = backoffMs(work.attempt, deps.random.next(), failure.retryAfterMs);
  const untilLate = waitingSince(pending.toAnswer) + deps.answerDeadlineMs - deps.clock.now();
  const delayMs = Math.max(1_000, Math.min(wished, untilLate));
  return { kind: 'deferred', delayMs, cause: failure.code };
}

function apology(
  question: Question,
  { clock }: ComposeReplyDeps,
  kind: 'fallback' | 'blocked' = 'fallback',
): Composed {
  const { tenant, pending, work } = question;
  const head = afterNoAnswer(question.head, tenant, clock.now());
  if (hasJustApologised(head, clock.now())) return { kind: 'hand-over', head, pending };
  const draft = draftOf(pending, 'fallback', textFor(tenant, kind, work.chat, head));
  return { kind: 'draft', head, draft: withGreeting(draft, question, head.language) };
}

/** Whether the customer knows already that a person will come back to them. */
export function hasJustApologised({ apologisedAtMs }: ChatHead, nowMs: number): boolean {
  return apologisedAtMs !== undefined && nowMs - apologisedAtMs < APOLOGY_HOLDS_MS;
}

export function draftOf(
  { toAnswer }: Pending,
  kind: Draft['kind'],
  text: string,
): Omit<Draft, 'tenantId'> {
  return {
    kind,
    bubbles: bubblesOf(text),
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
