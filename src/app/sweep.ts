import type { Clock } from './ports/clock.ts';
import type { UnfinishedIndex, UnfinishedMessage } from './ports/conversation-store.ts';
import type { Log } from './ports/log.ts';
import type { Metrics } from './ports/metrics.ts';
import type { ChatBell } from './ports/queues.ts';

export interface SweepDeps {
  readonly unfinished: UnfinishedIndex;
  readonly bell: ChatBell;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** A message that is unfinished for longer than this is rung again, and then ever more rarely. */
  readonly ringAfterMs: number;
}

const MOST_PER_SWEEP = 1_000;
const LONGEST_PAUSE_MS = 60 * 60_000;
/** With the pauses above: about a day, the time in which WhatsApp lets us answer. */
const MOST_RINGS = 28;

/**
 * The proof that accepted means answered: rings again for every message that is accepted and not
 * finished for too long. What stays even then is parked, so that it is seen and can be redriven.
 */
export async function sweep(deps: SweepDeps): Promise<void> {
  const nowMs = deps.clock.now();
  const stuck = await deps.unfinished.listUnfinished({
    acceptedBeforeMs: nowMs - deps.ringAfterMs,
    limit: MOST_PER_SWEEP,
  });
  const due = stuck.filter((message) => isDue(message, nowMs, deps.ringAfterMs));
  const hopeless = due.filter(({ rings }) => rings >= MOST_RINGS);
  const toRing = due.filter(({ rings }) => rings < MOST_RINGS);
  const rung = await ringAgain(toRing, nowMs, deps);
  await Promise.all(
    hopeless.map(({ chat, key }) => deps.unfinished.park(chat, [key], 'unanswerable')),
  );
  const oldestMs = Math.min(nowMs, ...stuck.map(({ acceptedAtMs }) => acceptedAtMs));
  deps.metrics.count('UnfinishedMessages', stuck.length);
  deps.metrics.duration('OldestUnfinishedAge', nowMs - oldestMs);
  deps.metrics.count('MessagesRungAgain', rung);
  if (hopeless.length > 0) {
    deps.metrics.count('MessagesParked', hopeless.length);
    deps.log.error('messages_parked', { reason: 'unanswerable', messages: hopeless.length });
  }
  deps.log.info('sweep_finished', { unfinished: stuck.length, rung, parked: hopeless.length });
}

function isDue(message: UnfinishedMessage, nowMs: number, ringAfterMs: number): boolean {
  if (message.rungAtMs === undefined) return true;
  const pauseMs = Math.min(ringAfterMs * 2 ** message.rings, LONGEST_PAUSE_MS);
  return nowMs - message.rungAtMs >= pauseMs;
}

/** The ring comes before its count: a crash in between rings twice, which is harmless. */
async function ringAgain(
  messages: readonly UnfinishedMessage[],
  nowMs: number,
  { unfinished, bell, log }: SweepDeps,
): Promise<number> {
  const rings = messages.map(({ chat, key, rings, correlationId }) => ({
    chat,
    messageKey: key,
    number: rings + 1,
    correlationId,
  }));
  const unrung = new Set((await bell.ring(rings)).map(({ messageKey }) => messageKey));
  const rung = messages.filter(({ key }) => !unrung.has(key));
  await Promise.all(rung.map((message) => unfinished.countRing(message, nowMs)));
  for (const { correlationId, rings: before } of rung) {
    log.warn('message_rung_again', { correlationId, rings: before + 1 });
  }
  return rung.length;
}
