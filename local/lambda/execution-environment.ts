import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Caller } from '../callers.ts';
import type { RunningServer } from '../peer-server.ts';
import { OutputLines } from './output-lines.ts';
import {
  type FunctionError,
  type OutputBytes,
  type RuntimeInvocation,
  startRuntimeApi,
} from './runtime-api.ts';

/** How one run of a handler ended. */
export type RunResult =
  | { readonly kind: 'returned'; readonly payload: string }
  | { readonly kind: 'failed'; readonly error: FunctionError };

export interface EnvironmentOptions {
  /** Everything that the process finds in its environment, but the address of its runtime API. */
  readonly variables: Readonly<Record<string, string>>;
  readonly taskRoot: string;
  readonly memoryMb: number;
  /** The process is ended when its handler is not loaded by then. */
  readonly initLimitMs: number;
  onLine(stream: 'stdout' | 'stderr', text: string): void;
  /** It waits for an event: after it was initialised, and after each invocation. */
  onReady(): void;
  /** It is gone; `initError` tells why it could not even load its handler. */
  onEnd(initError: FunctionError | undefined): void;
}

const BOOTSTRAP = fileURLToPath(new URL('./bootstrap.mjs', import.meta.url));

/** One process that runs one handler, one event at a time. */
export class ExecutionEnvironment {
  readonly #options: EnvironmentOptions;
  #api: RunningServer | undefined;
  #process: ChildProcess | undefined;
  #give: ((invocation: RuntimeInvocation) => void) | undefined;
  #running: { readonly requestId: string; finish(result: RunResult): void } | undefined;
  #output: { readonly stdout: OutputLines; readonly stderr: OutputLines } | undefined;
  /** The next event waits until the result of the one before is complete. */
  #settled: Promise<void> = Promise.resolve();
  #initialised = false;
  #initError: FunctionError | undefined;
  #closing = false;

  constructor(options: EnvironmentOptions) {
    this.#options = options;
  }

  /** Starts the process and returns when it has ended. */
  async live(): Promise<void> {
    this.#api = await startRuntimeApi({
      ready: (give) => void this.#ready(give),
      initFailed: (error) => {
        this.#initError = error;
      },
      returned: (requestId, payload, output) => {
        this.#settled = this.#finish(requestId, { kind: 'returned', payload }, output);
      },
      failed: (requestId, error, output) => {
        this.#settled = this.#finish(requestId, { kind: 'failed', error }, output);
      },
    });
    const how = this.#closing ? 'signal: killed' : await this.#run(this.#api);
    this.#ended(how);
    await this.#api.close();
  }

  get state(): ReturnType<Caller['state']> {
    if (this.#closing) return 'ending';
    if (this.#running) return 'working';
    return this.#initialised ? 'idle' : 'starting';
  }

  /** Runs the handler on an event; only an environment that is ready may be asked. */
  invoke(event: Omit<RuntimeInvocation, 'deadlineMs'>, timeoutSeconds: number): Promise<RunResult> {
    const give = this.#give;
    if (!give) throw new Error('This execution environment is not waiting for an event');
    this.#give = undefined;
    return new Promise((resolve) => {
      const limit = setTimeout(
        () => this.#timeOut(event.requestId, timeoutSeconds),
        timeoutSeconds * 1000,
      );
      this.#running = {
        requestId: event.requestId,
        finish: (result) => {
          clearTimeout(limit);
          this.#running = undefined;
          resolve(result);
        },
      };
      give({ ...event, deadlineMs: Date.now() + timeoutSeconds * 1000 });
    });
  }

  /** Ends the process at once, as a crash or the end of an execution environment does. */
  kill(): void {
    this.#closing = true;
    this.#process?.kill('SIGKILL');
  }

  /** Runs the process to its end, and tells how it ended. */
  async #run(api: RunningServer): Promise<string> {
    const { variables, taskRoot, memoryMb, onLine, initLimitMs } = this.#options;
    const child = spawn(process.execPath, [`--max-old-space-size=${memoryMb}`, BOOTSTRAP], {
      cwd: taskRoot,
      env: { ...variables, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${api.port}` },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#process = child;
    this.#output = {
      stdout: new OutputLines(child.stdout, (text) => onLine('stdout', text)),
      stderr: new OutputLines(child.stderr, (text) => onLine('stderr', text)),
    };
    const limit = setTimeout(() => {
      if (this.#initialised) return;
      this.#initError = {
        errorType: 'Sandbox.Timedout',
        errorMessage: `Error: the handler was not loaded within ${initLimitMs / 1000} seconds`,
      };
      this.kill();
    }, initLimitMs);
    const [code, signal] = await once(child, 'close').catch((error) => [String(error), null]);
    clearTimeout(limit);
    return signal === 'SIGKILL' ? 'signal: killed' : `exit status ${signal ?? code}`;
  }

  async #ready(give: (invocation: RuntimeInvocation) => void): Promise<void> {
    await this.#settled;
    if (this.#closing) return;
    this.#initialised = true;
    this.#give = give;
    this.#options.onReady();
  }

  /** The result counts once all that was logged before it has been read. */
  async #finish(
    requestId: string,
    result: RunResult,
    output: OutputBytes | undefined,
  ): Promise<void> {
    const running = this.#running;
    if (running?.requestId !== requestId) return;
    if (output) {
      await this.#output?.stdout.upTo(output.stdout);
      await this.#output?.stderr.upTo(output.stderr);
    }
    running.finish(result);
  }

  #timeOut(requestId: string, timeoutSeconds: number): void {
    const running = this.#running;
    this.kill();
    running?.finish({
      kind: 'failed',
      error: {
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
      },
    });
  }

  #ended(how: string): void {
    const requestId = this.#running?.requestId;
    const error = {
      errorType: 'Runtime.ExitError',
      errorMessage: `${requestId ? `RequestId: ${requestId} ` : ''}Error: Runtime exited with error: ${how}`,
    };
    // One that was ended from outside says nothing about its bundle: another one is started.
    if (!this.#initialised && !this.#closing) this.#initError ??= error;
    this.#options.onEnd(this.#initError);
    this.#running?.finish({ kind: 'failed', error });
  }
}
