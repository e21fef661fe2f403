import type { VirtualClock } from '#local/clock.ts';
import type { InvokeOutcome } from '#local/lambda/invocation.ts';
import { draw } from '../random.ts';
import { Environment } from './environment.ts';
import type { FaultPlan } from './fault-plan.ts';

/** A function's handler in one environment, with what it keeps in memory. */
export type Handler = (payload: string, remainingMs: () => number) => Promise<unknown>;

export interface FunctionPoolOptions {
  readonly name: string;
  readonly timeoutMs: number;
  readonly seed: number;
  readonly clock: VirtualClock;
  readonly faults: FaultPlan;
  /** Told when an invocation ran out of time. */
  readonly timedOut: () => void;
  /** A cold start. */
  readonly build: (environment: Environment) => Handler;
}

const FAILED: InvokeOutcome = {
  kind: 'failed',
  error: { errorType: 'Runtime.ExitError', errorMessage: 'The environment has ended' },
};
const COLD_START_MS = 300;
const AFTER_FREEZE_MS = 20_000;

/** A deployed function: environments that take one invocation at a time, made as they are needed. */
export class FunctionPool {
  readonly #options: FunctionPoolOptions;
  #idle: { readonly environment: Environment; readonly handler: Handler }[] = [];
  readonly #all = new Set<Environment>();
  #made = 0;
  #invocations = 0;

  constructor(options: FunctionPoolOptions) {
    this.#options = options;
  }

  /** A new version is deployed. */
  replaceAll(): void {
    this.#idle = [];
    for (const environment of this.#all) environment.isRetired = true;
    this.#all.clear();
  }

  async invoke(payload: string): Promise<InvokeOutcome> {
    const { name, faults, clock } = this.#options;
    this.#invocations += 1;
    const fault = faults.of(`lambda.${name}`, this.#invocations, 0, clock.now());
    switch (fault) {
      case 'throttle':
        return { kind: 'throttled' };
      case 'error-before':
      case 'timeout-before':
      case 'crash-before':
        return FAILED;
      case 'error-after':
      case 'timeout-after':
      case 'crash-after':
        // It ran; its answer is lost.
        await this.#run(payload);
        return FAILED;
      default:
        return this.#run(payload);
    }
  }

  async #run(payload: string): Promise<InvokeOutcome> {
    const { clock, timeoutMs } = this.#options;
    const { environment, handler } = this.#idle.pop() ?? (await this.#start());
    const startedMs = clock.now();
    const deadlineMs = startedMs + timeoutMs;
    return new Promise((resolve) => {
      let cancel = () => {};
      const finish = (outcome: InvokeOutcome) => {
        cancel();
        environment.end();
        if (!environment.isDead && !environment.isRetired)
          this.#idle.push({ environment, handler });
        resolve(outcome);
      };
      const timeOut = () => {
        // The timer of a frozen environment stands still with it.
        if (environment.frozenUntilMs > clock.now()) {
          cancel = clock.schedule(environment.frozenUntilMs + 5_000, timeOut);
        } else {
          this.#options.timedOut();
          environment.crash();
        }
      };
      cancel = clock.schedule(deadlineMs, timeOut);
      environment.begin(() => finish(FAILED));
      // A worker that was frozen believes that it has time left: the worst case for whoever took over.
      const remainingMs = () =>
        environment.frozenUntilMs > startedMs ? AFTER_FREEZE_MS : deadlineMs - clock.now();
      handler(payload, remainingMs).then(
        (value) => finish({ kind: 'returned', payload: JSON.stringify(value ?? null) }),
        () => finish(FAILED),
      );
    });
  }

  async #start() {
    const { name, clock, seed, faults, build } = this.#options;
    this.#made += 1;
    const environment = new Environment(`${name}-${this.#made}`, clock, faults.skewOf(this.#made));
    if (environment.skewMs !== 0) faults.count('clock skew', clock.now());
    this.#all.add(environment);
    const readyAtMs =
      clock.now() + Math.floor(COLD_START_MS * (0.5 + draw(seed, name, this.#made)));
    await new Promise<void>((resolve) => clock.schedule(readyAtMs, resolve));
    return { environment, handler: build(environment) };
  }
}
