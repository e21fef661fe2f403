import { setTimeout as sleep } from 'node:timers/promises';
import { DEMO_BUSINESSES } from '#local/demo.ts';
import type { InvocationEvent } from '#local/lambda/invocation.ts';
import type { LocalStack } from '#local/stack.ts';
import { processTimes } from '../../cost/process-time.ts';
import { quantile } from '../book.ts';
import { outcomeOf } from './on-model.ts';
import { type Arrival, PROCESSORS, type Trial } from './scenarios.ts';
import type { Outcome, Validation } from './validated.ts';

/** Raised when the local stack leaves a customer unanswered. */
class UnansweredError extends Error {
  override readonly name = 'UnansweredError';
}

const WARM_UP = 4 * PROCESSORS;
const ALONE = 12;
const LONGEST_MS = 120_000;
const POLL_MS = 20;
/** Statuses and what else follows an answer are over by then. */
const QUIET_MS = 3_000;

interface Written {
  readonly from: string;
  readonly atMs: number;
}

/** Customers of the local stack, and its model, which takes as long for each message as the trial says. */
export class StackTrials {
  readonly #stack: LocalStack;
  readonly #invocations: InvocationEvent[];
  readonly #business = DEMO_BUSINESSES[0]?.phoneNumberId ?? '';
  #customers = 0;

  /** @param invocations what the stack tells of them, filled as they come */
  constructor(stack: LocalStack, invocations: InvocationEvent[]) {
    this.#stack = stack;
    this.#invocations = invocations;
    stack.model.script = ({ input }) => {
      const said = input.findLast(({ role }) => role === 'user')?.text ?? '';
      // The model thinks for as long as it says when it has been asked.
      stack.model.latencyMs = Number(/in (\d+) ms/.exec(said)?.[1] ?? 0);
      return undefined;
    };
  }

  /** Every place of the processor has its environment, and has worked a little. */
  async warmUp(): Promise<void> {
    const arrivals = Array.from({ length: WARM_UP }, () => ({ at: 0, modelSeconds: 1 }));
    for (let round = 0; round < 2; round += 1) await this.#play(arrivals);
    await sleep(QUIET_MS);
  }

  /** What a turn takes that nobody else is beside, and for which the model takes no time. */
  async alone(): Promise<Validation['alone']> {
    const ingests: number[] = [];
    const turns: number[] = [];
    const before = processTimes().get('processor') ?? 0;
    for (let nth = 0; nth < ALONE; nth += 1) {
      this.#invocations.length = 0;
      const [written] = await this.#play([{ at: 0, modelSeconds: 0 }]);
      await sleep(QUIET_MS / 10);
      const ofProcessor = this.#invocations.filter((each) => each.functionName === 'processor');
      const started = ofProcessor.find(({ kind }) => kind === 'started');
      const finished = ofProcessor.find(({ kind }) => kind === 'finished');
      if (!written || !started || finished?.kind !== 'finished') continue;
      ingests.push((started.atMs - written.atMs) / 1_000);
      turns.push(finished.durationMs / 1_000);
    }
    const cpu = ((processTimes().get('processor') ?? 0) - before) / 1_000 / ALONE;
    const turn = quantile(turns, 0.5);
    return { ingest: quantile(ingests, 0.5), cpu, calls: Math.max(0, turn - cpu) };
  }

  async play({ arrivals }: Trial): Promise<Outcome> {
    const written = await this.#play(arrivals);
    const firstAt = Math.min(...written.map(({ atMs }) => atMs)) / 1_000;
    const lastAt = Math.max(...written.map(({ atMs }) => atMs)) / 1_000;
    const answered = written.map(({ from }) => (this.#answeredAtMs(from) ?? 0) / 1_000);
    await sleep(QUIET_MS);
    return outcomeOf(
      written.map(({ atMs }, nth) => (answered[nth] ?? 0) - atMs / 1_000),
      { firstAt, lastAt, lastAnswerAt: Math.max(...answered) },
    );
  }

  async #play(arrivals: readonly Arrival[]): Promise<readonly Written[]> {
    const beganMs = Date.now();
    const written: Written[] = [];
    for (const { at, modelSeconds } of arrivals) {
      const waitMs = beganMs + at * 1_000 - Date.now();
      if (waitMs > 0) await sleep(waitMs);
      written.push(this.#write(modelSeconds));
    }
    const untilMs = Date.now() + LONGEST_MS;
    while (written.some(({ from }) => this.#answeredAtMs(from) === undefined)) {
      if (Date.now() > untilMs)
        throw new UnansweredError('The local stack left somebody unanswered');
      await sleep(POLL_MS);
    }
    return written;
  }

  /** A question: nobody waits whether more comes. */
  #write(modelSeconds: number): Written {
    this.#customers += 1;
    const from = `3460045${String(this.#customers).padStart(4, '0')}`;
    const text = `Would you tell me in ${Math.round(modelSeconds * 1_000)} ms?`;
    this.#stack.world.receive({
      to: this.#business,
      from,
      name: undefined,
      text,
      message: undefined,
      file: undefined,
    });
    return { from, atMs: Date.now() };
  }

  #answeredAtMs(from: string): number | undefined {
    const transcript = this.#stack.world.transcript(this.#business, from);
    return transcript?.messages.find(({ direction }) => direction === 'out')?.at;
  }
}
