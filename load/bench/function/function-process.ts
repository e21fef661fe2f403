import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
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

/** What a process has used since it was started. */
export interface Usage {
  readonly cpuMs: number;
  readonly peakMb: number;
}

/** One span of a process's life. */
export interface Spent {
  readonly cpuMs: number;
  readonly wallMs: number;
}

export interface FunctionProcessOptions {
  readonly definition: FunctionDefinition;
  /** Where AWS, the model and WhatsApp are. */
  readonly peersUrl: string;
  /** The module that speaks the runtime API: what `compileRuntimeClient` gives, or local/lambda/bootstrap.mjs. */
  readonly runtime: string;
  /** How much V8 may keep, as the runtime of Lambda has it. */
  readonly flags?: readonly string[];
}

/** Raised where a function does not do what is to be measured. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
}

const USAGE = join(import.meta.dirname, 'usage.cjs');
const TAIL_LINES = 20;

type Reported =
  | { readonly kind: 'ready'; give(invocation: RuntimeInvocation): void }
  | { readonly kind: 'returned'; readonly payload: string }
  | { readonly kind: 'failed'; readonly error: FunctionError };

/** One execution environment under a runtime client, and what it uses. */
export class FunctionProcess {
  /** From the start of the process until it asks for its first event. */
  readonly init: Spent;
  readonly #options: FunctionProcessOptions;
  readonly #line: Line;
  #give: (invocation: RuntimeInvocation) => void;
  #used: Usage;

  private constructor(
    options: FunctionProcessOptions,
    line: Line,
    { give, init, used }: { give: (each: RuntimeInvocation) => void; init: Spent; used: Usage },
  ) {
    this.#options = options;
    this.#line = line;
    this.#give = give;
    this.#used = used;
    this.init = init;
  }

  /** @throws BenchError where it does not come so far as to ask for an event */
  static async start(options: FunctionProcessOptions): Promise<FunctionProcess> {
    const startedMs = performance.now();
    const line = await Line.open(options);
    const ready = await line.next();
    const wallMs = performance.now() - startedMs;
    if (ready.kind !== 'ready') throw line.failure('did not load', ready);
    const used = await line.usage();
    return new FunctionProcess(options, line, {
      give: ready.give,
      used,
      init: { cpuMs: used.cpuMs, wallMs },
    });
  }

  /** @throws BenchError where the handler fails */
  async invoke(payload: string): Promise<Spent & { readonly result: string }> {
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
    const returned = await this.#line.next();
    const wallMs = performance.now() - startedMs;
    if (returned.kind !== 'returned') throw this.#line.failure('failed', returned);
    // What it still does after its answer, such as to ask for the next event, is paid for as well.
    const ready = await this.#line.next();
    if (ready.kind !== 'ready') throw this.#line.failure('did not go on', ready);
    this.#give = ready.give;
    this.#used = await this.#line.usage();
    return { result: returned.payload, wallMs, cpuMs: this.#used.cpuMs - before.cpuMs };
  }

  get used(): Usage {
    return this.#used;
  }

  stop(): Promise<void> {
    return this.#line.close();
  }
}

/** A process and both ways by which it is heard: the runtime API, and its reports of what it used. */
class Line {
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

  static async open(options: FunctionProcessOptions): Promise<Line> {
    const heard = new Heard<Reported>();
    const api = await startRuntimeApi({
      ready: (give) => heard.say({ kind: 'ready', give }),
      initFailed: (error) => heard.say({ kind: 'failed', error }),
      returned: (_, payload) => heard.say({ kind: 'returned', payload }),
      failed: (_, error) => heard.say({ kind: 'failed', error }),
    });
    const { definition, runtime, flags = flagsOf(definition) } = options;
    const child = spawn(
      process.execPath,
      ['--require', USAGE, ...flags, runtime, definition.handler],
      {
        cwd: definition.taskRoot,
        env: { ...variablesOf(options), AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${api.port}` },
        stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      },
    );
    return new Line(definition.name, child, api, heard);
  }

  next(): Promise<Reported> {
    return this.#heard.next();
  }

  /** Only of one that waits for its next event. */
  usage(): Promise<Usage> {
    this.#child.kill('SIGUSR2');
    return this.#reports.next();
  }

  failure(how: string, { kind, ...rest }: Reported): BenchError {
    const error = 'error' in rest ? `${rest.error.errorType}: ${rest.error.errorMessage}` : kind;
    return new BenchError(`${this.#name} ${how} (${error}):\n${this.#tail.join('\n')}`);
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

/** What is said and not yet heard, in order. */
class Heard<What> {
  readonly #said: What[] = [];
  readonly #waiting: ((what: What) => void)[] = [];

  say(what: What): void {
    const first = this.#waiting.shift();
    if (first) first(what);
    else this.#said.push(what);
  }

  next(): Promise<What> {
    const said = this.#said.shift();
    if (said !== undefined) return Promise.resolve(said);
    return new Promise((resolve) => this.#waiting.push(resolve));
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
