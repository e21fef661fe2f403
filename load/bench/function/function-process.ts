import { randomUUID } from 'node:crypto';
import type { RuntimeInvocation } from '../../../local/lambda/runtime-api.ts';
import { type FunctionProcessOptions, RunningFunction, type Usage } from './running-function.ts';

/** One span of a process's life. */
export interface Spent {
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** What an invocation used, and what came of it. */
interface Invoked extends Spent {
  readonly result: string;
  /** The last lines that the function has written. */
  readonly log: readonly string[];
}

/** One execution environment under a runtime client, and what it uses. */
export class FunctionProcess {
  /** From the start of the process until it asks for its first event. */
  readonly init: Spent;
  readonly #options: FunctionProcessOptions;
  readonly #running: RunningFunction;
  #give: (invocation: RuntimeInvocation) => void;
  #used: Usage;

  private constructor(
    options: FunctionProcessOptions,
    running: RunningFunction,
    { give, init, used }: { give: (each: RuntimeInvocation) => void; init: Spent; used: Usage },
  ) {
    this.#options = options;
    this.#running = running;
    this.#give = give;
    this.#used = used;
    this.init = init;
  }

  /** @throws BenchError where it does not come so far as to ask for an event */
  static async start(options: FunctionProcessOptions): Promise<FunctionProcess> {
    const startedMs = performance.now();
    const running = await RunningFunction.start(options);
    const ready = await running.next();
    const wallMs = performance.now() - startedMs;
    if (ready.kind !== 'ready') {
      await running.close();
      throw running.failure('did not load', ready);
    }
    const used = await running.usage();
    return new FunctionProcess(options, running, {
      give: ready.give,
      used,
      init: { cpuMs: used.cpuMs, wallMs },
    });
  }

  /** @throws BenchError where the handler fails */
  async invoke(payload: string): Promise<Invoked> {
    const { definition } = this.#options;
    const before = this.#used;
    const startedMs = performance.now();
    this.#give({
      requestId: randomUUID(),
      payload,
      deadlineMs: Date.now() + definition.timeoutSeconds * 1000,
      functionArn: definition.arn,
      traceHeader: 'Root=1-00000000-000000000000000000000000;Sampled=0',
    });
    const returned = await this.#running.next();
    const wallMs = performance.now() - startedMs;
    if (returned.kind !== 'returned') throw this.#running.failure('failed', returned);
    // What it still does after its answer, such as to ask for the next event, is paid for as well.
    const ready = await this.#running.next();
    if (ready.kind !== 'ready') throw this.#running.failure('did not go on', ready);
    this.#give = ready.give;
    this.#used = await this.#running.usage();
    const { log } = this.#running;
    return { result: returned.payload, log, wallMs, cpuMs: this.#used.cpuMs - before.cpuMs };
  }

  get used(): Usage {
    return this.#used;
  }

  stop(): Promise<void> {
    return this.#running.close();
  }
}
