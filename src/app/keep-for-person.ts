import { idleMessage } from '#domain/conversation/command.ts';
import { withRecord } from '#domain/conversation/hand-over.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import { keep } from '#domain/conversation/kept-messages.ts';
import type { StoredInbound } from '#domain/conversation/message.ts';
import type { Pending } from '#domain/conversation/plan-turn.ts';
import { type HandOverTerms, idleDueMs } from '#domain/conversation/silence.ts';
import type { Chat } from '#domain/ids.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { ChatWork } from './answer-chat.ts';
import { type ChatOutcome, type DeferredChat, FENCED, SETTLED } from './chat-outcome.ts';
import type { ConversationStore } from './ports/conversation-store.ts';
import { type TellBusinessDeps, tellKept, tellUntold } from './tell-business.ts';

export interface KeepForPersonDeps extends TellBusinessDeps {
  readonly store: ConversationStore;
}

/** How a chat stands, and the timers of it that are not due yet. */
interface Timed {
  readonly tenant: HandOverTerms;
  readonly head: ChatHead;
  /** One may be missing: the head came from another chat, or of an earlier release. */
  readonly timers: Pending['timers'];
}

/** Whose chat it is, and how it stands. */
export interface KeptState extends Timed {
  readonly tenant: HandOverTerms & Pick<Tenant, 'id'>;
}

/**
 * A person has the chat, or is asked for: the assistant says nothing. The messages are kept, and the business
 * is told of each before it is finished, so that a crash tells it again. The head is written first: that
 * keeps a worker out that read the chat before and is about to answer.
 */
export async function keepForPerson(
  { chat, correlationId }: Pick<ChatWork, 'chat' | 'correlationId'>,
  { tenant, head: found, timers }: KeptState,
  messages: readonly StoredInbound[],
  deps: KeepForPersonDeps,
): Promise<ChatOutcome> {
  const told = { chat, tenantId: tenant.id, correlationId };
  const head = await tellUntold(told, withRecord(found, deps.clock.now()), deps);
  if ('kind' in head) return head;
  const keys = messages.map(({ key }) => key);
  const lastMessageAtMs = Math.max(
    head.lastMessageAtMs,
    ...messages.map(({ message }) => message.sentAtMs),
  );
  const kept = withRecord(head, deps.clock.now()).handOver;
  const next = {
    ...head,
    tenantId: tenant.id,
    lastMessageAtMs,
    handOver: keep(kept, messages),
    // Calls for what is left to a person are not held against what is answered when the chat is back.
    asked: 0,
  };
  const unarmed = await armTimer(chat, { tenant, head: next, timers }, deps);
  if (unarmed) return unarmed;
  const saved = await deps.store.saveHead(chat, next);
  if (saved === 'stale') return FENCED;
  const untold = await tellKept(told, messages, deps);
  if (untold) return untold;
  await deps.store.leave(chat, keys, saved.version);
  deps.metrics.count('MessagesFinished', keys.length);
  deps.metrics.count('MessagesHandedOver', keys.length);
  deps.log.info('messages_unanswered', { messages: keys.length, outcome: 'handed-over' });
  return SETTLED;
}

/**
 * Puts the timer of a hand-over into the inbox, before the head tells of it: one that nothing came of is
 * found to be idle, and dropped, when it is due. One that is due before that is enough, since it sets the
 * next: a timer for each word of a person's would stand above the chat's newest messages for hours, and hide
 * them from whoever reads so many of it.
 */
export async function armTimer(
  chat: Chat,
  { tenant, head, timers }: Timed,
  { store, clock, log }: Pick<KeepForPersonDeps, 'store' | 'clock' | 'log'>,
): Promise<DeferredChat | undefined> {
  const idleMs = idleDueMs(head, tenant);
  if (idleMs === undefined || !head.handOver) return undefined;
  // One of the past may have been there before, and be over.
  const dueMs = Math.max(idleMs, clock.now());
  const { version } = head.handOver;
  if (timers.some((timer) => isTimerOf(timer, version) && timer.message.sentAtMs <= dueMs)) {
    return undefined;
  }
  const message = idleMessage(chat, version, dueMs);
  const arrival = { message, acceptedAtMs: dueMs, position: 0, correlationId: 'timer' };
  const [result] = await store.accept([arrival]);
  if (result !== 'refused') return undefined;
  log.warn('timer_not_set');
  return { kind: 'deferred', delayMs: 2_000, cause: 'timer-not-taken' };
}

function isTimerOf({ message: { command } }: StoredInbound, version: number): boolean {
  return command?.kind === 'idle' && command.version === version;
}
