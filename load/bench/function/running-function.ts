import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { endsWithUs } from '../../../local/ends-with-us.ts';
import {
  type FunctionDefinition,
  reservedVariables,
} from '../../../local/lambda/function-definition.ts';
import {
  type FunctionError,
  type RuntimeInvocation,
  startRuntimeApi,
} from '../../../local/lambda/runtime-api.ts';
import type { RunningServer } from '../../../local/peer-server.ts';
import { BenchError } from './bench-error.ts';
import { Heard } from './heard.ts';

/** What a process has used since it was started. */
export interface Usage {
  readonly cpuMs: number;
  readonly peakMb: number;
}

export interface FunctionProcessOptions {
  readonly definition: FunctionDefinition;
  /** Where AWS, the model and WhatsApp are. */
  readonly peersUrl: string;
  /** The module that speaks the runtime API: what `compileRuntimeClient` gives, or local/lambda/bootstrap.mjs. */
  readonly runtime: string;
}

const USAGE = join(import.meta.dirname, 'usage.cjs');
const TAIL_LINES = 20;
const LONGEST_SILENCE_MS = 60_000;

type Reported =
  | { readonly kind: 'ready'; give(invocation: RuntimeInvocation): void }
  | { readonly kind: 'returned'; readonly payload: string }
  | { readonly kind: 'failed'; readonly error: FunctionError };

/** A process and both ways by which it is heard: the runtime API, and its reports of what it used. */
export class RunningFunction {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #api: RunningServer;
  readonly #heard: Heard<Reported>;
  readonly #reports = new Heard<Usage>();
  readonly #exited: Promise<unknown>;
  readonly #tail: string[] = [];

  private constructor(
    name: string,
    child: ChildProcess,
    api: RunningServer,
    heard: Heard<Reported>,
  ) {
    this.#name = name;
    this.#child = child;
    this.#api = api;
    this.#heard = heard;
    this.#exited = once(child, 'close').then(() => {
      const error = { errorType: 'Runtime.ExitError', errorMessage: 'it has ended' };
      heard.say({ kind: 'failed', error });
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface(stream).on('line', (text) => this.#remember(text));
    }
    const reports = child.stdio[3];
    if (isReadable(reports)) {
      createInterface(reports).on('line', (text) => this.#reports.say(JSON.parse(text)));
    }
  }

  static async start(options: FunctionProcessOptions): Promise<RunningFunction> {
    const heard = new Heard<Reported>();
    const api = await startRuntimeApi({
      ready: (give) => heard.say({ kind: 'ready', give }),
      initFailed: (error) => heard.say({ kind: 'failed', error }),
      returned: (_, payload) => heard.say({ kind: 'returned', payload }),
      failed: (_, error) => heard.say({ kind: 'failed', error }),
    });
    const { definition, runtime } = options;
    const flags = ['--require', USAGE, ...flagsOf(definition)];
    const child = endsWithUs(
      spawn(process.execPath, [...flags, runtime, definition.handler], {
        cwd: definition.taskRoot,
        env: { ...variablesOf(options), AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${api.port}` },
        stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      }),
    );
    return new RunningFunction(definition.name, child, api, heard);
  }

  /** What comes next: that it has ended, where nothing does for a minute. */
  async next(): Promise<Reported> {
    const limit = setTimeout(() => this.#child.kill('SIGKILL'), LONGEST_SILENCE_MS);
    const reported = await this.#heard.next();
    clearTimeout(limit);
    return reported;
  }

  /** Only of one that waits for its next event. */
  usage(): Promise<Usage> {
    this.#child.kill('SIGUSR2');
    return this.#reports.next();
  }

  failure(how: string, { kind, ...rest }: Reported): BenchError {
    const error = 'error' in rest ? `${rest.error.errorType}: ${rest.error.errorMessage}` : kind;
    return new BenchError(`${this.#name} ${how} (${error}):\n${this.log.join('\n')}`);
  }

  /** The last lines that it has written. */
  get log(): readonly string[] {
    return this.#tail;
  }

  async close(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
    await this.#api.close();
  }

  #remember(text: string): void {
    this.#tail.push(text);
    if (this.#tail.length > TAIL_LINES) this.#tail.shift();
  }
}

function isReadable(stream: ChildProcess['stdio'][number] | undefined): stream is Readable {
  return stream !== null && stream !== undefined && 'read' in stream;
}

/** Lambda has the collector exposed, and leaves V8 nearly all of the memory. */
function flagsOf({ memoryMb }: FunctionDefinition): readonly string[] {
  return ['--expose-gc', `--max-old-space-size=${Math.floor(memoryMb * 0.9)}`];
}

/** The template's variables, Lambda's own, and the addresses that stand in for the cloud's. */
function variablesOf({ definition, peersUrl }: FunctionProcessOptions): Record<string, string> {
  return {
    ...definition.variables,
    ...reservedVariables(definition, 'ASIABENCHBENCHBENCH0'),
    AWS_ENDPOINT_URL: peersUrl,
    GRAPH_BASE_URL: peersUrl,
    OPENAI_BASE_URL: `${peersUrl}/v1`,
    NOTICES_LOOPBACK: 'allowed',
  };
}
