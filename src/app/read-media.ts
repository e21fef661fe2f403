import { backoffMs } from '#domain/backoff.ts';
import { hasJustStopped, hasOptedOut } from '#domain/conversation/consent.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import { isTooOld, sortWaiting } from '#domain/conversation/kept-messages.ts';
import type { LostTime } from '#domain/conversation/lost-time.ts';
import type { StoredInbound } from '#domain/conversation/message.ts';
import type { Pending, PlanSettings } from '#domain/conversation/plan-turn.ts';
import { isSilent } from '#domain/conversation/silence.ts';
import type { Failure } from '#domain/failure.ts';
import { type ContactUsage, countCost } from '#domain/limits/contact-usage.ts';
import { mediumOf } from '#domain/media/medium.ts';
import { isSettled } from '#domain/media/reading.ts';
import { sumOf } from '#domain/money/micro-usd.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { ChatWork } from './answer-chat.ts';
import { type DeferredChat, FENCED } from './chat-outcome.ts';
import { inBatches } from './in-batches.ts';
import type { Random } from './ports/clock.ts';
import { type ReadMediumDeps, type ReadOne, readMedium } from './read-medium.ts';

export interface ReadMediaDeps extends ReadMediumDeps {
  readonly random: Random;
}

/** `head` and `pending` are those to go on with. */
export type MediaRead =
  | { readonly kind: 'ready'; readonly head: ChatHead; readonly pending: Pending }
  /** Something is wrong with the tenant's access to Meta, as for sends. */
  | { readonly kind: 'unsendable'; readonly failure: Failure }
  | DeferredChat;

/**
 * What files may take of an invocation. The model may take 25 seconds and a send 10, and a customer waits
 * for both: a slow file gives way to them, and is gone on with in the next try.
 */
const MEDIA_TIME_MS = 20_000;
const TIME_FOR_THE_REST_MS = 37_000;
const LEAST_TIME_MS = 2_000;
/** A function works ten chats at once, and each of these may be 16 MB. */
const AT_ONCE = 2;
/** Who has waited for so long is answered without the file: the answer deadline is at three minutes. */
const PATIENCE_MS = 75_000;

/**
 * Sees to every file that waits in a chat, before anything is decided about its message, whoever has the
 * chat: fetched, kept and, where the assistant may need to know it, read; each once. What became of it is
 * stored with the message, step by step, so that another try goes on from there.
 */
export async function readMedia(
  work: ChatWork,
  tenant: Tenant,
  { head, pending }: { readonly head: ChatHead; readonly pending: Pending },
  deps: ReadMediaDeps,
): Promise<MediaRead> {
  const waiting = withFiles(pending).filter(needsReading);
  if (waiting.length === 0) return { kind: 'ready', head, pending };
  const budgetMs = Math.min(MEDIA_TIME_MS, work.time.remainingMs() - TIME_FOR_THE_REST_MS);
  if (budgetMs < LEAST_TIME_MS) return { kind: 'deferred', delayMs: 1_000, cause: 'out-of-time' };
  const endsAtMs = deps.clock.now() + budgetMs;
  const toRead = new Set(wantedByModel(tenant, head, pending, deps));
  const read = await inBatches(
    waiting,
    (stored) =>
      readMedium(
        {
          work,
          tenant,
          head,
          stored,
          isRead: toRead.has(stored.key),
          isLast: deps.clock.now() - stored.waitingSinceMs >= PATIENCE_MS,
          endsAtMs,
        },
        deps,
      ),
    { atOnce: AT_ONCE, onProgress: () => {} },
  );
  return outcomeOf(read, { work, tenant, head, pending }, deps);
}

/** Also one whose reading was begun, and not by us. */
function needsReading({ message, reading, revision }: StoredInbound): boolean {
  return revision !== 'deleted' && mediumOf(message) !== undefined && !isSettled(reading);
}

/** The rest is kept without being looked at: who gets no answer causes no cost. */
function wantedByModel(
  tenant: Tenant,
  head: ChatHead,
  pending: Pending,
  { clock }: ReadMediaDeps,
): readonly string[] {
  const wantsNone = hasOptedOut(head, tenant.optOut);
  if (wantsNone || hasJustStopped(head, pending.toAnswer, tenant.optOut)) return [];
  const { within } = sortWaiting(pending.toAnswer, head, tenant.limits.contact);
  return within.filter((each) => !isTooOld(each, head, clock.now())).map(({ key }) => key);
}

function outcomeOf(
  read: readonly ReadOne[],
  {
    work,
    tenant,
    head,
    pending,
  }: { work: ChatWork; tenant: Tenant; head: ChatHead; pending: Pending },
  { clock, random, log }: ReadMediaDeps,
): MediaRead {
  const failures = read.flatMap((each) => (each.kind === 'failed' ? [each.failure] : []));
  const broken = failures.find((failure) => failure.class === 'fix-needed');
  if (broken) return { kind: 'unsendable', failure: broken };
  // Another worker has the chat, or it was erased: it is looked at anew.
  if (read.some(({ kind }) => kind === 'overtaken')) return FENCED;
  const [failure] = failures;
  if (failure) {
    log.warn('media_failed', { class: failure.class, code: failure.code, attempt: work.attempt });
    const delayMs = backoffMs(work.attempt, random.next(), failure.retryAfterMs);
    return { kind: 'deferred', delayMs, cause: failure.code };
  }
  const done = read.flatMap((each) => (each.kind === 'done' ? [each] : []));
  const readings = new Map(done.map(({ key, reading }) => [key, reading]));
  const withReading = (stored: StoredInbound) => {
    const reading = readings.get(stored.key);
    return reading ? { ...stored, reading } : stored;
  };
  const paid = new Set(done.filter(({ cost }) => cost > 0).map(({ key }) => key));
  const counted = countPaid(paid, { tenant, head, pending }, clock.now());
  const usage = countCost(counted, sumOf(done.map(({ cost }) => cost)), clock.now());
  return {
    kind: 'ready',
    head: paid.size > 0 ? { ...head, usage } : head,
    pending: {
      ...pending,
      toAnswer: pending.toAnswer.map(withReading),
      maybeAnswered: pending.maybeAnswered.map(withReading),
      toRecord: pending.toRecord.map(withReading),
    },
  };
}

/**
 * What is answered is counted with its answer. While a person has the chat there is none, and what was paid
 * for takes of what its contact may write all the same: nobody is listened to without end.
 */
function countPaid(
  paid: ReadonlySet<string>,
  { tenant, head, pending }: { tenant: Tenant; head: ChatHead; pending: Pending },
  nowMs: number,
): ContactUsage {
  if (!isSilent(head, tenant, nowMs)) return head.usage;
  const heard = pending.toAnswer.filter(({ key }) => paid.has(key));
  return sortWaiting(heard, head, tenant.limits.contact).usage;
}

/** What is to be answered for this tenant; where none is known, nothing will be. */
export function planSettingsOf(
  tenant: Tenant | 'misconfigured' | undefined,
  { restoredUntilMs }: LostTime,
): PlanSettings {
  const isKnown = tenant !== undefined && tenant !== 'misconfigured';
  return { answersReactions: isKnown && tenant.media.reactions === 'answered', restoredUntilMs };
}

export function hasUnread(pending: Pending): boolean {
  return withFiles(pending).some(needsReading);
}

function withFiles({ toAnswer, maybeAnswered, toRecord }: Pending): readonly StoredInbound[] {
  return [...toAnswer, ...maybeAnswered, ...toRecord];
}

/** Those before the first whose file nobody has seen to yet: it came while the model was asked. */
export function untilUnread(messages: readonly StoredInbound[]): readonly StoredInbound[] {
  const at = messages.findIndex(needsReading);
  return at === -1 ? messages : messages.slice(0, at);
}
