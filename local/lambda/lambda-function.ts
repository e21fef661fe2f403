import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Callers } from '../callers.ts';
import type { Fault, Faults } from '../faults.ts';
import { EnvironmentPool } from './environment-pool.ts';
import type { FunctionDefinition } from './function-definition.ts';
import {
  type InvocationEvent,
  type InvocationSource,
  type InvokeOutcome,
  type LogLine,
  PAYLOAD_LIMIT,
} from './invocation.ts';
import type { WaitingClients } from './waiting-clients.ts';

export interface LambdaDeps {
  readonly faults: Faults;
  readonly callers: Callers;
  /** Added to the template's variables: where AWS and the outside peers answer. */
  extraEnvironment(functionName: string, environmentId: string): Readonly<Record<string, string>>;
  onLog(line: LogLine): void;
  onInvocation(event: InvocationEvent): void;
  /**
   * How many processes a function without reserved concurrency gets. The cloud would start one for
   * every request at once; here requests wait for one of these.
   */
  readonly unreservedEnvironments: number;
  /** @default nobody makes way */
  readonly waitingClients?: WaitingClients;
  /**
   * How many times faster than on the wall an invocation comes to its timeout that hangs by a fault.
   * @default 1
   */
  readonly speed?: number;
}

/** A deployed function: takes events, and answers as the Lambda service would. */
export class LambdaFunction {
  readonly definition: FunctionDefinition;
  readonly #deps: LambdaDeps;
  readonly #pool: EnvironmentPool;
  #inFlight = 0;

  constructor(definition: FunctionDefinition, deps: LambdaDeps) {
    this.definition = definition;
    this.#deps = deps;
    this.#pool = new EnvironmentPool(definition, deps);
  }

  /** Runs the function on a JSON event and waits for its result; never rejects. */
  async invoke(payload: string, source: InvocationSource): Promise<InvokeOutcome> {
    if (Buffer.byteLength(payload) > PAYLOAD_LIMIT) return { kind: 'refused', status: 413 };
    const { name, reservedConcurrency } = this.definition;
    const fault = this.#deps.faults.take(`lambda:${name}`, ({ kind }) => kind !== 'kill');
    const requestId = randomUUID();
    if (reservedConcurrency !== undefined && this.#inFlight >= reservedConcurrency) {
      return this.#throttle(requestId, source);
    }
    this.#inFlight += 1;
    try {
      return await this.#withFault(fault, payload, requestId, source);
    } finally {
      this.#inFlight -= 1;
    }
  }

  /** Ends all its processes; what they were doing is lost, as when a stack is deleted. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  async #withFault(
    fault: Fault | undefined,
    payload: string,
    requestId: string,
    source: InvocationSource,
  ): Promise<InvokeOutcome> {
    switch (fault?.kind) {
      case 'throttle':
        return this.#throttle(requestId, source);
      case 'status':
        return { kind: 'refused', status: fault.status };
      case 'graph':
        return { kind: 'refused', status: 500 };
      case 'timeout':
        return this.#hang(requestId, source);
      case 'reset-after-effect':
        await this.#run(payload, requestId, source);
        return { kind: 'refused', status: 500 };
      case 'slow':
        await sleep(fault.delayMs);
        return this.#run(payload, requestId, source);
      case 'kill':
      case 'kill-caller':
      case 'kill-caller-after-effect':
      case undefined:
        return this.#run(payload, requestId, source);
    }
  }

  #throttle(requestId: string, source: InvocationSource): InvokeOutcome {
    this.#tell({ kind: 'throttled', requestId, source });
    return { kind: 'throttled' };
  }

  /** Nothing runs: only the time passes in which something would. */
  async #hang(requestId: string, source: InvocationSource): Promise<InvokeOutcome> {
    const durationMs = this.definition.timeoutSeconds * 1000;
    this.#tell({ kind: 'started', requestId, source, environmentId: 'none', coldStart: false });
    await sleep(durationMs / (this.#deps.speed ?? 1), undefined, { ref: false });
    const error = { errorType: 'Sandbox.Timedout', errorMessage: 'Error: Task timed out' };
    const { errorType } = error;
    this.#tell({ kind: 'finished', requestId, source, outcome: 'failed', errorType, durationMs });
    return { kind: 'failed', error };
  }

  async #run(payload: string, requestId: string, source: InvocationSource): Promise<InvokeOutcome> {
    let startedAtMs = Date.now();
    const leave = source === 'http' ? this.#deps.waitingClients?.enter() : undefined;
    const result = await this.#pool.run(
      { requestId, payload, functionArn: this.definition.arn, traceHeader: traceHeader() },
      (environmentId, coldStart) => {
        leave?.();
        startedAtMs = Date.now();
        this.#tell({ kind: 'started', requestId, source, environmentId, coldStart });
      },
    );
    leave?.();
    this.#tell({
      kind: 'finished',
      requestId,
      source,
      outcome: result.kind,
      errorType: result.kind === 'failed' ? result.error.errorType : undefined,
      durationMs: Date.now() - startedAtMs,
    });
    if (result.kind === 'failed') {
      const text = `${result.error.errorType}: ${result.error.errorMessage}`;
      this.#deps.onLog({
        functionName: this.definition.name,
        environmentId: undefined,
        stream: 'platform',
        text,
      });
    } else if (Buffer.byteLength(result.payload) > PAYLOAD_LIMIT) {
      return {
        kind: 'failed',
        error: {
          errorType: 'Function.ResponseSizeTooLarge',
          errorMessage: `Response payload size exceeded maximum allowed payload size (${PAYLOAD_LIMIT} bytes).`,
        },
      };
    }
    return result;
  }

  #tell(event: WithoutOrigin<InvocationEvent>): void {
    this.#deps.onInvocation({
      atMs: Date.now(),
      functionName: this.definition.name,
      ...event,
    });
  }
}

type WithoutOrigin<Event> = Event extends unknown ? Omit<Event, 'atMs' | 'functionName'> : never;

/** An X-Ray trace header that samples nothing. */
function traceHeader(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  const hex = (bytes: number) => randomBytes(bytes).toString('hex');
  return `Root=1-${seconds}-${hex(12)};Parent=${hex(8)};Sampled=0`;
}
