import { backoffMs } from '#domain/backoff.ts';
import type { ChatHead, OpenTurn } from '#domain/conversation/head.ts';
import { outboundKey, type ParkReason, type StoredOutbound } from '#domain/conversation/message.ts';
import {
  closeTurn,
  evidenceWaitMs,
  markRefused,
  markResending,
  markSending,
  markSent,
  markWaiting,
  nextStep,
  outcomeOf,
} from '#domain/conversation/turn.ts';
import type { Failure } from '#domain/failure.ts';
import type { Chat, TenantId } from '#domain/ids.ts';
import {
  type ChatOutcome,
  FENCED,
  type ParkedChat,
  SETTLED,
  type TimeLeft,
} from './chat-outcome.ts';
import type { Clock, Random } from './ports/clock.ts';
import type { ConversationStore } from './ports/conversation-store.ts';
import type { Log } from './ports/log.ts';
import type { MessageSender } from './ports/message-sender.ts';
import type { Metrics } from './ports/metrics.ts';

export interface DeliverTurnDeps {
  readonly store: ConversationStore;
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
  readonly attempt: number;
  readonly time: TimeLeft;
}

/**
 * Whether the part that is marked as being sent was marked by this worker a moment ago (`ours`: send it),
 * or found like that (`found`: perhaps it was sent, so wait for evidence).
 */
export type Mark = 'ours' | 'found';

const SEND_TIMEOUT_MS = 10_000;
const LEAST_SEND_TIME_MS = 1_000;
const FIRST_LOOK_FOR_EVIDENCE_MS = 5_000;
const LOOK_FOR_EVIDENCE_MS = 20_000;

/** How a delivery ended; `unsendable`: nothing can be sent until the operator has repaired something. */
export type Delivery =
  | Exclude<ChatOutcome, ParkedChat>
  | { readonly kind: 'unsendable'; readonly reason: ParkReason };

/** A step's result: the head as stored now and whether its mark is ours, or the end of this try. */
type Step =
  | { readonly kind: 'go-on'; readonly head: ChatHead; readonly mark: Mark }
  | { readonly kind: 'stop'; readonly outcome: Delivery };

/**
 * Brings an open turn to its end, part by part; whatever an earlier try did is found in the head and
 * never done again. Every write is conditional on the head's version: a worker that lost its chat stops.
 */
export async function deliverTurn(
  work: TurnWork,
  opened: ChatHead,
  mark: Mark,
  deps: DeliverTurnDeps,
): Promise<Delivery> {
  let state: Step = { kind: 'go-on', head: opened, mark };
  while (state.kind === 'go-on' && state.head.openTurn) {
    state = await advance(work, state.head, state.head.openTurn, state.mark, deps);
  }
  return state.kind === 'stop' ? state.outcome : SETTLED;
}

async function advance(
  work: TurnWork,
  head: ChatHead,
  turn: OpenTurn,
  mark: Mark,
  deps: DeliverTurnDeps,
): Promise<Step> {
  const step = nextStep(turn);
  switch (step.kind) {
    case 'close':
      return close(work, head, turn, deps);
    case 'send':
      return step.resends === undefined
        ? save(work.chat, markSending(head, step.part, deps.clock.now()), 'ours', deps)
        : resend(work, head, turn, { part: step.part, resends: step.resends }, deps);
    case 'settle':
      return mark === 'ours'
        ? send(work, head, turn, step.part, deps)
        : settle(work, head, turn, step, deps);
  }
}

async function send(
  work: TurnWork,
  head: ChatHead,
  turn: OpenTurn,
  part: number,
  deps: DeliverTurnDeps,
): Promise<Step> {
  const timeoutMs = Math.min(SEND_TIMEOUT_MS, work.time.remainingMs());
  if (timeoutMs < LEAST_SEND_TIME_MS) {
    const waiting = await save(work.chat, markWaiting(head, part), 'found', deps);
    return waiting.kind === 'stop' ? waiting : stop(defer(1_000, 'out-of-time'));
  }
  const startedMs = deps.clock.now();
  const result = await deps.sender.sendText({
    tenantId: work.tenantId,
    recipient: turn.recipient,
    text: turn.parts[part]?.text ?? '',
    reference: { chat: work.chat, turnId: turn.id, part },
    timeoutMs,
  });
  deps.metrics.duration('SendTime', deps.clock.now() - startedMs);
  switch (result.kind) {
    case 'sent':
      deps.metrics.count('BubblesSent');
      return save(work.chat, markSent(head, part, result.wamid, deps.clock.now()), 'ours', deps);
    case 'ambiguous':
      deps.metrics.count('SendsAmbiguous');
      deps.log.warn('send_ambiguous', { code: result.code, turnId: turn.id, part });
      return stop(defer(FIRST_LOOK_FOR_EVIDENCE_MS, 'ambiguous'));
    case 'refused':
      return refused(work, head, part, result.failure, deps);
  }
}

/** A refusal took no effect, so the mark is taken back, and nobody has to wait for evidence. */
async function refused(
  work: TurnWork,
  head: ChatHead,
  part: number,
  failure: Failure,
  deps: DeliverTurnDeps,
): Promise<Step> {
  deps.metrics.count('SendsRefused');
  const fields = { class: failure.class, code: failure.code, part };
  switch (failure.class) {
    case 'give-up-here':
    case 'reply-anyway':
      deps.log.warn('send_refused', fields);
      return save(work.chat, markRefused(head, part, failure.code), 'ours', deps);
    case 'fix-needed': {
      deps.log.error('send_refused', fields);
      const waiting = await save(work.chat, markWaiting(head, part), 'found', deps);
      return waiting.kind === 'stop'
        ? waiting
        : stop({ kind: 'unsendable', reason: parkReason(failure) });
    }
    case 'retry': {
      deps.log.warn('send_refused', fields);
      const waiting = await save(work.chat, markWaiting(head, part), 'found', deps);
      if (waiting.kind === 'stop') return waiting;
      const delayMs = backoffMs(work.attempt, deps.random.next(), failure.retryAfterMs);
      return stop(defer(delayMs, failure.code));
    }
  }
}

function parkReason({ remedy }: Failure): ParkReason {
  return remedy ?? 'configuration';
}

/** An earlier try marked this part and did not come back: a status webhook may prove that it was sent. */
async function settle(
  work: TurnWork,
  head: ChatHead,
  turn: OpenTurn,
  found: { readonly part: number; readonly sinceMs: number; readonly resends: number },
  deps: DeliverTurnDeps,
): Promise<Step> {
  const leftMs = found.sinceMs + evidenceWaitMs(found.resends) - deps.clock.now();
  const proven = await findProof(work, head, turn, found.part, deps);
  if (proven) return proven;
  if (leftMs > 0) return stop(defer(Math.min(leftMs, LOOK_FOR_EVIDENCE_MS), 'awaiting-evidence'));
  return markAndCountResend(work, head, turn, found, deps);
}

/** The part may have gone out before its last try was refused: proof is looked for before each new one. */
async function resend(
  work: TurnWork,
  head: ChatHead,
  turn: OpenTurn,
  ambiguous: { readonly part: number; readonly resends: number },
  deps: DeliverTurnDeps,
): Promise<Step> {
  const proven = await findProof(work, head, turn, ambiguous.part, deps);
  return proven ?? markAndCountResend(work, head, turn, ambiguous, deps);
}

async function findProof(
  { chat }: TurnWork,
  head: ChatHead,
  turn: OpenTurn,
  part: number,
  deps: DeliverTurnDeps,
): Promise<Step | undefined> {
  const record = await deps.store.readOutbound({ chat, turnId: turn.id, part });
  if (!record?.wamid) return undefined;
  deps.log.info('ambiguous_part_proven', { turnId: turn.id, part });
  return save(chat, markSent(head, part, record.wamid, deps.clock.now()), 'ours', deps);
}

function markAndCountResend(
  { chat }: TurnWork,
  head: ChatHead,
  turn: OpenTurn,
  { part, resends }: { readonly part: number; readonly resends: number },
  deps: DeliverTurnDeps,
): Promise<Step> {
  deps.metrics.count('AmbiguousResends');
  deps.log.warn('ambiguous_part_resent', { turnId: turn.id, part, resends });
  return save(chat, markResending(head, part, resends, deps.clock.now()), 'ours', deps);
}

/** Every write here can be repeated; clearing the turn comes last, so that a crash repeats them. */
async function close(
  work: TurnWork,
  head: ChatHead,
  turn: OpenTurn,
  deps: DeliverTurnDeps,
): Promise<Step> {
  const outcome = outcomeOf(turn);
  await Promise.all([
    deps.store.finish(work.chat, turn.answers, { outcome, turnId: turn.id }),
    ...outboundOf(turn).map((outbound) => deps.store.recordOutbound(work.chat, outbound)),
  ]);
  const closed = await save(work.chat, closeTurn(head), 'found', deps);
  if (closed.kind === 'stop') return closed;
  count(turn, outcome, deps);
  deps.log.info('turn_closed', { turnId: turn.id, outcome, messages: turn.answers.length });
  return closed;
}

/** What became of each part; one that was never tried leaves no trace. */
function outboundOf({ id, parts }: OpenTurn): readonly StoredOutbound[] {
  return parts
    .map(
      ({ text, delivery }, part): StoredOutbound => ({
        direction: 'out',
        key: outboundKey(id, part),
        turnId: id,
        part,
        text,
        wamid: delivery.kind === 'sent' ? delivery.wamid : undefined,
        refusedCode: delivery.kind === 'refused' ? delivery.code : undefined,
      }),
    )
    .filter(({ wamid, refusedCode }) => wamid !== undefined || refusedCode !== undefined);
}

function count(
  turn: OpenTurn,
  outcome: ReturnType<typeof outcomeOf>,
  { metrics, clock }: DeliverTurnDeps,
): void {
  metrics.count('MessagesFinished', turn.answers.length);
  metrics.duration('AnswerTime', clock.now() - turn.waitingSinceMs);
  if (outcome === 'answered') metrics.count('TurnsAnswered');
  else if (outcome === 'apologised') metrics.count('TurnsApologised');
  else metrics.count('TurnsUndeliverable');
}

async function save(
  chat: Chat,
  head: ChatHead,
  mark: Mark,
  { store, log, metrics }: DeliverTurnDeps,
): Promise<Step> {
  const saved = await store.saveHead(chat, head);
  if (saved !== 'stale') return { kind: 'go-on', head: saved, mark };
  metrics.count('TurnsFenced');
  log.warn('turn_fenced', { at: 'delivery' });
  return stop(FENCED);
}

function stop(outcome: Delivery): Step {
  return { kind: 'stop', outcome };
}

function defer(delayMs: number, cause: string): Delivery {
  return { kind: 'deferred', delayMs, cause };
}
