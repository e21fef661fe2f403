import { inDollars } from '../cost/dollars.ts';
import { peakOf } from '../cost/processors-alone.ts';
import { sliceOf } from './deployment.ts';
import { grown, type Hold, holdOf, partsFor } from './hold.ts';
import { type Outage, runOutage } from './outage.ts';
import { fullCell, type Planning, type Step, stepOf } from './plan.ts';
import { isBackground } from './pressure.ts';
import { runSteady, type Steady } from './steady.ts';
import { about, seconds, whole } from './table.ts';

/** One size, asked of one configuration. */
export interface Answer {
  readonly stage: string;
  readonly conversationsADay: number;
  readonly messagesASecond: number;
  readonly processors: number;
  readonly batchSize: number;
  readonly hold: Hold;
  /** The busiest minute on it. */
  readonly steady: Steady;
  readonly outage: Outage;
  readonly step: Step;
}

const OUTAGE_MESSAGES_PLAYED = 20;

/** Whether a configuration holds so many conversations a day, and what would. */
export function answerTo(planning: Planning): Answer {
  const { scene, deployment, scenario, facts } = planning;
  const { conversationsADay } = scene.traffic;
  const messagesASecond = peakOf(scene.traffic);
  const hold = holdOf(deployment, scenario);
  const cell = holdOf(fullCell({ ...deployment, numbers: 10_000 }), scenario).messagesASecond;
  const parts = partsFor(deployment, messagesASecond);
  const slice = grown(sliceOf(deployment, parts));
  const step = stepOf(conversationsADay, planning, { stage: hold.messagesASecond, cell });
  const perCell = messagesASecond / step.cells;
  return {
    stage: facts.stage,
    conversationsADay,
    messagesASecond,
    processors: deployment.reserved,
    batchSize: deployment.processor.batchSize,
    hold,
    steady: runSteady({ ...scenario, deployment: slice }, messagesASecond / parts),
    outage: runOutage(step.deployment, scenario, {
      kind: 'processor',
      messagesASecond: perCell,
      seconds: 3_600,
      parts: Math.max(1, Math.round(perCell / OUTAGE_MESSAGES_PLAYED)),
    }),
    step,
  };
}

export function answerInWords(answer: Answer): string {
  const { steady, hold, step, outage } = answer;
  return [
    `${whole(answer.conversationsADay)} conversations a day are ${about(answer.messagesASecond)} messages a second in the busiest minute.`,
    `Stage ${answer.stage} with ${answer.processors} processors and ${answer.batchSize} chats to a batch at most holds ${about(hold.messagesASecond)}; then the ${hold.first} is full. ${background(answer)}`,
    verdictOn(steady),
    `Needed: ${plan(step)}`,
    `With that, what waits after the processor was stopped for an hour is drained ${outage.drainSeconds === undefined ? 'never' : `in ${seconds(outage.drainSeconds)}`}.`,
    `A month: AWS ${inDollars(step.month.aws)}, the model ${inDollars(step.month.model)}, Meta ${inDollars(step.month.meta)}.`,
  ].join('\n');
}

/** How full the parts are is said where it is held only: otherwise it is what locks and the slowest chats let it be. */
export function verdictOn(steady: Steady): string {
  const { isHeld, answeredASecond, messagesASecond, waits, pressures } = steady;
  if (!isHeld) {
    const share = Math.min(99, Math.round((100 * answeredASecond) / messagesASecond));
    return `So it does not hold them: ${share} of 100 messages are answered as they come, and within minutes chats wait up to ${seconds(waits.p95)} in the queue.`;
  }
  const fullest = pressures.toSorted((one, other) => other.share - one.share).slice(0, 4);
  const used = fullest.map(({ part, share }) => `${part} ${Math.round(share * 100)} %`).join(', ');
  return `So it holds them: a chat waits ${seconds(waits.mean)} in the queue, 95 of 100 less than ${seconds(waits.p95)}; half of the answers are out after ${seconds(steady.answers.median)}. Used: ${used}.`;
}

function background({ hold, messagesASecond, steady }: Answer): string {
  const { messagesASecond: most, first } = hold.background;
  if (most >= hold.messagesASecond) return 'Statuses and jobs keep up until there.';
  const full = steady.pressures.filter(({ part, share }) => isBackground(part) && share >= 0.9);
  const isLate = messagesASecond > most && full.length > 0;
  return `Statuses and jobs keep up until ${about(most)}, then the ${first} are full${isLate ? ': here they do not' : ''}.`;
}

function plan({ deployment, cells, quotas }: Step): string {
  const raised = quotas.map(({ name, needed }) => `${name}: ${whole(needed)}`).join('; ');
  const each = cells === 1 ? '' : `${cells} cells, each with `;
  return `${each}${deployment.reserved} processors, ${deployment.events.maxConcurrency} for events, ${deployment.jobs.maxConcurrency} for jobs, ${whole(deployment.apiRequests)} requests a second; ${raised === '' ? 'no quota to raise' : `quotas to raise: ${raised}`}.`;
}
