import { burstWaitMs } from '#domain/conversation/burst.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import type { StoredMessage } from '#domain/conversation/message.ts';
import type { Pending } from '#domain/conversation/plan-turn.ts';
import { type ScreenAnswer, screenAnswer } from '#domain/conversation/screen-answer.ts';
import { ROOM_OF_AN_IMAGE_BYTE } from '#domain/media/limits.ts';
import type { ChatMemory } from '#domain/memory/memory.ts';
import { effortOf, outputTokensOf } from '#domain/tenant/manners-settings.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { ChatWork } from './answer-chat.ts';
import { keepTyping } from './keep-typing.ts';
import { loadImages } from './load-images.ts';
import { logModelCall } from './log-model-call.ts';
import type { Clock, Pauses } from './ports/clock.ts';
import type { ConversationStore } from './ports/conversation-store.ts';
import type { Log } from './ports/log.ts';
import type { MediaStore } from './ports/media-store.ts';
import type { MessageSender } from './ports/message-sender.ts';
import type { Metrics } from './ports/metrics.ts';
import type { Pseudonyms } from './ports/pseudonyms.ts';
import type { ModelReply, ReplyModel } from './ports/reply-model.ts';
import { costOf, type ModelCall } from './reserve-call.ts';
import type { Room } from './room.ts';
import { shownText, type WriteReplyDeps } from './write-reply.ts';

export interface AskModelDeps extends WriteReplyDeps {
  readonly store: ConversationStore;
  readonly media: MediaStore;
  /** In bytes, for the files and images of all chats together. */
  readonly room: Room;
  readonly model: ReplyModel;
  readonly sender: MessageSender;
  readonly pseudonyms: Pseudonyms;
  readonly clock: Clock;
  readonly pauses: Pauses;
  readonly log: Log;
  readonly metrics: Metrics;
  /** @default screenAnswer */
  readonly screen?: ScreenAnswer | undefined;
}

/** What a turn is about. */
export interface Question {
  readonly work: ChatWork;
  readonly tenant: Tenant;
  readonly head: ChatHead;
  /** What is remembered of the contact, as far as it counts. */
  readonly memory: ChatMemory;
  /** What was said under the contact's earlier id: history only, it is answered in its own chat. */
  readonly former: readonly StoredMessage[];
  /** History only: what is not in the summary and lies before `messages`. */
  readonly earlier: readonly StoredMessage[];
  readonly messages: readonly StoredMessage[];
  readonly pending: Pending;
}

const MODEL_TIMEOUT_MS = 25_000;
/** With the one that needs no record, three calls in all for one reply, wherever a process dies. */
const MOST_RECORDED = 2;
/** Whoever waits for longer was perhaps looked at before. */
const FRESH_FOR_MS = 30_000;

/**
 * Whether the model may be asked, written down first: a process that dies in a call must not be paid for
 * again and again. The first call for fresh messages needs no record and so costs no write.
 * @returns the head to go on with, `stale` when another worker was faster, `too-often` when calls were lost
 */
export async function recordAsking(
  question: Question,
  redrafts: number,
  { store, clock }: AskModelDeps,
): Promise<ChatHead | 'stale' | 'too-often'> {
  const { head } = question;
  const isFirst = redrafts === 0 && head.asked === 0 && isUnasked(question, clock.now());
  if (isFirst) return head;
  if (head.asked >= MOST_RECORDED) return 'too-often';
  return store.saveHead(question.work.chat, { ...head, asked: head.asked + 1 });
}

/** Nobody had the rings of these fresh messages before, or once, and then waited for the customer to write on. */
function isUnasked({ work, tenant, pending: { toAnswer } }: Question, nowMs: number): boolean {
  const isFresh = toAnswer.every(({ waitingSinceMs }) => nowMs - waitingSinceMs < FRESH_FOR_MS);
  if (!isFresh || work.earlierTry === 'unknown') return false;
  if (work.earlierTry === 'none') return true;
  const { atMs } = work.earlierTry;
  const then = toAnswer.filter(({ acceptedAtMs }) => acceptedAtMs <= atMs);
  return burstWaitMs(then, tenant.burstWait, atMs) > 0;
}

/**
 * The call ended in a failure. One that certainly cost nothing counts no longer; what another has cost is
 * kept where the contact has a budget.
 */
export async function recordEnd(
  { work, tenant, head }: Question,
  mayHaveCost: boolean,
  { store }: AskModelDeps,
): Promise<ChatHead | 'stale'> {
  const { contactPerDay, contactPerMonth } = tenant.budget;
  const hasBudget = contactPerDay !== undefined || contactPerMonth !== undefined;
  if (mayHaveCost) return hasBudget ? store.saveHead(work.chat, head) : head;
  return head.asked === 0 ? head : store.saveHead(work.chat, { ...head, asked: head.asked - 1 });
}

/**
 * Puts what waits to the model; beside it, the customer sees that it was read and is being answered.
 * Both are over when this ends, however it ends: nothing may run on into the next invocation.
 */
export async function askModel(
  question: Question,
  call: ModelCall,
  deps: AskModelDeps,
): Promise<ModelReply> {
  const over = new AbortController();
  const asking = ask(question, call, deps).finally(() => over.abort());
  const [reply] = await Promise.allSettled([asking, keepTyping(question, over.signal, deps)]);
  if (reply.status === 'rejected') throw reply.reason;
  return reply.value;
}

/** Other chats' images take all of the memory: nothing was asked, and this one's turn comes. */
const NO_ROOM: ModelReply = {
  kind: 'failed',
  failure: { class: 'retry', code: 'media:no-room' },
  isUntried: true,
};
/** Then there is still time for the model, and for a send. */
const LONGEST_WAIT_FOR_ROOM_MS = 10_000;
const TIME_FOR_A_SEND_MS = 10_000;

async function ask(question: Question, call: ModelCall, deps: AskModelDeps): Promise<ModelReply> {
  const images = call.conversation.flatMap(({ images: shown = [] }) => shown);
  if (images.length === 0) return askInPlace(question, call, deps);
  const bytes = images.reduce((sum, each) => sum + each.bytes, 0) * ROOM_OF_AN_IMAGE_BYTE;
  const spareMs = question.work.time.remainingMs() - MODEL_TIMEOUT_MS - TIME_FOR_A_SEND_MS;
  const waitMs = Math.max(0, Math.min(LONGEST_WAIT_FOR_ROOM_MS, spareMs));
  const place = await deps.room.enter(bytes, waitMs);
  if (!place) return NO_ROOM;
  try {
    return await askInPlace(question, call, deps);
  } finally {
    place.leave();
  }
}

async function askInPlace(
  question: Question,
  call: ModelCall,
  deps: AskModelDeps,
): Promise<ModelReply> {
  const { work, tenant } = question;
  const { media, model, pseudonyms, clock, log, metrics } = deps;
  const illustrated = await loadImages(call.conversation, media);
  const startedMs = clock.now();
  const reply = await model.reply({
    model: call.model,
    instructions: call.instructions,
    ...illustrated,
    effort: effortOf(tenant),
    maxOutputTokens: outputTokensOf(tenant),
    safetyIdentifier: pseudonyms.ofChat(work.chat),
    cacheKey: tenant.id,
    moderation: tenant.manners.moderation,
    timeoutMs: Math.min(MODEL_TIMEOUT_MS, work.time.remainingMs()),
  });
  if (reply.kind === 'failed' && reply.isUntried) return reply;
  metrics.count('ModelCalls');
  const durationMs = clock.now() - startedMs;
  metrics.duration('ModelTime', durationMs);
  const { kind, usage } = reply;
  logModelCall(log, { kind, model: call.model, durationMs, usage, cost: costOf(call, reply) });
  if (reply.usage) {
    metrics.count('ModelInputTokens', reply.usage.inputTokens);
    metrics.count('ModelCachedInputTokens', reply.usage.cachedInputTokens);
    metrics.count('ModelOutputTokens', reply.usage.outputTokens);
  }
  if (reply.kind === 'failed') return reply;
  metrics.count('ModelAnswers');
  return screened(question, call, reply, deps);
}

/** An answer that must not be sent is none: it was paid for, and nobody reads it. */
async function screened(
  { work, tenant, head }: Question,
  { conversation }: ModelCall,
  reply: Extract<ModelReply, { readonly kind: 'answer' }>,
  { screen = screenAnswer, markdown }: AskModelDeps,
): Promise<ModelReply> {
  const shown = await shownText(reply.answer.text, { markdown });
  const contact = [work.chat.contact, head.phone, head.formerly].filter((id) => id !== undefined);
  const seen = screen(reply.answer, { tenant, conversation, contact, shown });
  if (seen.kind === 'passed') return { ...reply, answer: seen.answer };
  const { because } = seen;
  const failure = { class: 'reply-anyway', code: `screen:${because}`, mayHaveCost: true } as const;
  return { kind: 'failed', failure, stopped: { by: 'screen', because }, usage: reply.usage };
}
