import { mean, quantile } from '../book.ts';
import { withProcessors } from '../deployment.ts';
import { grown, type Scenario } from '../hold.ts';
import { boundless } from '../needed.ts';
import type { Planning } from '../plan.ts';
import { Service } from '../service.ts';
import { PROCESSORS, type Trial } from './scenarios.ts';
import type { Outcome, Validation } from './validated.ts';

const LONGEST_SECONDS = 600;

/** Plays a trial on the model, which knows of the machine what a turn takes alone. */
export function playOnModel(
  { arrivals, batchSize }: Trial,
  { deployment, scenario }: Pick<Planning, 'deployment' | 'scenario'>,
  alone: Validation['alone'],
): Outcome {
  const processors = withProcessors(boundless(deployment), PROCESSORS);
  const processor = { ...processors.processor, batchSize };
  const service = new Service({
    ...asOn(scenario, alone),
    deployment: grown({ ...processors, processor }),
    coldSeconds: 0,
  });
  const { timeline, book } = service.world;
  book.isOpen = true;
  for (const { at, modelSeconds } of arrivals) {
    timeline.after(at, () => service.customers.writeFirst(modelSeconds));
  }
  let lastAnswerAt = 0;
  while (book.answered < arrivals.length && timeline.now < LONGEST_SECONDS) {
    const before = book.answered;
    timeline.runUntil(timeline.now + STEP_SECONDS);
    if (book.answered > before) lastAnswerAt = timeline.now;
  }
  return outcomeOf(
    book.answers.map((seconds) => seconds + alone.ingest),
    {
      firstAt: arrivals[0]?.at ?? 0,
      lastAt: arrivals.at(-1)?.at ?? 0,
      lastAnswerAt,
    },
  );
}

const STEP_SECONDS = 0.01;

/** The times of one trial, whoever played it. */
export interface Times {
  readonly firstAt: number;
  readonly lastAt: number;
  readonly lastAnswerAt: number;
}

export function outcomeOf(
  answers: readonly number[],
  { firstAt, lastAt, lastAnswerAt }: Times,
): Outcome {
  return {
    messagesASecond: answers.length / (lastAnswerAt - firstAt),
    meanSeconds: mean(answers),
    p95Seconds: quantile(answers, 0.95),
    drainSeconds: lastAnswerAt - lastAt,
  };
}

function asOn(scenario: Scenario, { ingest, cpu, calls }: Validation['alone']): Scenario {
  return {
    ...scenario,
    peers: { ...scenario.peers, graphSeconds: 0 },
    work: {
      ...scenario.work,
      ingest: { cpuSeconds: 0, callSeconds: ingest },
      turn: { cpuSeconds: cpu, callSeconds: calls },
    },
  };
}
