import type { ChatHead } from '#domain/conversation/head.ts';
import type { Parking } from '#domain/conversation/parking.ts';
import type { Chat, TenantId } from '#domain/ids.ts';
import { type DeferredChat, FENCED, type SETTLED, type TimeLeft } from './chat-outcome.ts';
import type { ChatMemories } from './ports/chat-memories.ts';
import type { Clock, Random } from './ports/clock.ts';
import type { ConversationStore } from './ports/conversation-store.ts';
import type { JobsQueue } from './ports/jobs.ts';
import type { Log } from './ports/log.ts';
import type { MessageSender } from './ports/message-sender.ts';
import type { Metrics } from './ports/metrics.ts';
import type { TellBusinessDeps } from './tell-business.ts';

export interface DeliverTurnDeps extends TellBusinessDeps {
  readonly store: ConversationStore;
  readonly memories: ChatMemories;
  readonly jobs: JobsQueue;
  readonly sender: MessageSender;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Whose turn is delivered, and how long there is. */
export interface TurnWork {
  readonly chat: Chat;
  readonly tenantId: TenantId;
  readonly correlationId: string;
  readonly attempt: number;
  readonly time: TimeLeft;
  /** From then on WhatsApp takes no reply, so none is tried. */
  readonly windowClosesAtMs: number;
}

/**
 * Whether the part that is marked as being sent was marked by this worker a moment ago (`ours`: send it),
 * or found like that (`found`: perhaps it was sent, so wait for evidence).
 */
export type Mark = 'ours' | 'found';

/** How a delivery ended; `unsendable`: nothing can be sent until the operator has repaired something. */
export type Delivery =
  | typeof SETTLED
  | DeferredChat
  | { readonly kind: 'unsendable'; readonly parking: Parking };

/** A step's result: the head as stored now and whether its mark is ours, or the end of this try. */
export type Step =
  | { readonly kind: 'go-on'; readonly head: ChatHead; readonly mark: Mark }
  | { readonly kind: 'stop'; readonly outcome: Delivery };

/** Stores the next head, if nobody else wrote since. */
export async function save(
  chat: Chat,
  head: ChatHead,
  mark: Mark,
  { store, log, metrics }: DeliverTurnDeps,
): Promise<Step> {
  const saved = await store.saveHead(chat, head);
  if (saved !== 'stale') return goOn(saved, mark);
  metrics.count('TurnsFenced');
  log.warn('turn_fenced', { at: 'delivery' });
  return stop(FENCED);
}

export function goOn(head: ChatHead, mark: Mark): Step {
  return { kind: 'go-on', head, mark };
}

export function stop(outcome: Delivery): Step {
  return { kind: 'stop', outcome };
}

export function defer(delayMs: number, cause: string): Delivery {
  return { kind: 'deferred', delayMs, cause };
}
