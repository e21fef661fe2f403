import type { FunctionDefinition } from '../../../local/lambda/function-definition.ts';
import { FunctionProcess, type Spent } from '../function/function-process.ts';
import type { Turned } from '../turn/turn-calls.ts';

/** A function that is started anew again and again. */
export interface Subject {
  readonly name: string;
  readonly definition: FunctionDefinition;
  /** Its first event, a new one each time; undefined = it is only loaded. */
  readonly event?: (() => Promise<string>) | undefined;
  /** What it must have done with that. @throws BenchError */
  readonly check?: ((first: Turned) => Promise<void>) | undefined;
}

/** One start, and what came first. */
export interface ColdStart {
  readonly init: Spent;
  readonly first: Spent | undefined;
  /** Init and first invocation. */
  readonly bothCpuMs: number;
  readonly peakMb: number;
}

export interface ColdOptions {
  readonly rounds: number;
  readonly peersUrl: string;
  readonly runtime: string;
  onRound(round: number): void;
}

/**
 * Starts each of them once in every round, so that whatever else the machine does meets all alike. One
 * round more comes before, of which nothing is kept: files are in memory after it.
 * @returns by the subject's name, a start for each round
 */
export async function measureCold(
  subjects: readonly Subject[],
  options: ColdOptions,
): Promise<ReadonlyMap<string, readonly ColdStart[]>> {
  const starts = new Map<string, ColdStart[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round <= options.rounds; round += 1) {
    options.onRound(round);
    for (const subject of subjects) {
      const start = await startCold(subject, options);
      if (round > 0) starts.get(subject.name)?.push(start);
    }
  }
  return starts;
}

async function startCold(
  { definition, event, check }: Subject,
  { peersUrl, runtime }: ColdOptions,
): Promise<ColdStart> {
  const payload = await event?.();
  const running = await FunctionProcess.start({ definition, peersUrl, runtime });
  try {
    const first = payload === undefined ? undefined : await running.invoke(payload);
    if (first) await check?.(first);
    const { init, used } = running;
    return { init, first, bothCpuMs: used.cpuMs, peakMb: used.peakMb };
  } finally {
    await running.stop();
  }
}
