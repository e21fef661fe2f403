import { bubbleInWords } from '#domain/conversation/choices-in-words.ts';
import { isLeftToNext } from '#domain/conversation/ended-turn.ts';
import type { ChatHead, OpenTurn, PartDelivery } from '#domain/conversation/head.ts';
import { outboundKey, type StoredOutbound } from '#domain/conversation/message.ts';
import { pairWaitMs } from '#domain/conversation/pair-budget.ts';
import { closeTurn, markSending, nextStep, outcomeOf } from '#domain/conversation/turn.ts';
import { versionOfTurn } from '#domain/memory/memory.ts';
import { SETTLED } from './chat-outcome.ts';
import {
  type DeliverTurnDeps,
  type Delivery,
  defer,
  goOn,
  type Mark,
  type Step,
  save,
  stop,
  type TurnWork,
} from './delivery-step.ts';
import { sendPart } from './send-part.ts';
import { resendPart, settlePart } from './settle-part.ts';
import { tellUntold } from './tell-business.ts';

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
  // What the turn brings about, before the customer hears of it where that can be had.
  const told = await tellUntold(work, opened, deps);
  const delivery = { ...work, isOfThisTry: mark === 'ours' && told === opened };
  let state: Step = { kind: 'go-on', head: 'kind' in told ? opened : told, mark };
  while (state.kind === 'go-on' && state.head.openTurn) {
    state = await advance(delivery, state.head, state.head.openTurn, state.mark, deps);
  }
  return state.kind === 'stop' ? state.outcome : SETTLED;
}

interface DeliveryWork extends TurnWork {
  /**
   * We have opened it ourselves, and know of nothing but its end that the stored head does not have. One that
   * was found open is closed, whatever its messages tell: it is found again otherwise.
   */
  readonly isOfThisTry: boolean;
}

async function advance(
  work: DeliveryWork,
  head: ChatHead,
  turn: OpenTurn,
  mark: Mark,
  deps: DeliverTurnDeps,
): Promise<Step> {
  const step = nextStep(turn);
  switch (step.kind) {
    case 'close':
      return close(work, head, turn, deps);
    case 'send': {
      const waitMs = pairWaitMs(head.pairPaidUpToMs, deps.clock.now());
      if (waitMs > 0) return stop(defer(waitMs, 'pair-budget'));
      return step.resends === undefined
        ? save(work.chat, markSending(head, step.part, deps.clock.now()), 'ours', deps)
        : resendPart(work, head, turn, { part: step.part, resends: step.resends }, deps);
    }
    case 'settle':
      return mark === 'ours'
        ? sendPart(work, head, turn, step.part, deps)
        : settlePart(work, head, turn, step, deps);
  }
}

/**
 * Every write here can be repeated. The messages are finished after all else, so that they tell that the turn
 * is at its end; clearing it comes last, and is mostly left to whoever writes the head next (docs/adr/039).
 */
async function close(
  work: DeliveryWork,
  head: ChatHead,
  turn: OpenTurn,
  deps: DeliverTurnDeps,
): Promise<Step> {
  const outcome = outcomeOf(turn);
  const told = await tellUntold(work, head, deps);
  if ('kind' in told) {
    const saved = await save(work.chat, head, 'found', deps);
    return saved.kind === 'stop' ? saved : stop(told);
  }
  try {
    await Promise.all([
      ...(turn.repeats ? [deps.store.settleFollowUp(work.chat, turn.repeats.key)] : []),
      ...(turn.forgets.length > 0 ? [forget(work, turn, deps)] : []),
      ...outboundOf(turn).map((outbound) => deps.store.recordOutbound(work.chat, outbound)),
    ]);
    await deps.store.finish(work.chat, turn.answers, { outcome, turnId: turn.id });
  } catch (error) {
    // That the last part was sent is perhaps written nowhere yet.
    await Promise.allSettled([deps.store.saveHead(work.chat, head)]);
    throw error;
  }
  const isLeft = work.isOfThisTry && told === head && isLeftToNext(head, turn);
  const closed = isLeft
    ? goOn(closeTurn(head), 'found')
    : await save(work.chat, closeTurn(told), 'found', deps);
  if (closed.kind === 'stop') return closed;
  count(turn, outcome, deps);
  deps.log.info('turn_closed', {
    turnId: turn.id,
    kind: turn.kind,
    outcome,
    messages: turn.answers.length,
    bubbles: turn.parts.length,
    waitedMs: turn.answers.length > 0 ? deps.clock.now() - turn.waitingSinceMs : undefined,
  });
  // Every turn that something is said in, since a job leaves what is before a newer turn to that one's.
  const isNew = turn.kind !== 'repeat';
  if (isNew && closed.kind === 'go-on') await rememberLater(work, closed.head, deps);
  return closed;
}

/** As the customer wished, whether or not our answer has reached them. */
async function forget(work: TurnWork, turn: OpenTurn, deps: DeliverTurnDeps): Promise<void> {
  await deps.memories.forget(work.chat, { ids: turn.forgets, upTo: versionOfTurn(turn.id) });
  deps.metrics.count('MemoryItemsForgotten', turn.forgets.length);
}

/** By then the customer has perhaps written on, and one job does for all of it. */
const MEMORY_DELAY_SECONDS = 90;

/** A job that is lost, here or by a crash before, is made up for by the next turn's. */
async function rememberLater(
  { chat, correlationId }: TurnWork,
  { version: headVersion }: ChatHead,
  { jobs, log }: DeliverTurnDeps,
): Promise<void> {
  const job = { kind: 'memory' as const, chat, headVersion, correlationId };
  const notTaken = await jobs.send([job], MEMORY_DELAY_SECONDS);
  if (notTaken > 0) log.warn('memory_job_lost');
}

/** What became of each part; one that was never tried leaves no trace. */
function outboundOf({ id, kind, parts, repeats }: OpenTurn): readonly StoredOutbound[] {
  const author = kind === 'person' ? 'person' : repeats?.author;
  return parts
    .map(
      ({ delivery, ...bubble }, part): StoredOutbound => ({
        direction: 'out',
        key: outboundKey(id, part),
        turnId: id,
        part,
        text: bubbleInWords(bubble),
        wamid: delivery.kind === 'sent' ? delivery.wamid : undefined,
        refusedCode: delivery.kind === 'refused' ? delivery.code : undefined,
        followUp: undefined,
        sends: (repeats?.sends ?? 0) + copiesOf(delivery),
        copies: copiesOf(delivery),
        ...(author && { author }),
        ...(bubble.template && { template: bubble.template.name }),
      }),
    )
    .filter(({ wamid, refusedCode }) => wamid !== undefined || refusedCode !== undefined);
}

function copiesOf(delivery: PartDelivery): number {
  return delivery.kind === 'sent' ? delivery.copies : 1;
}

function count(
  turn: OpenTurn,
  outcome: ReturnType<typeof outcomeOf>,
  { metrics, clock }: DeliverTurnDeps,
): void {
  if (turn.answers.length === 0) return;
  if (outcome === 'maybe-answered') metrics.count('MessagesMaybeAnswered', turn.answers.length);
  if (turn.kind === 'person') {
    if (outcome === 'maybe-answered') return;
    metrics.count(outcome === 'answered' ? 'PersonTurns' : 'PersonTurnsUndeliverable');
    return;
  }
  metrics.count('MessagesFinished', turn.answers.length);
  if (outcome === 'maybe-answered') return;
  metrics.duration('AnswerTime', clock.now() - turn.waitingSinceMs);
  if (outcome === 'answered') {
    metrics.count('TurnsAnswered');
    metrics.count('MessagesAnswered', turn.answers.length);
  }
  if (outcome === 'apologised') metrics.count('TurnsApologised');
  if (outcome === 'undeliverable') metrics.count('TurnsUndeliverable');
}
