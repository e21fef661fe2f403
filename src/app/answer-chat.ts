import { windowClosesAtMs } from '#domain/conversation/age.ts';
import { burstWaitMs } from '#domain/conversation/burst.ts';
import { hasJustStopped } from '#domain/conversation/consent.ts';
import { answersToLookAt, withoutEndedTurn } from '#domain/conversation/ended-turn.ts';
import type { ChatHead, OpenTurn } from '#domain/conversation/head.ts';
import { isTooOld, sortWaiting } from '#domain/conversation/kept-messages.ts';
import { mayBeSent } from '#domain/conversation/lost-time.ts';
import type { MessageKey } from '#domain/conversation/message.ts';
import { failedOn, misconfigured } from '#domain/conversation/parking.ts';
import { allOf, type Pending, planTurn, withDueTimers } from '#domain/conversation/plan-turn.ts';
import { isSpokenUp } from '#domain/conversation/speaking-up.ts';
import { isOfAnother } from '#domain/conversation/tenancy.ts';
import { isUntouched, MOST_IN_A_TURN } from '#domain/conversation/turn.ts';
import type { Failure } from '#domain/failure.ts';
import type { Chat, TenantId } from '#domain/ids.ts';
import { answerWaitMs, isTold } from '#domain/limits/contact-usage.ts';
import { currentMemory } from '#domain/memory/memory.ts';
import { textFor } from '#domain/tenant/speech.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import { askForPerson, isPersonWanted } from './ask-for-person.ts';
import { type ChatOutcome, SETTLED, type TimeLeft } from './chat-outcome.ts';
import { deliverTurn } from './deliver-turn.ts';
import { dropErased, dropErasedMemory } from './drop-erased.ts';
import { followUpBubbles } from './follow-up-bubbles.ts';
import { handOverTooOld } from './hand-over.ts';
import { dropTurn } from './honour-consent.ts';
import { leaveMaybeAnswered, sendOpenTurnNoFurther } from './leave-maybe-answered.ts';
import { limitChat, setAside } from './limit-chat.ts';
import { type ChatState, forwardChat, linkIds, moveChat } from './move-chat.ts';
import { park, parkKeys } from './park-chat.ts';
import type { TenantDirectory } from './ports/tenant-directory.ts';
import { RECENT_MESSAGES } from './read-earlier.ts';
import { hasUnread, planSettingsOf, type ReadMediaDeps, readMedia } from './read-media.ts';
import { recordOnly } from './record-only.ts';
import { type RunTurnDeps, runTurn } from './run-turn.ts';
import { parkingOfSend } from './send-part.ts';
import { servePeople } from './serve-people.ts';
import { type TakeChatOverDeps, takeChatOver } from './take-chat-over.ts';

export interface AnswerChatDeps extends RunTurnDeps, ReadMediaDeps, TakeChatOverDeps {
  readonly tenants: TenantDirectory;
  /** What a send for this tenant would be refused with now, without being tried. */
  readonly sendRefusal: (tenant: TenantId) => Failure | undefined;
}

/** A chat whose bell rang. */
export interface ChatWork {
  readonly chat: Chat;
  /** The messages that the rings name; they are looked at even if they are far back in the chat. */
  readonly rung: ReadonlySet<MessageKey>;
  /** How often these rings were received already, this time included. */
  readonly attempt: number;
  /** Whether somebody worked on these rings before; the time of one such try, where it was the only one. */
  readonly earlierTry: 'none' | 'unknown' | { readonly atMs: number };
  /** When the rings were received for the first time. */
  readonly receivedAtMs: number;
  /** Limits keep some messages from being answered; `says` tells the customer so, after the reply. */
  readonly leavesOut?: { readonly says: string | undefined } | undefined;
  /** Look at no other message: what is wrong with several together is looked for one by one. */
  readonly only?: MessageKey | undefined;
  readonly correlationId: string;
  readonly time: TimeLeft;
}

/**
 * While a release comes in, the one before it meets what it cannot read: it waits until the new one has the
 * ring, which is a matter of minutes. A message that was left behind by a release that was taken back is
 * parked then, so that the rest of its chat is answered.
 */
const RELEASE_MS = 45_000;
const MOST_WAITS_FOR_A_RELEASE = 8;

/** A ring that came back this often is near its last receive: it no longer waits for the customer. */
const MOST_BURST_WAITS = 5;

/**
 * Answers everything unanswered in a chat as one turn.
 * 1. Reads the head, with what is remembered, and the tenant side by side, then the recent messages; what was erased and came back goes.
 * 2. What a later release wrote is waited for. What cannot be worked on is parked: no tenant, a record that nobody can read, a dead token.
 * 3. A chat that was another tenant's begins anew. A turn that is at its end is open no longer; one of an
 *    earlier try is finished first, unless nothing of it is out and its contact has said STOP since; a chat
 *    that moved to another id is forwarded there.
 * 4. Bubbles that WhatsApp could not deliver are followed up; files are fetched, kept and read, whoever
 *    has the chat; what needs no answer is recorded; what is too old for the model goes to a person, and so
 *    does what was perhaps answered before the tables were restored, of which an open turn goes no further.
 * 5. What somebody of the business wants is carried out, oldest first. While a person has the chat, or is
 *    awaited, what is written is kept for them.
 * 6. Who wants no answers gets none. Who asks for a person is told that one comes. The rest waits a moment
 *    if the customer seems to write on, and is answered.
 */
export async function answerChat(work: ChatWork, deps: AnswerChatDeps): Promise<ChatOutcome> {
  const { chat } = work;
  const [{ head: found, stored }, tenant] = await Promise.all([
    deps.memories.readWithHead(chat),
    deps.tenants.findByPhoneNumber(chat.phoneNumberId),
  ]);
  // After the head: messages of before it may have been answered by the turn that it no longer shows,
  // and its version, which is what fences us, would not tell.
  const recent = await deps.store.readRecent(chat, {
    limit: RECENT_MESSAGES,
    keys: [...work.rung, ...answersToLookAt(found)],
  });
  let head = withoutEndedTurn(found, recent);
  const owned = { chat, tenantId: head.tenantId ?? tenantIdOf(tenant) };
  const { messages, unreadable, newer } = await dropErased(owned, head, recent, deps);
  await dropErasedMemory(chat, { head, stored }, deps);
  if (newer.length > 0 && work.attempt <= MOST_WAITS_FOR_A_RELEASE) {
    return { kind: 'deferred', delayMs: RELEASE_MS, cause: 'newer-version' };
  }
  if (unreadable.length > 0) {
    deps.metrics.count('RecordsUnreadable', unreadable.length);
    await parkKeys(work, unreadable, failedOn('StoredRecordError', work.attempt), deps);
  }
  if (newer.length > 0) {
    await parkKeys(work, newer, failedOn('NewerVersionError', work.attempt), deps);
  }
  const settings = planSettingsOf(tenant, deps);
  const planned = withDueTimers(
    planTurn(messages, work.rung, work.only, settings),
    deps.clock.now(),
  );
  const blocked = reasonToPark(tenant);
  if (tenant === undefined || tenant === 'misconfigured' || blocked) {
    return park(work, planned, misconfigured(blocked ?? 'configuration', work.attempt), deps);
  }
  const known = { ...deps, log: deps.log.with({ tenantId: tenant.id }) };
  if (isOfAnother(head, tenant.id)) {
    const taken = await takeChatOver(chat, head, tenant.id, known);
    return taken.kind === 'settled' ? answerChat(work, deps) : taken;
  }
  const refusal = head.movedTo ? undefined : deps.sendRefusal(tenant.id);
  const isHopeless = refusal?.class === 'fix-needed';
  const isRedriven = hasRungParked(planned, work.rung);
  // Nothing can be sent: what is parked stays so, unless the operator has just redriven it.
  let pending = isHopeless && !isRedriven ? planned : await resumeParked(chat, planned, known);
  // That is tried in earnest, as soon as a try is allowed.
  const awaitTry: ChatOutcome | undefined =
    isHopeless && isRedriven
      ? { kind: 'deferred', delayMs: refusal.retryAfterMs ?? 1_000, cause: refusal.code }
      : undefined;
  if (head.openTurn && mayBeSent(head.openTurn, deps)) {
    const turn = { ...work, tenantId: tenant.id, windowClosesAtMs: windowClosesAtMs(messages) };
    const open = { head, turn: head.openTurn };
    const ended = await sendOpenTurnNoFurther(turn, tenant, open, known);
    return ended.kind === 'settled' ? answerChat(work, deps) : ended;
  }
  const saysStop = hasJustStopped(head, pending.toAnswer, tenant.optOut);
  // Of a reply that waits nothing goes out once somebody of the business speaks up, or its contact says STOP.
  if (head.openTurn && isDropped(head.openTurn, { head, messages, pending }, saysStop)) {
    const dropped = await dropTurn(chat, head, known);
    return dropped.kind === 'settled' ? answerChat(work, deps) : dropped;
  }
  if (head.openTurn) {
    if (awaitTry) return awaitTry;
    const turn = { ...work, tenantId: tenant.id, windowClosesAtMs: windowClosesAtMs(messages) };
    const delivered = await deliverTurn(turn, head, 'found', known);
    if (delivered.kind === 'unsendable') {
      return park(work, pending, delivered.parking, known, head.openTurn.answers);
    }
    return delivered.kind === 'settled' ? answerChat(work, deps) : delivered;
  }
  if (pending.toFollowUp.length > 0 && !saysStop) {
    const followed = await followUpBubbles(work, tenant, { head, messages, pending }, known);
    return followed.kind === 'settled' ? answerChat(work, deps) : followed;
  }
  if (head.movedTo) return forwardChat(head, chat, head.movedTo, pending, known);
  // A notice that is older than the last move is overtaken: it is recorded, and undoes nothing.
  if (pending.move && pending.move.atMs >= head.movedAtMs) {
    return moveChat(head, chat, pending.move, pending, known);
  }
  // Whatever becomes of these messages: whoever looks for them may know the contact by either id.
  const linked = await linkIds({ head, pending }, { chat, tenantId: tenant.id }, known);
  if (linked?.kind === 'busy') return linked.outcome;
  if (linked?.kind === 'joined') return answerChat(work, deps);
  if (linked) head = linked.head;
  if (awaitTry && hasUnread(pending)) return awaitTry;
  const read = await readMedia(work, tenant, { head, pending }, known);
  if (read.kind === 'unsendable') {
    return park(work, pending, parkingOfSend(read.failure, work.attempt), known);
  }
  if (read.kind === 'deferred') return read;
  ({ head, pending } = read);
  await recordOnly(chat, pending.toRecord, known);
  if (pending.maybeAnswered.length > 0) {
    const left = await leaveMaybeAnswered(work, tenant, { head, pending }, known);
    return left.kind === 'settled' ? answerChat(work, deps) : left;
  }
  const state = { head, messages, pending, canSend: !isHopeless };
  const served = await servePeople(work, tenant, state, known);
  if (served.kind === 'again') return answerChat(served.work, deps);
  if (served.kind === 'ended') return served.outcome;
  const nowMs = deps.clock.now();
  const tooOld = pending.toAnswer.filter((each) => isTooOld(each, head, nowMs));
  if (tooOld.length > 0) {
    const handed = await handOverTooOld(chat, { head, tenantId: tenant.id }, tooOld, known);
    return handed.kind === 'settled' ? answerChat(work, deps) : handed;
  }
  if (pending.toAnswer.length === 0) {
    known.log.debug('chat_idle');
    await closeEnded(chat, { found, head }, known);
    return SETTLED;
  }
  if (awaitTry) return awaitTry;
  if (isHopeless) return park(work, pending, parkingOfSend(refusal, work.attempt), known);
  if (isPersonWanted(state, tenant)) {
    const asked = await askForPerson(work, tenant, state, known);
    return asked.kind === 'settled' ? answerChat(work, deps) : asked;
  }
  const waitMs = waitForMore(work, tenant, pending, head, known);
  if (waitMs > 0) return { kind: 'waiting', delayMs: waitMs };
  const again = () => answerChat(work, deps);
  const memory = currentMemory(stored.memory, head, tenant.id, deps.clock.now());
  return answerWithinLimits(work, tenant, { head, messages, pending, memory }, known, again);
}

/**
 * What nobody waits for is done now: who finds the turn open may be of a release that knows no other end of it.
 * Where somebody else has written since, it is closed already.
 */
async function closeEnded(
  chat: Chat,
  { found, head }: { readonly found: ChatHead; readonly head: ChatHead },
  { store }: Pick<AnswerChatDeps, 'store'>,
): Promise<void> {
  const isInTable = found.openTurn !== undefined && found.version === head.version;
  if (isInTable) await store.saveHead(chat, head);
}

function isDropped(turn: OpenTurn, { pending, ...heard }: ChatState, saysStop: boolean): boolean {
  if (!isUntouched(turn) || turn.kind === 'person') return false;
  const isOfAssistant = turn.kind === 'reply' || turn.kind === 'fallback';
  return saysStop || (isOfAssistant && isSpokenUp(pending, heard));
}

/**
 * One that writes faster than it may be answered waits a moment, and has what it wrote meanwhile answered
 * together. Messages beyond what a contact may write are kept, and it is told so with the answer to the rest.
 */
async function answerWithinLimits(
  work: ChatWork,
  tenant: Tenant,
  state: ChatState,
  deps: AnswerChatDeps,
  again: () => Promise<ChatOutcome>,
): Promise<ChatOutcome> {
  const limits = tenant.limits.contact;
  const nowMs = deps.clock.now();
  const { within, beyond } = sortWaiting(state.pending.toAnswer, state.head, limits);
  if (within.length === 0) return limitAll(work, tenant, state, deps, again);
  const paceMs = answerWaitMs(state.head.usage, limits, nowMs);
  if (paceMs > 0) {
    deps.metrics.count('ContactsPaced');
    return { kind: 'deferred', delayMs: paceMs, cause: 'contact-pace' };
  }
  const pending = { ...state.pending, toAnswer: within.slice(0, MOST_IN_A_TURN) };
  const says = isTold(state.head.usage, nowMs)
    ? undefined
    : textFor(tenant, 'limit', work.chat, state.head);
  const cut = beyond.length > 0 ? { ...work, leavesOut: { says } } : work;
  const outcome = await runTurn(cut, tenant, { ...state, pending }, deps, again);
  if (outcome.kind !== 'settled') return outcome;
  await setAside(work.chat, beyond, deps);
  if (within.length <= MOST_IN_A_TURN) return outcome;
  // By their keys: what is finished by now lies between them and the newest.
  const rest = within.slice(MOST_IN_A_TURN).map(({ key }) => key);
  return answerChat({ ...work, rung: new Set([...work.rung, ...rest]) }, deps);
}

async function limitAll(
  work: ChatWork,
  tenant: Tenant,
  state: ChatState,
  deps: AnswerChatDeps,
  again: () => Promise<ChatOutcome>,
): Promise<ChatOutcome> {
  const outcome = await limitChat(work, tenant, state, deps);
  const isAll = state.pending.toAnswer.length <= MOST_IN_A_TURN;
  return outcome.kind === 'settled' && !isAll ? again() : outcome;
}

/** @returns for how long, in milliseconds; 0 = not at all */
function waitForMore(
  work: ChatWork,
  tenant: Tenant,
  { toAnswer }: Pending,
  head: ChatHead,
  { clock, log }: AnswerChatDeps,
): number {
  if (work.attempt > MOST_BURST_WAITS || work.only !== undefined || head.asked > 0) return 0;
  // Whoever has the rings next infers from that time whether we only waited, so a slow read must not matter.
  const latest = Math.max(work.receivedAtMs, ...toAnswer.map(({ acceptedAtMs }) => acceptedAtMs));
  const atMs = work.earlierTry === 'none' ? latest : clock.now();
  const waitMs = burstWaitMs(toAnswer, tenant.burstWait, atMs);
  if (waitMs > 0) log.debug('burst_awaited', { delayMs: waitMs, messages: toAnswer.length });
  return waitMs;
}

/** Whether one of the rings names a message that is parked: only a redrive rings for these. */
function hasRungParked(pending: Pending, rung: ReadonlySet<MessageKey>): boolean {
  return allOf(pending).some(({ key, progress }) => progress.kind === 'parked' && rung.has(key));
}

/**
 * Tried again: from here on the sweeper watches over them, whatever becomes of the ring, and their
 * customer's wait counts anew.
 * @returns the same where none was parked
 */
async function resumeParked(
  chat: Chat,
  pending: Pending,
  { store, clock, metrics }: AnswerChatDeps,
): Promise<Pending> {
  const parked = allOf(pending).filter(({ progress }) => progress.kind === 'parked');
  if (parked.length === 0) return pending;
  await store.resume(
    chat,
    parked.map(({ key }) => key),
  );
  metrics.count('MessagesReopened', parked.length);
  const waitingSinceMs = clock.now();
  const resumed = pending.toAnswer.map((each) =>
    each.progress.kind === 'parked' ? { ...each, waitingSinceMs } : each,
  );
  return { ...pending, toAnswer: resumed };
}

function tenantIdOf(tenant: Tenant | 'misconfigured' | undefined): TenantId | undefined {
  return typeof tenant === 'object' ? tenant.id : undefined;
}

function reasonToPark(
  tenant: Tenant | 'misconfigured' | undefined,
): Parameters<typeof misconfigured>[0] | undefined {
  if (tenant === undefined) return 'unknown-phone-number';
  if (tenant === 'misconfigured') return 'configuration';
  return tenant.status === 'suspended' ? 'tenant-suspended' : undefined;
}
