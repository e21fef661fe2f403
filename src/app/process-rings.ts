import { backoffMs } from '#domain/backoff.ts';
import { failedOn } from '#domain/conversation/parking.ts';
import { planTurn } from '#domain/conversation/plan-turn.ts';
import { chatKey } from '#domain/ids.ts';
import { type AnswerChatDeps, answerChat, type ChatWork } from './answer-chat.ts';
import type { ParkedChat, TimeLeft } from './chat-outcome.ts';
import type { ReceivedRing, RingBox } from './ports/queues.ts';

export interface ProcessRingsDeps extends AnswerChatDeps {
  readonly rings: RingBox;
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
    [...chats.values()].map((rings) => processChat(rings, time, depsOf(rings))),
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
    const outcome = await answerChat(work, deps);
    switch (outcome.kind) {
      case 'settled':
        return await giveBack(rings, deps);
      case 'parked':
        return await giveUp(rings, outcome, deps);
      case 'deferred':
        deps.metrics.count('TurnsDeferred');
        deps.log.info('turn_deferred', { cause: outcome.cause, delayMs: outcome.delayMs });
        return await keepOrLeaveToSweeper(rings, work, outcome.delayMs, deps);
    }
  } catch (error) {
    deps.log.error('chat_failed', { attempt: work.attempt }, error);
    return afterBug(rings, work, error, deps);
  }
}

function workOf(rings: readonly ReceivedRing[], time: TimeLeft): ChatWork | undefined {
  const first = rings[0]?.ring;
  if (!first) return undefined;
  return {
    chat: first.chat,
    rung: new Set(rings.map(({ ring }) => ring.messageKey)),
    attempt: Math.max(...rings.map(({ receiveCount }) => receiveCount)),
    correlationId: first.correlationId,
    time,
  };
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
async function giveUp(
  rings: readonly ReceivedRing[],
  { parking, keys }: Omit<ParkedChat, 'kind'>,
  deps: ProcessRingsDeps,
): Promise<readonly ReceivedRing[]> {
  const [first] = rings;
  if (!first) return [];
  const dead = keys.map((messageKey) => ({ ...first.ring, messageKey }));
  await deps.rings.deadLetter(dead, parking, first.messageId);
  return giveBack(rings, deps);
}

/** Deletes rings before the batch ends. If that fails, the end of the batch deletes them. */
async function giveBack(
  rings: readonly ReceivedRing[],
  deps: ProcessRingsDeps,
): Promise<readonly ReceivedRing[]> {
  try {
    await deps.rings.done(rings);
  } catch (error) {
    deps.log.warn('rings_not_given_back', {
      code: error instanceof Error ? error.name : 'unknown',
    });
  }
  return [];
}

/** Something unclassified: tried again by the queue, and parked when that did not help. */
async function afterBug(
  rings: readonly ReceivedRing[],
  work: ChatWork,
  bug: unknown,
  deps: ProcessRingsDeps,
): Promise<readonly ReceivedRing[]> {
  try {
    if (work.attempt < deps.maxReceiveCount) {
      await deps.rings.defer(rings, backoffMs(work.attempt, deps.random.next()));
      return rings;
    }
    const keys = [...work.rung];
    const messages = await deps.store.readRecent(work.chat, { limit: 40, keys });
    const { toAnswer, toRecord } = planTurn(messages, work.rung);
    const stuck = [...toAnswer, ...toRecord].map(({ key }) => key);
    const parking = failedOn(bug instanceof Error ? bug.name : 'unknown', work.attempt);
    await deps.store.park(work.chat, stuck, parking);
    deps.metrics.count('MessagesParked', stuck.length);
    deps.log.error('messages_parked', { ...parking, messages: stuck.length });
    return await giveUp(rings, { parking, keys: stuck }, deps);
  } catch (error) {
    deps.log.error('chat_failed', { attempt: work.attempt, at: 'parking' }, error);
    return rings;
  }
}
