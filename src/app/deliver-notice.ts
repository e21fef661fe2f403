import type { ChatHead } from '#domain/conversation/head.ts';
import type { Failure } from '#domain/failure.ts';
import { noticeEvent } from '#domain/notice/notice-event.ts';
import { waitAfterTryMs } from '#domain/notice/retry-schedule.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { Circuits } from './circuits.ts';
import type { ChatArchive } from './ports/chat-archive.ts';
import type { Random } from './ports/clock.ts';
import type { BusinessNotice } from './ports/jobs.ts';
import type { Metrics } from './ports/metrics.ts';
import type { NoticeParking, NoticeTopic, ParkedNotices, WebhookSender } from './ports/notices.ts';
import type { Pseudonyms } from './ports/pseudonyms.ts';
import { type SecretSource, SecretUnavailableError } from './ports/secret-source.ts';
import type { TenantDirectory } from './ports/tenant-directory.ts';
import { DONE, type JobOutcome, type JobWork } from './run-job.ts';
import { MAYBE_ANSWERED } from './tell-business.ts';

export interface DeliverNoticeDeps {
  readonly tenants: TenantDirectory;
  readonly archive: Pick<ChatArchive, 'findHead' | 'messagesOf'>;
  readonly secrets: Pick<SecretSource, 'tenant'>;
  readonly webhooks: WebhookSender;
  /** By tenant: a server that is down is not waited for again and again. */
  readonly circuits: Circuits;
  readonly topic: NoticeTopic;
  readonly parked: ParkedNotices;
  readonly pseudonyms: Pseudonyms;
  readonly random: Random;
  readonly metrics: Metrics;
}

/** One try; a server that has not answered by then has not taken it. */
const TIMEOUT_MS = 10_000;

/**
 * Tells a business what happened in one of its chats: its own server by a signed webhook, and whoever
 * listens at the stage's topic. The server is tried for about forty hours; what it does not take then, or
 * says that it never will, lies with the dead letters, with the reason.
 *
 * The topic hears of it with the first try, whatever becomes of that: it is what is left while the server
 * is down. It hears of it again where a later try succeeds, since the first may have died before it came
 * to that.
 */
export async function deliverNotice(
  notice: BusinessNotice,
  { log, ...job }: JobWork,
  deps: DeliverNoticeDeps,
): Promise<JobOutcome> {
  const work = { ...job, log: log.with({ tenantId: notice.tenantId }) };
  const tenant = await deps.tenants.findByPhoneNumber(notice.chat.phoneNumberId);
  if (tenant === 'misconfigured') return tryLater(notice, MISCONFIGURED, work, deps);
  const head = await deps.archive.findHead(notice.chat);
  if (tenant?.id !== notice.tenantId || isErased(notice, head)) {
    // The number is another's by now, or nothing of what was said is there any more.
    work.log.info('notice_dropped', { notice: notice.kind });
    return DONE;
  }
  const failure = await post(notice, { tenant, head }, work, deps);
  if (failure) {
    if (work.attempt === 1) await announceIfPossible(notice, work, deps);
    return tryLater(notice, failure, work, deps);
  }
  await announce(notice, work, deps);
  return DONE;
}

const MISCONFIGURED: Failure = { class: 'retry', code: 'webhook:tenant-misconfigured' };

function isErased({ atMs }: BusinessNotice, head: ChatHead | 'unreadable' | undefined): boolean {
  return typeof head === 'object' && head.erasure !== undefined && atMs <= head.erasure.atMs;
}

interface Place {
  readonly tenant: Tenant;
  readonly head: ChatHead | 'unreadable' | undefined;
}

/** @returns why the server does not have it; undefined where it has, or there is none that wants it */
async function post(
  notice: BusinessNotice,
  { tenant, head }: Place,
  { attempt, time, log }: JobWork,
  deps: DeliverNoticeDeps,
): Promise<Failure | undefined> {
  const { webhook } = tenant.notices;
  if (!webhook?.events.includes(notice.kind)) return undefined;
  const { secrets, missing } = await secretsOf(tenant, deps);
  if (missing) return missing;
  const refusal = deps.circuits.refusal(tenant.id);
  if (refusal) return refusal;
  const body = await bodyOf(notice, typeof head === 'object' ? head : undefined, deps);
  const timeoutMs = Math.max(1, Math.min(TIMEOUT_MS, time.remainingMs()));
  deps.circuits.begin(tenant.id);
  const { url } = webhook;
  const result = await deps.webhooks.send({ url, id: notice.id, body, secrets, timeoutMs });
  if (result.kind === 'delivered') {
    deps.circuits.succeeded(tenant.id);
    deps.metrics.count('NoticesDelivered');
    log.info('notice_delivered', { notice: notice.kind, attempt });
    return undefined;
  }
  const { failure } = result;
  if (failure.class === 'retry') deps.circuits.failed(tenant.id, failure);
  return failure;
}

/** As many as a person wants to look at first; the chat itself has them all. */
const MOST_UNANSWERED = 20;

/** What happened, with what is unanswered where a person is asked for. */
async function bodyOf(
  notice: BusinessNotice,
  head: ChatHead | undefined,
  { archive }: DeliverNoticeDeps,
): Promise<string> {
  const { chat, kind, messageKeys, reason } = notice;
  const { handOver } = head ?? {};
  // Of no hand-over that the chat has a record of.
  const isApart = reason === MAYBE_ANSWERED;
  const isRequest = kind === 'hand-over.requested' && !isApart;
  const unanswered = isRequest ? (handOver?.kept ?? []).slice(-MOST_UNANSWERED) : [];
  const messages = await archive.messagesOf(chat, [...new Set([...messageKeys, ...unanswered])]);
  const explained = kind === 'message.kept' || isApart ? undefined : handOver;
  return JSON.stringify(
    noticeEvent({
      ...notice,
      reason,
      state: head?.state ?? 'assistant',
      explanation: explained?.reason,
      summary: explained?.summary,
      messages,
    }),
  );
}

/** The signing secrets, or why there are none to sign with. */
async function secretsOf(
  { id }: Tenant,
  { secrets }: DeliverNoticeDeps,
): Promise<{ readonly secrets: readonly string[]; readonly missing?: Failure }> {
  try {
    const { noticesSecrets = [] } = await secrets.tenant(id);
    if (noticesSecrets.length > 0) return { secrets: noticesSecrets };
    return { secrets: [], missing: NO_SECRET };
  } catch (error) {
    if (!(error instanceof SecretUnavailableError)) throw error;
    return { secrets: [], missing: error.needs === 'operator' ? NO_SECRET : NO_ANSWER };
  }
}

const NO_SECRET: Failure = { class: 'fix-needed', code: 'webhook:no-secret' };
const NO_ANSWER: Failure = { class: 'retry', code: 'webhook:secret-unavailable' };

/** Again after a while; or not, because nothing would come of it. */
async function tryLater(
  notice: BusinessNotice,
  failure: Failure,
  { attempt, log }: JobWork,
  { random, metrics, parked }: DeliverNoticeDeps,
): Promise<JobOutcome> {
  const { class: failureClass, code, retryAfterMs } = failure;
  metrics.count('NoticesRefused');
  log.warn('notice_refused', { notice: notice.kind, attempt, class: failureClass, code });
  const delayMs = waitAfterTryMs(attempt, random.next(), retryAfterMs);
  const reason = reasonToPark(failure, delayMs);
  if (reason === undefined && delayMs !== undefined) return { kind: 'later', delayMs, cause: code };
  const parking: NoticeParking = { reason: reason ?? 'tries-used-up', code, attempts: attempt };
  await parked.park(notice, parking);
  metrics.count('NoticesParked');
  log.error('notice_parked', { notice: notice.kind, ...parking });
  return DONE;
}

function reasonToPark(
  failure: Failure,
  delayMs: number | undefined,
): NoticeParking['reason'] | undefined {
  switch (failure.class) {
    case 'give-up-here':
      return 'gone';
    case 'fix-needed':
      return 'configuration';
    case 'retry':
    case 'reply-anyway':
      return delayMs === undefined ? 'tries-used-up' : undefined;
  }
}

/** Each message that is kept would be too much for a mailbox; the server is told of those. */
async function announce(
  notice: BusinessNotice,
  { log }: JobWork,
  { topic, pseudonyms, metrics }: DeliverNoticeDeps,
): Promise<void> {
  const { id, tenantId, chat, kind, atMs, reason } = notice;
  if (kind === 'message.kept') return;
  await topic.publish({ id, tenantId, chat: pseudonyms.ofChat(chat), kind, atMs, reason });
  metrics.count('NoticesAnnounced');
  log.info('notice_announced', { notice: kind });
}

/** The server's failure is what decides when it is tried again. */
async function announceIfPossible(
  notice: BusinessNotice,
  work: JobWork,
  deps: DeliverNoticeDeps,
): Promise<void> {
  try {
    await announce(notice, work, deps);
  } catch (error) {
    work.log.error('request_failed', { notice: notice.kind }, error);
  }
}
