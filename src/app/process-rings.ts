import { backoffMs } from '#domain/backoff.ts';
import { failedOn } from '#domain/conversation/parking.ts';
import { chatKey } from '#domain/ids.ts';
import { type AnswerChatDeps, answerChat, type ChatWork } from './answer-chat.ts';
import type { ChatOutcome, ParkedChat, TimeLeft } from './chat-outcome.ts';
import { isolateBug } from './isolate-bug.ts';
import { nameTenant } from './name-tenant.ts';
import type { ClassifyFailure } from './ports/failure-classifier.ts';
import type { ReceivedRing, RingBox } from './ports/queues.ts';

export interface ProcessRingsDeps extends AnswerChatDeps {
  readonly rings: RingBox;
  readonly classifyFailure: ClassifyFailure;
  /** A ring that was received this often is not tried again. */
  readonly maxReceiveCount: number;
}

/**
 * Works the chats of a batch side by side, each as one turn. A finished chat's rings are deleted at once,
 * so that no chat waits for the slowest of its batch.
 * @returns message ids of the rings that must stay in the queue
 */
export async function processRings(
  received: readonly ReceivedRing[],
  time: TimeLeft,
  depsOf: (rings: readonly ReceivedRing[]) => ProcessRingsDeps,
): Promise<readonly string[]> {
  const chats = Map.groupBy(received, ({ ring }) => chatKey(ring.chat));
  const kept = await Promise.all(
    [...chats.values()].map((rings) => processChat(rings, time, nameTenant(depsOf(rings)))),
  );
  return kept.flat().map(({ messageId }) => messageId);
}

async function processChat(
  rings: readonly ReceivedRing[],
  time: TimeLeft,
  deps: ProcessRingsDeps,
): Promise<readonly ReceivedRing[]> {
  const work = workOf(rings, time);
  if (!work) return [];
  deps.log.debug('chat_rung', { rings: rings.length, attempt: work.attempt });
  try {
    return await follow(await answerChat(work, deps), rings, work, deps);
  } catch (error) {
    return afterError(rings, work, error, deps);
  }
}

/** What becomes of the rings. */
async function follow(
  outcome: ChatOutcome,
  rings: readonly ReceivedRing[],
  work: ChatWork,
  deps: ProcessRingsDeps,
): Promise<readonly ReceivedRing[]> {
  switch (outcome.kind) {
    case 'settled':
      return giveBack(rings, deps);
    case 'parked':
      return (await isDeadLettered(rings, outcome, work, deps)) ? giveBack(rings, deps) : rings;
    case 'waiting':
      deps.metrics.count('BurstsAwaited');
      return keepOrLeaveToSweeper(rings, work, outcome.delayMs, deps);
    case 'deferred':
      deps.metrics.count('TurnsDeferred');
      deps.log.info('turn_deferred', { cause: outcome.cause, delayMs: outcome.delayMs });
      return keepOrLeaveToSweeper(rings, work, outcome.delayMs, deps);
  }
}

function workOf(rings: readonly ReceivedRing[], time: TimeLeft): ChatWork | undefined {
  const first = rings[0]?.ring;
  if (!first) return undefined;
  return {
    chat: first.chat,
    rung: new Set(rings.map(({ ring }) => ring.messageKey)),
    attempt: Math.max(...rings.map(({ receiveCount }) => receiveCount)),
    earlierTry: earlierTryOf(rings),
    receivedAtMs: Math.min(...rings.map(({ firstReceivedAtMs }) => firstReceivedAtMs)),
    correlationId: first.correlationId,
    time,
  };
}

function earlierTryOf(rings: readonly ReceivedRing[]): ChatWork['earlierTry'] {
  const again = rings.filter(({ receiveCount }) => receiveCount > 1);
  const isKnown =
    rings.every(({ ring }) => ring.number === 0) &&
    again.every(({ receiveCount }) => receiveCount === 2);
  if (!isKnown) return 'unknown';
  const times = again.map(({ firstReceivedAtMs }) => firstReceivedAtMs);
  if (new Set(times).size > 1) return 'unknown';
  const [atMs] = times;
  return atMs === undefined ? 'none' : { atMs };
}

/** On its last receive a healthy ring is dropped: the message is unfinished, so the sweeper rings again. */
async function keepOrLeaveToSweeper(
  rings: readonly ReceivedRing[],
  { attempt }: ChatWork,
  delayMs: number,
  deps: ProcessRingsDeps,
): Promise<readonly ReceivedRing[]> {
  if (attempt >= deps.maxReceiveCount) return giveBack(rings, deps);
  await deps.rings.defer(rings, delayMs);
  return rings;
}

/** One ring for each parked message, also for those whose own rings are gone: a redrive must find all. */
async function deadLetter(
  rings: readonly ReceivedRing[],
  { parking, keys }: Omit<ParkedChat, 'kind'>,
  deps: ProcessRingsDeps,
): Promise<void> {
  const [first] = rings;
  if (!first) return;
  const dead = keys.map((messageKey) => ({ ...first.ring, messageKey }));
  await deps.rings.deadLetter(dead, parking, first.messageId);
}

/**
 * A parked message is nothing that the sweeper rings for: while its dead letter is not taken, the ring at
 * hand stays, and in the end it is the queue itself that takes it to the dead letters.
 */
async function isDeadLettered(
  rings: readonly ReceivedRing[],
  parked: ParkedChat,
  { attempt }: ChatWork,
  deps: ProcessRingsDeps,
): Promise<boolean> {
  try {
    await deadLetter(rings, parked, deps);
    return true;
  } catch (error) {
    deps.log.error('chat_failed', { attempt, at: 'dead-letter' }, error);
    return false;
  }
}

/** Deletes rings before the batch ends. If that fails, the end of the batch deletes them. */
async function giveBack(
  rings: readonly ReceivedRing[],
  deps: ProcessRingsDeps,
): Promise<readonly ReceivedRing[]> {
  if (rings.length === 0) return [];
  try {
    await deps.rings.done(rings);
  } catch (error) {
    deps.log.warn('rings_not_given_back', {
      code: error instanceof Error ? error.name : 'unknown',
    });
  }
  return [];
}

/**
 * A table or queue that is unwell is waited for. Anything else is a bug: once more after a moment, and
 * then the message that brings it about is looked for, so that the others of its chat are answered.
 */
async function afterError(
  rings: readonly ReceivedRing[],
  work: ChatWork,
  error: unknown,
  deps: ProcessRingsDeps,
): Promise<readonly ReceivedRing[]> {
  const failure = deps.classifyFailure(error);
  deps.log.error('chat_failed', { attempt: work.attempt, code: failure?.code }, error);
  try {
    const delayMs = backoffMs(work.attempt, deps.random.next(), failure?.retryAfterMs);
    if (failure) {
      // What is known of the chat is not known now: perhaps it is parked, where no sweeper looks. On the
      // last receive the queue itself takes the ring to the dead letters.
      if (work.attempt < deps.maxReceiveCount) await deps.rings.defer(rings, delayMs);
      return rings;
    }
    deps.metrics.count('ChatsFailed');
    if (work.attempt === 1) {
      await deps.rings.defer(rings, delayMs);
      return rings;
    }
    const { outcome, parked } = await isolateBug(work, deps);
    const parking = failedOn(error instanceof Error ? error.name : 'unknown', work.attempt);
    if (parked.length > 0) await deadLetter(rings, { parking, keys: parked }, deps);
    // A ring that names what was parked would have it tried, and paid for, again.
    const isParked = ({ ring }: ReceivedRing) => parked.includes(ring.messageKey);
    await giveBack(rings.filter(isParked), deps);
    const others = rings.filter((ring) => !isParked(ring));
    return others.length > 0 ? await follow(outcome, others, work, deps) : [];
  } catch (again) {
    deps.log.error('chat_failed', { attempt: work.attempt, at: 'recovery' }, again);
    return rings;
  }
}
