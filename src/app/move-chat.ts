import { newestChoice } from '#domain/conversation/choice.ts';
import { isErased } from '#domain/conversation/erasure.ts';
import { type ChatHead, newHead, type Recipient } from '#domain/conversation/head.ts';
import {
  carriedHandOver,
  joinedHandOver,
  returnedHandOver,
} from '#domain/conversation/joined-hand-over.ts';
import {
  compareInbound,
  inboundKey,
  keyTimeMs,
  type MessageKey,
  type StoredInbound,
  type StoredMessage,
} from '#domain/conversation/message.ts';
import { type Move, type Pending, planTurn } from '#domain/conversation/plan-turn.ts';
import { isOfAnother, takeOver, tenantSinceMsOf } from '#domain/conversation/tenancy.ts';
import type { Chat, ContactId, TenantId } from '#domain/ids.ts';
import type { ChatMemory } from '#domain/memory/memory.ts';
import { bringReadings } from './bring-readings.ts';
import { type ChatOutcome, FENCED, SETTLED } from './chat-outcome.ts';
import type { Clock } from './ports/clock.ts';
import type { ConversationStore } from './ports/conversation-store.ts';
import type { Log } from './ports/log.ts';
import type { Metrics } from './ports/metrics.ts';
import type { ChatBell } from './ports/queues.ts';
import { readSettledHead } from './read-settled-head.ts';
import { recordOnly } from './record-only.ts';
import { type TakeMemoryAlongDeps, takeMemoryAlong } from './take-memory-along.ts';

export interface MoveChatDeps extends TakeMemoryAlongDeps {
  readonly store: ConversationStore;
  readonly bell: ChatBell;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

const FORMER_MESSAGES = 20;
const NONE: ReadonlySet<string> = new Set();

/** A chat, and whose it is. */
export interface OwnedChat {
  readonly chat: Chat;
  readonly tenantId: TenantId;
}

/** A chat as it was read at the start of a turn. */
export interface ChatState {
  readonly head: ChatHead;
  readonly messages: readonly StoredMessage[];
  readonly pending: Pending;
  /** What is remembered of the contact, where a model is to know it. */
  readonly memory?: ChatMemory | undefined;
}

/** The chat of the same contact under an earlier id. */
export type FormerChat =
  /** `head` is the one to go on with; `messages` are what was said there, for the history only. */
  | {
      readonly kind: 'known';
      readonly head: ChatHead;
      readonly messages: readonly StoredMessage[];
    }
  /** What waited there is now in this chat: read it again. */
  | { readonly kind: 'joined' }
  | { readonly kind: 'busy'; readonly outcome: ChatOutcome };

/**
 * Links the two ids of a contact: a message that carries both a user id and a phone number makes the
 * phone number's chat an alias of the user id's. Messages with only the phone number then find their
 * way, what waits there is answered here in its order, and what was said there is remembered.
 */
export async function findFormerChat(
  { head, messages: own, pending }: ChatState,
  owned: OwnedChat,
  deps: MoveChatDeps,
): Promise<FormerChat> {
  const { chat } = owned;
  const linked = await linkIds({ head, pending }, owned, deps);
  if (linked) return linked;
  if (!head.formerly || own.length >= FORMER_MESSAGES) return { kind: 'known', head, messages: [] };
  const former = { ...chat, contact: head.formerly };
  const { messages } = await deps.store.readRecent(former, { limit: FORMER_MESSAGES, keys: [] });
  return { kind: 'known', head, messages: sinceErasure(messages, head) };
}

/** Only the link of `findFormerChat`. @returns undefined where there is none to make */
export async function linkIds(
  { head, pending }: Pick<ChatState, 'head' | 'pending'>,
  owned: OwnedChat,
  deps: MoveChatDeps,
): Promise<FormerChat | undefined> {
  const said = [...pending.toAnswer, ...pending.maybeAnswered];
  const phone = said.map(({ message }) => message.waId).findLast(Boolean);
  const isNew = phone && phone !== owned.chat.contact && phone !== head.phone;
  return isNew ? linkPhone(head, owned, phone, deps) : undefined;
}

/**
 * Of a contact that was erased nothing of before is known, under whatever id it was said. By the times of
 * the keys, since the versions of one chat's head say nothing of another's.
 */
function sinceErasure(
  messages: readonly StoredMessage[],
  { erasure }: ChatHead,
): readonly StoredMessage[] {
  return erasure ? messages.filter(({ key }) => keyTimeMs(key) > erasure.atMs) : messages;
}

async function linkPhone(
  head: ChatHead,
  { chat, tenantId }: OwnedChat,
  phone: ContactId,
  deps: MoveChatDeps,
): Promise<FormerChat> {
  const former = { ...chat, contact: phone };
  const found = await readSettledHead(former, deps.store);
  if (found.openTurn) {
    return { kind: 'busy', outcome: await awaitOtherChat(former, found.openTurn.answers, deps) };
  }
  const formerHead = isOfAnother(found, tenantId)
    ? takeOver(found, tenantId, deps.clock.now())
    : found;
  const isElsewhere = formerHead.movedTo !== undefined && formerHead.movedTo !== chat.contact;
  const { atMs: erasedAtMs = 0 } = formerHead.erasure ?? {};
  if (!isElsewhere && erasedAtMs > (head.erasure?.atMs ?? 0)) {
    // Erased before anybody knew of this id: what waits here may be of before that.
    const erasure = { atMs: erasedAtMs, version: head.version + 1 };
    const saved = await deps.store.saveHead(chat, { ...inherit(head, formerHead), erasure });
    return saved === 'stale' ? { kind: 'busy', outcome: FENCED } : { kind: 'joined' };
  }
  // After the head, so that nothing is taken along that a turn there has just answered.
  // What a person has left unanswered there goes along, and is left to them here.
  const left = isElsewhere ? [] : leftIn(formerHead);
  if (left.length > 0) {
    await deps.store.takeUp(former, left, formerHead.version + 1);
    deps.metrics.count('MessagesReopened', left.length);
  }
  const recent = await deps.store.readRecent(former, { limit: FORMER_MESSAGES, keys: left });
  const messages = sinceErasure(
    recent.messages.filter(({ key }) => !isErased(key, formerHead.erasure)),
    head,
  );
  const waiting = planTurn(messages, NONE);
  if (isElsewhere && leaving(waiting).length > 0) {
    // On its way to where that chat has moved: to take it along as well would answer it twice.
    const keys = leaving(waiting).map(({ key }) => key);
    return { kind: 'busy', outcome: await awaitOtherChat(former, keys, deps) };
  }
  let fromVersion = formerHead.version;
  const hasNewNumber = isElsewhere && formerHead.movedAtMs > 0;
  if (formerHead.movedTo !== chat.contact && !hasNewNumber) {
    // Whoever had the number before is another, as if of another tenant: also for the next try, should
    // this one end here.
    const known = isElsewhere ? takeOver(formerHead, tenantId, deps.clock.now()) : formerHead;
    const pointer = { ...withNothingLeft(known), movedTo: chat.contact, movedAtMs: 0 };
    // The write also fences a worker that is just about to answer there.
    const saved = await deps.store.saveHead(former, pointer);
    if (saved === 'stale') return { kind: 'busy', outcome: FENCED };
    fromVersion = saved.version;
    deps.log.info('chat_moved', { because: 'linked' });
  }
  if (leaving(waiting).length > 0) {
    const route = { from: former, fromVersion, to: chat.contact, toVersion: head.version };
    const forwarded = await forward(route, waiting, undefined, deps);
    return forwarded.kind === 'settled' ? { kind: 'joined' } : { kind: 'busy', outcome: forwarded };
  }
  // Nothing of theirs is known here.
  if (isElsewhere) return { kind: 'known', head: { ...head, phone }, messages: [] };
  if (await takeMemoryAlong({ from: former, to: chat, tenantId }, deps)) return { kind: 'joined' };
  // A person who has the chat under either id keeps it.
  const joined = joinedHandOver(head, formerHead);
  const formerly = head.formerly ?? (messages.length > 0 ? phone : undefined);
  const tenantSinceMs = tenantSinceMsOf(head, formerHead);
  // What the contact said last, under either id.
  const replies = newestChoice(head.replies, formerHead.replies);
  const linked = { ...inherit(head, formerHead), replies, tenantSinceMs };
  return { kind: 'known', head: { ...linked, ...joined, phone, formerly }, messages };
}

/** A chat that begins goes on where the contact's other one is. */
function inherit(head: ChatHead, former: ChatHead): ChatHead {
  if (head.version > 0) return head;
  return { ...head, ...whatStays({ ...former, tenantId: head.tenantId }), erasure: head.erasure };
}

/** The other chat has something to finish: its bell is rung, since nobody else may, and we come back. */
async function awaitOtherChat(
  chat: Chat,
  [messageKey]: readonly string[],
  { bell, clock }: MoveChatDeps,
): Promise<ChatOutcome> {
  if (messageKey !== undefined) {
    await bell.ring([{ chat, messageKey, number: clock.now(), correlationId: 'linked-chat' }]);
  }
  return { kind: 'deferred', delayMs: 5_000, cause: 'other-chat-busy' };
}

/**
 * Meta's notice that the contact has a new number or id: the record goes on under the new one. The new
 * head comes first, then the pointer to it, so that a crash in between is repeated harmlessly.
 */
export async function moveChat(
  head: ChatHead,
  chat: Chat,
  move: Move,
  pending: Pending,
  deps: MoveChatDeps,
): Promise<ChatOutcome> {
  const { store, log } = deps;
  const left = leftIn(head);
  if (left.length > 0) {
    // Then it is among what goes along.
    await store.takeUp(chat, left, head.version + 1);
    deps.metrics.count('MessagesReopened', left.length);
    const saved = await store.saveHead(chat, withNothingLeft(head));
    return saved === 'stale' ? FENCED : { kind: 'deferred', delayMs: 1_000, cause: 'taking-along' };
  }
  const next = { ...chat, contact: move.to };
  const nextHead = await readSettledHead(next, store);
  if (nextHead.openTurn) return awaitOtherChat(next, nextHead.openTurn.answers, deps);
  if (nextHead.movedTo === chat.contact) await settleWhatCame(next, nextHead, chat, deps);
  // Notices have whole seconds: of two in one second, the one that comes later counts.
  const isNewer = nextHead.movedAtMs <= move.atMs;
  if (isNewer && nextHead.movedTo !== undefined && nextHead.movedTo !== chat.contact) {
    const leaving = await unfinishedKeys(next, deps);
    // On their way to where that chat points, and perhaps in that inbox already: were the pointer taken
    // away now, they would be answered in both.
    if (leaving.length > 0) return awaitOtherChat(next, leaving, deps);
  }
  let toVersion = nextHead.version;
  if (nextHead.formerly !== chat.contact || isNewer) {
    const known = nextHead.version === 0 ? { ...newHead(), ...whatStays(head) } : nextHead;
    const join = nextHead.movedTo === undefined ? joinedHandOver : returnedHandOver;
    const start = {
      ...known,
      ...join(known, head),
      replies: newestChoice(nextHead.replies, head.replies),
    };
    const pointer = isNewer ? { movedTo: undefined, movedAtMs: move.atMs } : {};
    const tenantSinceMs = tenantSinceMsOf(start, head);
    const saved = await store.saveHead(next, {
      ...start,
      ...pointer,
      tenantSinceMs,
      formerly: chat.contact,
    });
    if (saved === 'stale') return FENCED;
    toVersion = saved.version;
  }
  const moved = await store.saveHead(chat, { ...head, movedTo: move.to, movedAtMs: move.atMs });
  if (moved === 'stale') return FENCED;
  log.info('chat_moved', { because: 'notice' });
  if (head.tenantId) await takeMemoryAlong({ from: chat, to: next, tenantId: head.tenantId }, deps);
  const route = { from: chat, fromVersion: moved.version, to: move.to, toVersion };
  return forward(route, pending, move.recipient, deps);
}

/**
 * The contact comes back to a chat that had sent its messages here. One whose sender died on the way lies
 * there as if it waited, and was perhaps answered here.
 */
async function settleWhatCame(
  from: Chat,
  { version }: ChatHead,
  here: Chat,
  deps: MoveChatDeps,
): Promise<void> {
  const waiting = await unfinishedKeys(from, deps);
  if (waiting.length === 0) return;
  const { messages } = await deps.store.readRecent(here, { limit: 1, keys: waiting });
  const arrived = messages.filter((each) => each.direction === 'in' && !isMoved(each));
  const keys = arrived.map(({ key }) => key).filter((key) => waiting.includes(key));
  if (keys.length > 0) await deps.store.moveAway(from, keys, version);
}

function isMoved({ progress }: StoredInbound): boolean {
  return progress.kind === 'finished' && progress.outcome === 'moved';
}

async function unfinishedKeys(chat: Chat, { store }: MoveChatDeps): Promise<readonly string[]> {
  const { messages } = await store.readRecent(chat, { limit: FORMER_MESSAGES, keys: [] });
  return leaving(planTurn(messages, NONE))
    .filter(({ progress }) => progress.kind === 'unfinished')
    .map(({ key }) => key);
}

/** Whatever arrives in a moved chat goes on to its successor. The pointer's time to live starts anew. */
export async function forwardChat(
  head: ChatHead,
  chat: Chat,
  to: ContactId,
  pending: Pending,
  deps: MoveChatDeps,
): Promise<ChatOutcome> {
  if (leaving(pending).length === 0) {
    await recordOnly(chat, staying(pending), deps);
    return SETTLED;
  }
  const saved = await deps.store.saveHead(chat, head);
  if (saved === 'stale') return FENCED;
  const { version: toVersion } = await deps.store.readHead({ ...chat, contact: to });
  const route = { from: chat, fromVersion: saved.version, to, toVersion };
  return forward(route, pending, undefined, deps);
}

/** What is known of a customer, whatever they are called. */
function whatStays(
  head: ChatHead,
): Pick<
  ChatHead,
  | 'tenantId'
  | 'state'
  | 'handOver'
  | 'failures'
  | 'flag'
  | 'lastMessageAtMs'
  | 'apologisedAtMs'
  | 'pairPaidUpToMs'
  | 'usage'
  | 'language'
  | 'erasure'
> {
  const { tenantId, failures, lastMessageAtMs, apologisedAtMs, ...besides } = head;
  const { pairPaidUpToMs, usage, language } = besides;
  // No turn of another chat's is erased here, whatever its version.
  const erasure = head.erasure && { ...head.erasure, version: 0 };
  const told = { lastMessageAtMs, apologisedAtMs, pairPaidUpToMs, usage, language };
  return { tenantId, ...carriedHandOver(head), failures, ...told, erasure };
}

/** Messages that a person who has the chat, or is awaited, has not answered. */
function leftIn({ state, handOver }: ChatHead): readonly MessageKey[] {
  return state === 'assistant' ? [] : (handOver?.kept ?? []);
}

function withNothingLeft(head: ChatHead): ChatHead {
  return head.handOver ? { ...head, handOver: { ...head.handOver, kept: [] } } : head;
}

/** A timer is of no use in the other chat; one that is not due yet is, should the contact come back. */
function staying({ toRecord, toObey }: Pending): readonly StoredInbound[] {
  return [...toRecord, ...toObey.filter(({ message }) => message.command?.kind === 'idle')];
}

/** What the contact's chat still owes, whoever wants it. */
function leaving({ toAnswer, maybeAnswered, toObey }: Pending): readonly StoredInbound[] {
  const wanted = toObey.filter(({ message }) => message.command?.kind !== 'idle');
  return [...toAnswer, ...maybeAnswered, ...wanted].sort(compareInbound);
}

/** From which chat messages go to which, and the versions of both heads that say so. */
interface Route {
  readonly from: Chat;
  readonly fromVersion: number;
  readonly to: ContactId;
  readonly toVersion: number;
}

/**
 * Into the other chat's inbox, then done here: a crash in between is repeated harmlessly. The bell comes
 * last: what lies in the inbox the sweeper sees, and what was left here might be answered here as well,
 * should the contact come back.
 */
async function forward(
  { from, fromVersion, to, toVersion }: Route,
  pending: Pending,
  recipient: Recipient | undefined,
  deps: MoveChatDeps,
): Promise<ChatOutcome> {
  const { store, bell, clock } = deps;
  const next = { ...from, contact: to };
  await recordOnly(from, staying(pending), deps);
  const arrivals = leaving(pending).map((each) => ({
    message: { ...each.message, ...(each.message.command ? {} : recipient), chat: next },
    acceptedAtMs: each.acceptedAtMs,
    position: each.position,
    correlationId: each.correlationId,
    // Where its file is kept, and what it says: it is not fetched or paid for again.
    reading: each.reading,
  }));
  if (arrivals.length === 0) return SETTLED;
  const results = await store.accept(arrivals);
  const known = arrivals.filter((_, index) => results[index] === 'duplicate');
  // A contact that has come back: what moved away with it is found here, and lives again.
  await bringReadings(next, known, deps);
  await store.takeBack(
    next,
    known.map(({ message }) => inboundKey(message)),
    toVersion,
  );
  if (results.includes('refused')) {
    return { kind: 'deferred', delayMs: 2_000, cause: 'forward-not-taken' };
  }
  await store.moveAway(
    from,
    leaving(pending).map(({ key }) => key),
    fromVersion,
  );
  await bell.ring(
    arrivals.map(({ message, correlationId }) => ({
      chat: next,
      messageKey: inboundKey(message),
      // Never the number of a ring of minutes ago, which would be swallowed as a duplicate.
      number: clock.now(),
      correlationId,
    })),
  );
  return SETTLED;
}
