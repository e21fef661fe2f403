import { randomBytes } from 'node:crypto';
import type { Callers } from '../callers.ts';
import { ExecutionEnvironment, type RunResult } from './execution-environment.ts';
import { type FunctionDefinition, reservedVariables } from './function-definition.ts';
import type { LogLine } from './invocation.ts';
import type { FunctionError, RuntimeInvocation } from './runtime-api.ts';

interface PoolDeps {
  readonly callers: Callers;
  extraEnvironment(functionName: string, environmentId: string): Readonly<Record<string, string>>;
  onLog(line: LogLine): void;
  readonly unreservedEnvironments: number;
}

/** Lambda gives the loading of a handler 10 s, and what it does not finish then the first event's time. */
const INIT_LIMIT_MS = 10_000;

interface Waiting {
  readonly event: Omit<RuntimeInvocation, 'deadlineMs'>;
  onStart(environmentId: string, coldStart: boolean): void;
  finish(result: RunResult): void;
}

/** The execution environments of one function: started when needed, used again while they live. */
export class EnvironmentPool {
  readonly #definition: FunctionDefinition;
  readonly #deps: PoolDeps;
  /** The process of each environment, until it has ended. */
  readonly #alive = new Map<ExecutionEnvironment, Promise<void>>();
  readonly #starting = new Set<ExecutionEnvironment>();
  readonly #idle: { readonly environment: ExecutionEnvironment; readonly id: string }[] = [];
  readonly #used = new Set<ExecutionEnvironment>();
  #waiting: Waiting[] = [];
  #closed = false;

  constructor(definition: FunctionDefinition, deps: PoolDeps) {
    this.#definition = definition;
    this.#deps = deps;
  }

  /** Runs the event in an idle environment, or in the first that becomes free or is started for it. */
  run(
    event: Omit<RuntimeInvocation, 'deadlineMs'>,
    onStart: (environmentId: string, coldStart: boolean) => void,
  ): Promise<RunResult> {
    return new Promise((finish) => {
      this.#waiting.push({ event, onStart, finish });
      this.#assign();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const ended = [...this.#alive.values()];
    for (const environment of this.#alive.keys()) environment.kill();
    await Promise.all(ended);
    for (const { finish } of this.#waiting) finish(stopped());
    this.#waiting = [];
  }

  #assign(): void {
    if (this.#closed) {
      for (const { finish } of this.#waiting.splice(0)) finish(stopped());
      return;
    }
    while (this.#waiting.length > 0 && this.#idle.length > 0) {
      const idle = this.#idle.pop();
      const next = this.#waiting.shift();
      if (!idle || !next) break;
      next.onStart(idle.id, !this.#used.has(idle.environment));
      this.#used.add(idle.environment);
      idle.environment
        .invoke(next.event, this.#definition.timeoutSeconds)
        .then((result) => next.finish(result));
    }
    const limit = this.#definition.reservedConcurrency ?? this.#deps.unreservedEnvironments;
    while (this.#starting.size < this.#waiting.length && this.#alive.size < limit) this.#start();
  }

  #start(): void {
    const { name, roleLogicalId, variables, taskRoot, memoryMb, timeoutSeconds } = this.#definition;
    // The form of an access key of a role's session, by which AWS services know their caller.
    const id = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
    const environment = new ExecutionEnvironment({
      variables: {
        ...variables,
        ...reservedVariables(this.#definition, id),
        ...this.#deps.extraEnvironment(name, id),
      },
      taskRoot,
      memoryMb,
      initLimitMs: INIT_LIMIT_MS + timeoutSeconds * 1000,
      onLine: (stream, text) =>
        this.#deps.onLog({ functionName: name, environmentId: id, stream, text }),
      onReady: () => {
        this.#starting.delete(environment);
        this.#idle.push({ environment, id });
        this.#assign();
      },
      onEnd: (initError) => this.#ended(environment, id, initError),
    });
    this.#deps.callers.add({
      environmentId: id,
      functionName: name,
      roleLogicalId,
      state: () => environment.state,
      kill: () => {
        this.#forgetIdle(environment);
        environment.kill();
      },
    });
    this.#starting.add(environment);
    this.#alive.set(environment, environment.live());
  }

  #ended(
    environment: ExecutionEnvironment,
    id: string,
    initError: FunctionError | undefined,
  ): void {
    this.#deps.callers.remove(id);
    this.#alive.delete(environment);
    this.#starting.delete(environment);
    this.#used.delete(environment);
    this.#forgetIdle(environment);
    // Whoever this environment was started for gets to hear why there is none.
    if (initError) this.#waiting.shift()?.finish({ kind: 'failed', error: initError });
    this.#assign();
  }

  #forgetIdle(environment: ExecutionEnvironment): void {
    const index = this.#idle.findIndex((each) => each.environment === environment);
    if (index >= 0) this.#idle.splice(index, 1);
  }
}

function stopped(): RunResult {
  return {
    kind: 'failed',
    error: { errorType: 'Runtime.ExitError', errorMessage: 'Error: the local cloud was stopped' },
  };
}
