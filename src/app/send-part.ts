import { backoffMs } from '#domain/backoff.ts';
import type { ChatHead, OpenTurn } from '#domain/conversation/head.ts';
import { pairRefusalWaitMs } from '#domain/conversation/pair-budget.ts';
import type { Parking } from '#domain/conversation/parking.ts';
import {
  countPairRefusal,
  markPlain,
  markRefused,
  markSent,
  markWaiting,
} from '#domain/conversation/turn.ts';
import type { Failure, FailureClass } from '#domain/failure.ts';
import {
  type DeliverTurnDeps,
  defer,
  goOn,
  type Step,
  save,
  stop,
  type TurnWork,
} from './delivery-step.ts';
import type { CountMetric } from './ports/metrics.ts';

const SEND_TIMEOUT_MS = 10_000;
const LEAST_SEND_TIME_MS = 1_000;
/** A lost answer's status often comes within seconds. */
const FIRST_LOOK_FOR_EVIDENCE_MS = 5_000;

/** A reply to one conversation is nothing that a send could need. */
const REFUSALS = {
  retry: 'SendsToRetry',
  'give-up-here': 'SendsGivenUp',
  'reply-anyway': 'SendsGivenUp',
  'fix-needed': 'SendsNeedingFix',
} as const satisfies Record<FailureClass, CountMetric>;

/** What Graph would say (131047), without asking it. */
const WINDOW_CLOSED: Failure = { class: 'give-up-here', code: 'window-closed' };
/** A person is told it in Meta's own words: with a template they could write all the same. */
const WINDOW_CLOSED_TO_A_PERSON: Failure = { class: 'give-up-here', code: 'graph:131047' };

/** Sends a part that this worker has marked, and records what came of it. */
export async function sendPart(
  work: TurnWork,
  head: ChatHead,
  turn: OpenTurn,
  part: number,
  deps: DeliverTurnDeps,
): Promise<Step> {
  const { text = '', choices, quotes, template } = turn.parts[part] ?? {};
  if (deps.clock.now() >= work.windowClosesAtMs && !template) {
    const failure = turn.kind === 'person' ? WINDOW_CLOSED_TO_A_PERSON : WINDOW_CLOSED;
    return refused(work, head, part, failure, deps);
  }
  const timeoutMs = Math.min(SEND_TIMEOUT_MS, work.time.remainingMs());
  if (timeoutMs < LEAST_SEND_TIME_MS) {
    const waiting = await save(work.chat, markWaiting(head, part), 'found', deps);
    return waiting.kind === 'stop' ? waiting : stop(defer(1_000, 'out-of-time'));
  }
  const startedMs = deps.clock.now();
  const result = await deps.sender.send({
    tenantId: work.tenantId,
    recipient: turn.recipient,
    text,
    choices,
    quotes,
    template,
    reference: { chat: work.chat, turnId: turn.id, part },
    timeoutMs,
  });
  const durationMs = deps.clock.now() - startedMs;
  const isToNobody = result.kind === 'sent' && result.toNobody;
  if (!isToNobody) deps.metrics.duration('SendTime', durationMs);
  switch (result.kind) {
    case 'sent': {
      // Of one that goes to nobody no status will tell: it would be missing in every rate.
      if (!isToNobody) deps.metrics.count('BubblesSent');
      const bubbleId = deps.pseudonyms.ofWamid(result.wamid);
      deps.log.info('bubble_sent', { turnId: turn.id, part, bubbleId, durationMs });
      const sent = markSent(head, part, result.wamid, deps.clock.now());
      // The last one is recorded by the close that follows at once: the bubble's own record proves it.
      const isLast = part === turn.parts.length - 1;
      return isLast ? goOn(sent, 'ours') : save(work.chat, sent, 'ours', deps);
    }
    case 'ambiguous':
      deps.metrics.count('SendsAmbiguous');
      deps.log.warn('send_ambiguous', { code: result.code, turnId: turn.id, part });
      return stop(defer(FIRST_LOOK_FOR_EVIDENCE_MS, 'ambiguous'));
    case 'refused':
      return refused(work, head, part, result.failure, deps);
  }
}

/**
 * A refusal took no effect, so the mark is taken back, and nobody has to wait for evidence. Where it is
 * what a bubble has beside its words that may be refused, the words are sent at once without it.
 */
async function refused(
  work: TurnWork,
  head: ChatHead,
  part: number,
  failure: Failure,
  deps: DeliverTurnDeps,
): Promise<Step> {
  deps.metrics.count('SendsRefused');
  deps.metrics.count(REFUSALS[failure.class]);
  const fields = { class: failure.class, code: failure.code, part };
  const plain = failure.isOfTheForm ? markPlain(head, part, deps.clock.now()) : undefined;
  if (plain) {
    deps.metrics.count('BubblesMadePlain');
    deps.log.warn('send_refused', fields);
    return save(work.chat, plain, 'ours', deps);
  }
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
        : stop({ kind: 'unsendable', parking: parkingOfSend(failure, work.attempt) });
    }
    case 'retry': {
      deps.log.warn('send_refused', fields);
      const marked = markWaiting(head, part);
      const next = failure.isOfThePair ? countPairRefusal(marked) : marked;
      const waiting = await save(work.chat, next, 'found', deps);
      if (waiting.kind === 'stop') return waiting;
      return stop(defer(waitAfter(failure, head, work, deps), failure.code));
    }
  }
}

function waitAfter(
  failure: Failure,
  { openTurn }: ChatHead,
  { attempt }: TurnWork,
  { random }: DeliverTurnDeps,
): number {
  if (failure.isOfThePair) return pairRefusalWaitMs(openTurn?.pairRefusals ?? 0);
  return backoffMs(attempt, random.next(), failure.retryAfterMs);
}

/** What the operator is told when nothing can be sent for a tenant. */
export function parkingOfSend({ remedy, code }: Failure, attempts: number): Parking {
  const reason = remedy === 'token' ? remedy : 'configuration';
  return { reason, class: 'fix-needed', peer: 'graph', code, attempts };
}
