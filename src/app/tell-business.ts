import { isCommandKey } from '#domain/conversation/command.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import type { MessageKey, StoredInbound } from '#domain/conversation/message.ts';
import type { Chat, TenantId } from '#domain/ids.ts';
import type { DeferredChat } from './chat-outcome.ts';
import type { Clock } from './ports/clock.ts';
import type { BusinessNotice, JobsQueue } from './ports/jobs.ts';
import type { Log } from './ports/log.ts';
import type { Metrics } from './ports/metrics.ts';
import type { Pseudonyms } from './ports/pseudonyms.ts';

export interface TellBusinessDeps {
  readonly jobs: JobsQueue;
  readonly pseudonyms: Pseudonyms;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** In whose chat something happened. */
export interface Told {
  readonly chat: Chat;
  readonly tenantId: TenantId;
  readonly correlationId: string;
}

/** The business must be told before this goes on. */
const NOT_TOLD: DeferredChat = { kind: 'deferred', delayMs: 2_000, cause: 'jobs-not-taken' };

/**
 * Tells of the latest turn of a hand-over, where that is not told yet. A crash before the next write of the
 * head tells it once more, under the same id.
 * @returns the head without it, to be written
 */
export async function tellUntold(
  told: Told,
  head: ChatHead,
  deps: TellBusinessDeps,
): Promise<ChatHead | DeferredChat> {
  const { handOver } = head;
  if (!handOver?.untold) return head;
  const { untold: kind, version, done, cause, ended } = handOver;
  const command = done === undefined ? '' : `.${deps.pseudonyms.ofMessage(done)}`;
  const notice = {
    ...told,
    id: `${kind}.${deps.pseudonyms.ofChat(told.chat)}.${version}${command}`,
    kind,
    atMs: handOver.releasedAtMs ?? handOver.activeAtMs,
    messageKeys: [],
    reason: ended ?? cause,
  };
  const failure = await tell([notice], deps);
  if (!failure && kind === 'hand-over.requested') {
    deps.metrics.count('HandOversRequested');
    deps.log.info('chat_handed', { event: 'requested', state: head.state, cause });
  }
  return failure ?? { ...head, handOver: { ...handOver, untold: undefined } };
}

/** Tells of messages that are left to a person, each under an id of its own. */
export function tellKept(
  told: Told,
  messages: readonly StoredInbound[],
  deps: TellBusinessDeps,
): Promise<DeferredChat | undefined> {
  const chat = deps.pseudonyms.ofChat(told.chat);
  const notices = messages.map(({ key, acceptedAtMs }) => ({
    ...told,
    id: `message.kept.${chat}.${deps.pseudonyms.ofMessage(key)}`,
    kind: 'message.kept' as const,
    atMs: acceptedAtMs,
    messageKeys: [key],
  }));
  return tell(notices, deps);
}

/** Why a person is asked to look at what was perhaps answered before the tables were restored. */
export const MAYBE_ANSWERED = 'maybe-answered';

interface MaybeAnswered {
  /** A key of what it is about: the same tells the same. */
  readonly name: string;
  readonly keys: readonly MessageKey[];
  /** Who has the chat, or is asked for, already. */
  readonly isPersonThere: boolean;
}

/**
 * Tells of what was perhaps answered, in one notice: as kept where a person has the chat, or is asked for,
 * else as a request.
 */
export async function tellMaybeAnswered(
  { chat, tenantId, correlationId }: Told,
  { name, keys, isPersonThere }: MaybeAnswered,
  deps: TellBusinessDeps,
): Promise<DeferredChat | undefined> {
  const kind = isPersonThere ? 'message.kept' : 'hand-over.requested';
  const what = `${deps.pseudonyms.ofChat(chat)}.${deps.pseudonyms.ofMessage(name)}`;
  const failure = await tell(
    [
      {
        chat,
        tenantId,
        correlationId,
        id: `${kind}.${what}.${MAYBE_ANSWERED}`,
        kind,
        atMs: deps.clock.now(),
        messageKeys: keys.filter((key) => !isCommandKey(key)),
        reason: MAYBE_ANSWERED,
      },
    ],
    deps,
  );
  if (!failure && kind === 'hand-over.requested') deps.metrics.count('HandOversRequested');
  return failure;
}

async function tell(
  notices: readonly (Told & BusinessNotice)[],
  { jobs, log, metrics }: TellBusinessDeps,
): Promise<DeferredChat | undefined> {
  const sent = notices.map((notice) => ({ kind: 'notice' as const, notice: onlyNotice(notice) }));
  const missing = sent.length > 0 ? await jobs.send(sent) : 0;
  if (missing === 0) {
    metrics.count('NoticesSent', notices.length);
    return undefined;
  }
  log.warn('notices_not_taken', { notices: missing });
  return NOT_TOLD;
}

/** Whoever calls may know more than what a queue should hold. */
function onlyNotice(notice: BusinessNotice): BusinessNotice {
  const { id, tenantId, chat, kind, atMs, messageKeys, reason, correlationId } = notice;
  return { id, tenantId, chat, kind, atMs, messageKeys, reason, correlationId };
}
