import type { Bubble } from '#domain/conversation/bubble.ts';
import type { Command, SaidContent } from '#domain/conversation/command.ts';
import { type HandOverEvent, moveOn, type SpokenWord } from '#domain/conversation/hand-over.ts';
import type { ChatHead, Recipient } from '#domain/conversation/head.ts';
import { answeredBy } from '#domain/conversation/kept-messages.ts';
import type { StoredInbound, StoredMessage } from '#domain/conversation/message.ts';
import { recipientOf } from '#domain/conversation/plan-turn.ts';
import { bubblesOf } from '#domain/conversation/reply-parts.ts';
import { idleDueMs } from '#domain/conversation/silence.ts';
import { isSpoken } from '#domain/conversation/speaking-up.ts';
import type { Chat } from '#domain/ids.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { ChatWork } from './answer-chat.ts';
import { type ChatOutcome, type DeferredChat, FENCED, SETTLED } from './chat-outcome.ts';
import type { DeliverTurnDeps } from './delivery-step.ts';
import { armTimer, type KeepForPersonDeps } from './keep-for-person.ts';
import type { ChatState } from './move-chat.ts';
import { deliverDraft } from './open-turn.ts';
import { tellUntold } from './tell-business.ts';

export interface CarryOutDeps extends KeepForPersonDeps, DeliverTurnDeps {}

/** A command, and the chat as it was read. */
interface Order {
  readonly work: ChatWork;
  readonly tenant: Tenant;
  readonly state: ChatState;
  readonly entry: StoredInbound;
}

/**
 * Carries out one command, the oldest: whoever wrote it has been told that it is taken, so it is done once,
 * wherever a process dies. The head says which was done last; the entry is finished after everything else.
 */
export async function carryOut(order: Order, deps: CarryOutDeps): Promise<ChatOutcome> {
  const { entry, tenant, state } = order;
  const { command } = entry.message;
  if (!command || isOfAnother(entry, command, tenant, state.head)) return drop(order, deps);
  if (state.head.handOver?.done === entry.key) return conclude(order, state.head, deps);
  const told = await tellFirst(order, deps);
  if ('kind' in told) return told;
  const next = { ...order, state: { ...state, head: told } };
  switch (command.kind) {
    case 'take':
      return change(next, { event: 'taken', by: command.by }, deps);
    case 'release':
      return change(next, { event: 'released', by: command.by }, deps);
    case 'echo':
      return hear(next, command, deps);
    case 'say':
      return say(next, command, deps);
    case 'idle':
      return checkIdle(next, command, deps);
  }
}

/** What an earlier change of the chat still has to tell comes before the next one. */
function tellFirst(
  { work, tenant, state }: Order,
  deps: CarryOutDeps,
): Promise<ChatHead | DeferredChat> {
  return tellUntold({ ...work, tenantId: tenant.id }, state.head, deps);
}

/** The number was another's when it was asked for. */
function isOfAnother(
  { message }: StoredInbound,
  { tenantId }: Command,
  tenant: Tenant,
  { tenantSinceMs = 0 }: ChatHead,
): boolean {
  return tenantId === undefined ? message.sentAtMs < tenantSinceMs : tenantId !== tenant.id;
}

/** A change of hands, written down with the command that brought it about. */
async function change(
  order: Order,
  { event, by }: { readonly event: HandOverEvent; readonly by: string },
  deps: CarryOutDeps,
): Promise<ChatOutcome> {
  const { work, tenant, state, entry } = order;
  const cause = entry.message.command?.kind === 'echo' ? 'phone' : 'operator';
  const occasion = { event, atMs: deps.clock.now(), cause, by } as const;
  const { head: moved, tells } = moveOn(state.head, occasion);
  if (!moved.handOver || moved.handOver === state.head.handOver) return drop(order, deps);
  const answered = event === 'spoken' ? answeredBy(moved.handOver, wordOf(entry)) : moved.handOver;
  const next = {
    ...moved,
    tenantId: tenant.id,
    lastMessageAtMs: moved.lastMessageAtMs || entry.message.sentAtMs,
    handOver: { ...answered, untold: tells, done: entry.key },
  };
  const unarmed = await arm(order, next, deps);
  if (unarmed) return unarmed;
  const saved = await deps.store.saveHead(work.chat, next);
  if (saved === 'stale') return FENCED;
  count(event, state.head, saved, deps);
  return conclude(order, saved, deps);
}

function wordOf({ message, acceptedAtMs }: StoredInbound): SpokenWord {
  return { atMs: message.sentAtMs, acceptedAtMs };
}

/** What follows from a change that is written: all of it can be repeated, and the entry is finished last. */
async function conclude(
  { work, tenant, entry }: Order,
  head: ChatHead,
  deps: CarryOutDeps,
): Promise<ChatOutcome> {
  const { handOver } = head;
  if (head.state === 'assistant' && handOver) {
    await deps.store.takeUp(work.chat, handOver.kept, head.version);
  }
  const told = await tellUntold({ ...work, tenantId: tenant.id }, head, deps);
  if ('kind' in told) return told;
  if (told !== head && (await deps.store.saveHead(work.chat, told)) === 'stale') return FENCED;
  await finish(work.chat, entry, deps);
  return SETTLED;
}

/** Nothing comes of it. */
async function drop({ work, entry }: Order, deps: CarryOutDeps): Promise<ChatOutcome> {
  await finish(work.chat, entry, deps);
  return SETTLED;
}

async function finish(
  chat: Chat,
  { key, message }: StoredInbound,
  { store, metrics, log }: CarryOutDeps,
): Promise<void> {
  await store.finish(chat, [key], { outcome: 'recorded', turnId: undefined });
  metrics.count('CommandsFinished');
  log.info('command_finished', { kind: message.command?.kind });
}

/** What a person typed on the business's own phone. */
function hear(
  order: Order,
  { by }: Extract<Command, { kind: 'echo' }>,
  deps: CarryOutDeps,
): Promise<ChatOutcome> {
  return isSpoken(order.entry.message, order.state)
    ? change(order, { event: 'spoken', by }, deps)
    : drop(order, deps);
}

/** A person's words, as a turn that answers the command; once they are out, also what was left to them. */
async function say(
  order: Order,
  { by, content }: Extract<Command, { kind: 'say' }>,
  deps: CarryOutDeps,
): Promise<ChatOutcome> {
  const { work, tenant, state, entry } = order;
  const occasion = { event: 'spoken', atMs: deps.clock.now(), cause: 'operator', by } as const;
  const { head: moved, tells } = moveOn(state.head, occasion);
  const { handOver } = moved;
  const head: ChatHead = {
    ...moved,
    handOver: handOver && { ...handOver, untold: tells, done: entry.key },
  };
  const unarmed = await arm(order, head, deps);
  if (unarmed) return unarmed;
  const draft = {
    kind: 'person' as const,
    bubbles: bubblesFor(content),
    waitingSinceMs: entry.waitingSinceMs,
    answers: [entry.key],
    recipient: addressOf(work.chat, state.messages),
    tenantId: tenant.id,
    lastMessageAtMs: head.lastMessageAtMs || entry.message.sentAtMs,
  };
  return deliverDraft(work, { ...state, head, draft }, deps);
}

function bubblesFor(content: SaidContent): readonly Bubble[] {
  if (content.kind === 'text') return bubblesOf(content.text);
  const { name, language, parameters } = content;
  const text = [`[Template ${name}]`, ...parameters].join(' ');
  return [{ text, template: { name, language, parameters } }];
}

/** Where the customer wrote from last; of one whose messages are gone the chat itself tells. */
function addressOf({ contact }: Chat, messages: readonly StoredMessage[]): Recipient {
  const known = recipientOf(
    messages.filter((each): each is StoredInbound => each.direction === 'in'),
  );
  if (known.waId || known.userId) return known;
  return /^\d+$/.test(contact)
    ? { waId: contact, userId: undefined }
    : { waId: undefined, userId: contact };
}

/** The timer is due: the chat goes back to the assistant, unless somebody has done something meanwhile. */
async function checkIdle(
  order: Order,
  { by, version }: Extract<Command, { kind: 'idle' }>,
  deps: CarryOutDeps,
): Promise<ChatOutcome> {
  const { tenant, state } = order;
  const dueMs = idleDueMs(state.head, tenant);
  if (dueMs === undefined || state.head.handOver?.version !== version) return drop(order, deps);
  if (dueMs <= deps.clock.now()) return change(order, { event: 'idled', by }, deps);
  const unarmed = await arm(order, state.head, deps);
  return unarmed ?? drop(order, deps);
}

function arm(
  { work, tenant, state }: Order,
  head: ChatHead,
  deps: CarryOutDeps,
): Promise<DeferredChat | undefined> {
  return armTimer(work.chat, { tenant, head, timers: state.pending.timers }, deps);
}

function count(
  event: HandOverEvent,
  before: ChatHead,
  after: ChatHead,
  { metrics, log }: CarryOutDeps,
): void {
  if (after.state === 'human' && before.state !== 'human') metrics.count('ChatsTaken');
  if (after.state === 'assistant') {
    metrics.count('ChatsReleased');
    metrics.count('MessagesReopened', after.handOver?.kept.length ?? 0);
  }
  log.info('chat_handed', { event, state: after.state, cause: after.handOver?.cause });
}
