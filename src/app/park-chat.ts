import type { MessageKey } from '#domain/conversation/message.ts';
import type { Parking } from '#domain/conversation/parking.ts';
import { allOf, type Pending } from '#domain/conversation/plan-turn.ts';
import type { Chat } from '#domain/ids.ts';
import { type ChatOutcome, SETTLED } from './chat-outcome.ts';
import type { ConversationStore } from './ports/conversation-store.ts';
import type { Log } from './ports/log.ts';
import type { Metrics } from './ports/metrics.ts';

export interface ParkDeps {
  readonly store: ConversationStore;
  readonly log: Log;
  readonly metrics: Metrics;
}

interface ParkedWork {
  readonly chat: Chat;
  /** The messages whose rings are at hand. */
  readonly rung: ReadonlySet<MessageKey>;
}

/**
 * Everything that waits in a chat, and what its open turn answers, is left to the operator. What was
 * parked before has its dead letter already, unless it is that one that was redriven.
 */
export async function park(
  work: ParkedWork,
  pending: Pending,
  parking: Parking,
  deps: ParkDeps,
  alsoOpen: readonly MessageKey[] = [],
): Promise<ChatOutcome> {
  const waiting = allOf(pending);
  const before = waiting.filter(({ progress }) => progress.kind === 'parked').map(({ key }) => key);
  const keys = [...new Set([...waiting.map(({ key }) => key), ...alsoOpen])];
  if (keys.length === 0) return SETTLED;
  await parkKeys(work, keys, parking, deps, before.length);
  const dead = keys.filter((key) => !before.includes(key) || work.rung.has(key));
  return { kind: 'parked', parking, keys: dead };
}

/** @param again how many of them were parked before, and so are counted already */
export async function parkKeys(
  { chat }: Pick<ParkedWork, 'chat'>,
  keys: readonly MessageKey[],
  parking: Parking,
  { store, log, metrics }: ParkDeps,
  again = 0,
): Promise<void> {
  await store.park(chat, keys, parking);
  metrics.count('MessagesParked', keys.length - again);
  if (parking.class === 'bug') metrics.count('MessagesBroken', keys.length - again);
  log.error('messages_parked', { ...parking, messages: keys.length });
}
