import { isTimerKey } from '#domain/conversation/command.ts';
import type { MessageKey } from '#domain/conversation/message.ts';
import { type Chat, chatKey } from '#domain/ids.ts';
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

/**
 * Enough to see past those that sit out their pause, and past a few chats that are stuck after a flood: of
 * a contact a thousand an hour are stored. They take 60 MB of memory; more are not counted either.
 */
const MOST_LISTED = 30_000;
const MOST_RUNG = 1_000;
const COUNTED_AT_ONCE = 25;
const LONGEST_PAUSE_MS = 60 * 60_000;

/**
 * The proof that accepted means answered: rings again for every chat in which a message is accepted and
 * not finished for too long, ever more rarely and without end. The age of the oldest is what an alarm
 * watches.
 */
export async function sweep(deps: SweepDeps): Promise<void> {
  const nowMs = deps.clock.now();
  const stuck = await deps.unfinished.listUnfinished({
    acceptedBeforeMs: nowMs - deps.ringAfterMs,
    limit: MOST_LISTED,
  });
  const late = stuck.filter((each) => !isDueTimer(each));
  const oldestMs = late.reduce((oldest, each) => Math.min(oldest, each.acceptedAtMs), nowMs);
  deps.metrics.count('UnfinishedMessages', late.length);
  deps.metrics.duration('OldestUnfinishedAge', nowMs - oldestMs);
  const chats = Map.groupBy(stuck, ({ chat }) => chatKey(chat));
  const due = [...chats.values()].flatMap((waiting) => dueOf(waiting, nowMs, deps.ringAfterMs));
  const rung = await ringAgain(due.slice(0, MOST_RUNG), deps);
  const timers = rung.filter(isDueTimer).length;
  deps.metrics.count('MessagesRungAgain', rung.length - timers);
  if (timers > 0) deps.metrics.count('TimersRung', timers);
  await countRings(rung, nowMs, deps);
  deps.log.info('sweep_finished', { unfinished: late.length, rung: rung.length });
}

/** It was to lie there until now: only one that is rung in vain is late. */
function isDueTimer({ key, rings }: UnfinishedMessage): boolean {
  return rings === 0 && isTimerKey(key);
}

/**
 * One ring drains a chat, so one message stands for all; each in its turn, since one that lies far back is
 * found by its own name only. The chat's pause grows with each ring, and does not hold for what came after.
 */
function dueOf(
  waiting: readonly UnfinishedMessage[],
  nowMs: number,
  ringAfterMs: number,
): readonly UnfinishedMessage[] {
  const rings = waiting.reduce((sum, message) => sum + message.rings, 0);
  const rungAtMs = waiting.reduce((last, message) => Math.max(last, message.rungAtMs ?? 0), 0);
  const pauseMs = Math.min(ringAfterMs * 2 ** rings, LONGEST_PAUSE_MS);
  const later = waiting.filter(({ acceptedAtMs }) => acceptedAtMs > rungAtMs);
  if (later.length === 0 && nowMs - rungAtMs < pauseMs) return [];
  const candidates = later.length > 0 ? later : waiting;
  const [first] = candidates.toSorted((one, other) => one.rings - other.rings);
  return first ? [first] : [];
}

/** @returns the messages for which the bell rang */
async function ringAgain(
  messages: readonly UnfinishedMessage[],
  { bell, log }: SweepDeps,
): Promise<readonly UnfinishedMessage[]> {
  const rings = messages.map(({ chat, key, rings, correlationId }) => ({
    chat,
    messageKey: key,
    number: rings + 1,
    correlationId,
  }));
  // By its chat too: Meta may give messages of two numbers the same id.
  const unrung = new Set(
    (await bell.ring(rings)).map((ring) => nameOf(ring.chat, ring.messageKey)),
  );
  const rung = messages.filter(({ chat, key }) => !unrung.has(nameOf(chat, key)));
  for (const { chat, correlationId, rings: before } of rung.filter((each) => !isDueTimer(each))) {
    const { phoneNumberId } = chat;
    log.warn('message_rung_again', { correlationId, phoneNumberId, rings: before + 1 });
  }
  return rung;
}

function nameOf(chat: Chat, key: MessageKey): string {
  return `${chatKey(chat)}#${key}`;
}

/** After the ring: what is rung and not counted is rung once more, which is harmless. */
async function countRings(
  messages: readonly UnfinishedMessage[],
  nowMs: number,
  { unfinished }: SweepDeps,
): Promise<void> {
  for (let at = 0; at < messages.length; at += COUNTED_AT_ONCE) {
    const some = messages.slice(at, at + COUNTED_AT_ONCE);
    await Promise.all(some.map((message) => unfinished.countRing(message, nowMs)));
  }
}
