import { isCommandKey } from '#domain/conversation/command.ts';
import { hasOptedOut } from '#domain/conversation/consent.ts';
import type { ChatHead, OpenTurn } from '#domain/conversation/head.ts';
import { compareInbound, type MessageKey } from '#domain/conversation/message.ts';
import { failedOn, type Parking } from '#domain/conversation/parking.ts';
import { allOf, planTurn, recipientOf } from '#domain/conversation/plan-turn.ts';
import { bubblesOf } from '#domain/conversation/reply-parts.ts';
import {
  closeTurn,
  isUntouched,
  markRefused,
  nextStep,
  outcomeOf,
} from '#domain/conversation/turn.ts';
import { textFor } from '#domain/tenant/speech.ts';
import { type AnswerChatDeps, answerChat, type ChatWork } from './answer-chat.ts';
import { type ChatOutcome, FENCED, SETTLED } from './chat-outcome.ts';
import { hasJustApologised } from './compose-reply.ts';
import { openAndDeliver } from './open-turn.ts';
import { parkKeys } from './park-chat.ts';
import type { ClassifyFailure } from './ports/failure-classifier.ts';
import { readSettledHead } from './read-settled-head.ts';

export interface IsolateBugDeps extends AnswerChatDeps {
  readonly classifyFailure: ClassifyFailure;
}

/** The chat is looked at again, from its start. */
const LATER: ChatOutcome = { kind: 'deferred', delayMs: 1_000, cause: 'bug' };

/** How it ended, and what was parked for a bug on the way: a ring for each goes to the dead-letter queue. */
export interface Isolated {
  readonly outcome: ChatOutcome;
  readonly parked: readonly MessageKey[];
}

/** A key that no message has: only the open turn is worked. */
const NO_MESSAGE: MessageKey = '';

/**
 * Some message of the chat makes our code fail, and the others must not wait for it. The open turn, if
 * there is one, is brought to its end first or set aside; then each message is worked alone, oldest
 * first; one that fails alone is parked, and its customer is told once that a person will come back.
 */
export async function isolateBug(work: ChatWork, deps: IsolateBugDeps): Promise<Isolated> {
  const parked: MessageKey[] = [];
  const seen = new Set<MessageKey>();
  for (let next: MessageKey | undefined = NO_MESSAGE; next !== undefined; ) {
    seen.add(next);
    const outcome = await workAlone(work, next, parked, deps);
    if (outcome.kind !== 'settled') return { outcome, parked };
    next = await nextWaiting(work, new Set([...seen, ...parked]), deps);
  }
  return { outcome: SETTLED, parked };
}

/** @param parked is added to where the message is at fault */
async function workAlone(
  work: ChatWork,
  key: MessageKey,
  parked: MessageKey[],
  deps: IsolateBugDeps,
): Promise<ChatOutcome> {
  const suspect = key === NO_MESSAGE ? await readSettledHead(work.chat, deps.store) : undefined;
  try {
    return await answerChat({ ...work, only: key }, deps);
  } catch (error) {
    if (deps.classifyFailure(error)) throw error;
    deps.log.error('chat_failed', { attempt: work.attempt, at: 'alone' }, error);
    const parking = failedOn(error instanceof Error ? error.name : 'unknown', work.attempt);
    const head = await readSettledHead(work.chat, deps.store);
    if (head.openTurn) {
      // Drafted meanwhile, and perhaps by another worker: it is suspected once it fails itself.
      if (head.openTurn.id !== suspect?.openTurn?.id) return LATER;
      const aside = await setTurnAside(work, head, head.openTurn, parking, deps);
      if (aside.kind !== 'parked') return aside;
      parked.push(...aside.keys);
      return SETTLED;
    }
    if (key === NO_MESSAGE) return SETTLED;
    const outcome = await setMessageAside(
      work,
      head,
      { key, parking, isTold: parked.length > 0 || isCommandKey(key) },
      deps,
    );
    if (outcome.kind === 'settled') parked.push(key);
    return outcome;
  }
}

async function nextWaiting(
  { chat, rung }: ChatWork,
  seen: ReadonlySet<MessageKey>,
  { store }: IsolateBugDeps,
): Promise<MessageKey | undefined> {
  const { messages } = await store.readRecent(chat, { limit: 40, keys: [...rung] });
  return [...allOf(planTurn(messages, rung))].sort(compareInbound).find(({ key }) => !seen.has(key))
    ?.key;
}

async function setMessageAside(
  work: ChatWork,
  found: ChatHead,
  suspect: {
    readonly key: MessageKey;
    readonly parking: Parking;
    /** The customer hears of the first one only, and of none that is not theirs. */
    readonly isTold: boolean;
  },
  deps: IsolateBugDeps,
): Promise<ChatOutcome> {
  // The calls that this message cost are not held against the next one.
  const head =
    found.asked > 0 ? await deps.store.saveHead(work.chat, { ...found, asked: 0 }) : found;
  if (head === 'stale') return FENCED;
  const apology = suspect.isTold ? SETTLED : await apologise(work, head, deps);
  if (apology.kind === 'deferred') return apology;
  await parkKeys(work, [suspect.key], suspect.parking, deps);
  return SETTLED;
}

/** A turn that cannot be delivered: what of it was perhaps sent is not sent again, the rest may be redone. */
async function setTurnAside(
  work: ChatWork,
  head: ChatHead,
  turn: OpenTurn,
  parking: Parking,
  { store, log, metrics }: IsolateBugDeps,
): Promise<ChatOutcome> {
  if (isUntouched(turn)) {
    const saved = await store.saveHead(work.chat, closeTurn(head));
    if (saved === 'stale') return FENCED;
    await parkKeys(work, turn.answers, parking, { store, log, metrics });
    return { kind: 'parked', parking, keys: turn.answers };
  }
  const step = nextStep(turn);
  if (step.kind === 'close') {
    // Without the record of what was said: that may be what breaks us.
    await store.finish(work.chat, turn.answers, { outcome: outcomeOf(turn), turnId: turn.id });
    if (turn.kind !== 'person') metrics.count('MessagesFinished', turn.answers.length);
    const closed = await store.saveHead(work.chat, closeTurn(head));
    return closed === 'stale' ? FENCED : SETTLED;
  }
  const saved = await store.saveHead(work.chat, markRefused(head, step.part, 'bug'));
  return saved === 'stale' ? FENCED : LATER;
}

/** A failure of the apology is only logged: the message is parked all the same. */
async function apologise(
  work: ChatWork,
  head: ChatHead,
  deps: IsolateBugDeps,
): Promise<ChatOutcome> {
  try {
    const tenant = await deps.tenants.findByPhoneNumber(work.chat.phoneNumberId);
    const isTold = hasJustApologised(head, deps.clock.now()) || head.state !== 'assistant';
    if (!tenant || tenant === 'misconfigured' || isTold || head.movedTo) return SETTLED;
    if (hasOptedOut(head, tenant.optOut)) return SETTLED;
    const { messages } = await deps.store.readRecent(work.chat, { limit: 40, keys: [] });
    const inbound = messages.filter((each) => each.direction === 'in');
    const draft = {
      kind: 'fallback' as const,
      bubbles: bubblesOf(textFor(tenant, 'fallback', work.chat, head)),
      waitingSinceMs: deps.clock.now(),
      answers: [],
      recipient: recipientOf(inbound),
      tenantId: tenant.id,
      lastMessageAtMs: head.lastMessageAtMs,
    };
    const delivered = await openAndDeliver({ work, head, draft, messages }, deps);
    return delivered.kind === 'unsendable' ? SETTLED : delivered;
  } catch (error) {
    if (deps.classifyFailure(error)) throw error;
    deps.log.error('apology_failed', {}, error);
    return SETTLED;
  }
}
