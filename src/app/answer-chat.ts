import type { ChatHead } from '#domain/conversation/head.ts';
import type { MessageKey } from '#domain/conversation/message.ts';
import { misconfigured, type Parking } from '#domain/conversation/parking.ts';
import { type Pending, planTurn } from '#domain/conversation/plan-turn.ts';
import { openTurn } from '#domain/conversation/turn.ts';
import type { Chat } from '#domain/ids.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import { type ChatOutcome, FENCED, SETTLED, type TimeLeft } from './chat-outcome.ts';
import { type ComposeReplyDeps, composeReply } from './compose-reply.ts';
import { deliverTurn } from './deliver-turn.ts';
import type { DeliverTurnDeps } from './delivery-step.ts';
import {
  type ChatState,
  findFormerChat,
  forwardChat,
  type MoveChatDeps,
  moveChat,
} from './move-chat.ts';
import type { TenantDirectory } from './ports/tenant-directory.ts';

export interface AnswerChatDeps extends ComposeReplyDeps, DeliverTurnDeps, MoveChatDeps {
  readonly tenants: TenantDirectory;
}

/** A chat whose bell rang. */
export interface ChatWork {
  readonly chat: Chat;
  /** The messages that the rings name; they are looked at even if they are far back in the chat. */
  readonly rung: ReadonlySet<MessageKey>;
  /** How often these rings were received already, this time included. */
  readonly attempt: number;
  readonly correlationId: string;
  readonly time: TimeLeft;
}

/** Enough for the history that a prompt holds; unfinished messages are read beyond it. */
const RECENT_MESSAGES = 40;

/**
 * Answers everything unanswered in a chat as one turn.
 * 1. Reads head and tenant side by side, then the recent messages.
 * 2. A chat that moved to another id is forwarded there; an open turn of an earlier try is finished first.
 * 3. What needs no answer is recorded; the rest is put to the model, and the draft is stored, which
 *    fails if another worker was faster.
 * 4. The draft is sent, recorded and closed.
 */
export async function answerChat(work: ChatWork, deps: AnswerChatDeps): Promise<ChatOutcome> {
  const { chat } = work;
  const [head, tenant] = await Promise.all([
    deps.store.readHead(chat),
    deps.tenants.findByPhoneNumber(chat.phoneNumberId),
  ]);
  // After the head: messages of before it may have been answered by the turn that it no longer shows,
  // and its version, which is what fences us, would not tell.
  const messages = await deps.store.readRecent(chat, {
    limit: RECENT_MESSAGES,
    keys: [...work.rung],
  });
  const pending = planTurn(messages, work.rung);
  const blocked = reasonToPark(tenant);
  if (tenant === undefined || tenant === 'misconfigured' || blocked) {
    const parking = misconfigured(blocked ?? 'configuration', work.attempt);
    return park(work, pending, parking, deps);
  }
  const known = { ...deps, log: deps.log.with({ tenantId: tenant.id }) };
  await resumeParked(chat, pending, known);
  if (head.openTurn) {
    const delivered = await deliverTurn({ ...work, tenantId: tenant.id }, head, 'found', known);
    if (delivered.kind === 'unsendable') {
      return park(work, pending, delivered.parking, known, head.openTurn.answers);
    }
    return delivered.kind === 'settled' ? answerChat(work, deps) : delivered;
  }
  if (head.movedTo) return forwardChat(head, chat, head.movedTo, pending, known);
  if (pending.move) return moveChat(head, chat, pending.move, pending, known);
  await recordOnly(chat, pending, known);
  if (pending.toAnswer.length === 0) {
    known.log.debug('chat_idle');
    return SETTLED;
  }
  if (head.state === 'human') return handOver(chat, pending, known);
  return runTurn(work, tenant, { head, messages, pending }, known);
}

async function runTurn(
  work: ChatWork,
  tenant: Tenant,
  state: ChatState,
  deps: AnswerChatDeps,
): Promise<ChatOutcome> {
  const { messages, pending } = state;
  const former = await findFormerChat(state, work.chat, deps);
  if (former.kind === 'busy') return former.outcome;
  if (former.kind === 'joined') return answerChat(work, deps);
  if (former.head.state === 'human') return handOverLinked(work.chat, former.head, pending, deps);
  deps.log.debug('turn_started', { messages: pending.toAnswer.length });
  const question = { work, tenant, former: former.messages, messages, pending };
  const composed = await composeReply(question, deps);
  if (composed.kind === 'deferred') return composed;
  const draft = { ...composed.draft, tenantId: tenant.id };
  const saved = await deps.store.saveHead(
    work.chat,
    openTurn(former.head, draft, deps.clock.now()),
  );
  if (saved === 'stale') {
    deps.metrics.count('TurnsFenced');
    deps.log.warn('turn_fenced', { at: 'draft' });
    return FENCED;
  }
  const delivered = await deliverTurn({ ...work, tenantId: tenant.id }, saved, 'ours', deps);
  return delivered.kind === 'unsendable'
    ? park(work, pending, delivered.parking, deps, draft.answers)
    : delivered;
}

/** Tried again: from here on the sweeper watches over them, whatever becomes of the ring. */
async function resumeParked(
  chat: Chat,
  { toAnswer, toRecord }: Pending,
  { store }: AnswerChatDeps,
): Promise<void> {
  const parked = [...toAnswer, ...toRecord].filter(({ progress }) => progress.kind === 'parked');
  if (parked.length === 0) return;
  await store.resume(
    chat,
    parked.map(({ key }) => key),
  );
}

function reasonToPark(
  tenant: Tenant | 'misconfigured' | undefined,
): Parameters<typeof misconfigured>[0] | undefined {
  if (tenant === undefined) return 'unknown-phone-number';
  if (tenant === 'misconfigured') return 'configuration';
  return tenant.status === 'suspended' ? 'tenant-suspended' : undefined;
}

async function park(
  { chat }: ChatWork,
  pending: Pending,
  parking: Parking,
  { store, log, metrics }: AnswerChatDeps,
  alsoOpen: readonly MessageKey[] = [],
): Promise<ChatOutcome> {
  const waiting = [...pending.toAnswer, ...pending.toRecord];
  const keys = [...new Set([...waiting.map(({ key }) => key), ...alsoOpen])];
  if (keys.length === 0) return SETTLED;
  await store.park(chat, keys, parking);
  const again = waiting.filter(({ progress }) => progress.kind === 'parked').length;
  metrics.count('MessagesParked', keys.length - again);
  log.error('messages_parked', { ...parking, messages: keys.length });
  return { kind: 'parked', parking, keys };
}

async function recordOnly(
  chat: Chat,
  { toRecord }: Pending,
  { store, log, metrics }: AnswerChatDeps,
): Promise<void> {
  if (toRecord.length === 0) return;
  const keys = toRecord.map(({ key }) => key);
  await store.finish(chat, keys, { outcome: 'recorded', turnId: undefined });
  metrics.count('MessagesRecorded', keys.length);
  log.info('messages_recorded', { messages: keys.length });
}

/** A person had the contact's other chat, and keeps it under the id that it is now linked to. */
async function handOverLinked(
  chat: Chat,
  head: ChatHead,
  pending: Pending,
  deps: AnswerChatDeps,
): Promise<ChatOutcome> {
  const saved = await deps.store.saveHead(chat, head);
  return saved === 'stale' ? FENCED : handOver(chat, pending, deps);
}

async function handOver(
  chat: Chat,
  { toAnswer }: Pending,
  { store, metrics }: AnswerChatDeps,
): Promise<ChatOutcome> {
  const keys = toAnswer.map(({ key }) => key);
  await store.finish(chat, keys, { outcome: 'handed-over', turnId: undefined });
  metrics.count('MessagesFinished', keys.length);
  return SETTLED;
}
