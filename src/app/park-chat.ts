import type { MessageKey } from '#domain/conversation/message.ts';
import type { Parking } from '#domain/conversation/parking.ts';
import type { Pending } from '#domain/conversation/plan-turn.ts';
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
}

/** Everything that waits in a chat, and what its open turn answers, is left to the operator. */
export async function park(
  work: ParkedWork,
  pending: Pending,
  parking: Parking,
  deps: ParkDeps,
  alsoOpen: readonly MessageKey[] = [],
): Promise<ChatOutcome> {
  const waiting = [...pending.toAnswer, ...pending.toRecord];
  const again = waiting.filter(({ progress }) => progress.kind === 'parked').length;
  const keys = [...new Set([...waiting.map(({ key }) => key), ...alsoOpen])];
  if (keys.length === 0) return SETTLED;
  await parkKeys(work, keys, parking, deps, again);
  return { kind: 'parked', parking, keys };
}

/** @param again how many of them were parked before, and so are counted already */
export async function parkKeys(
  { chat }: ParkedWork,
  keys: readonly MessageKey[],
  parking: Parking,
  { store, log, metrics }: ParkDeps,
  again = 0,
): Promise<void> {
  await store.park(chat, keys, parking);
  metrics.count('MessagesParked', keys.length - again);
  log.error('messages_parked', { ...parking, messages: keys.length });
}
