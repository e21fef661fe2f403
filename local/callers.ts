import type { Faults } from './faults.ts';

/** One running execution environment of a function, as the peers it calls know it. */
export interface Caller {
  /** Also its AWS access key id, so that a signed request tells who sent it. */
  readonly environmentId: string;
  /** The function's folder under lambdas/. */
  readonly functionName: string;
  /** Logical id of the role in the template whose policies its AWS calls are held to. */
  readonly roleLogicalId: string;
  /** What it is at. */
  state(): 'starting' | 'idle' | 'working' | 'ending';
  /** Ends the process at once, as a crash would. */
  kill(): void;
}

/** Which environments of a function are meant: those at an invocation, those that wait for one, or every one. */
export const ENVIRONMENT_STATES = ['working', 'idle', 'all'] as const;
export type EnvironmentState = (typeof ENVIRONMENT_STATES)[number];

/** Who may call: filled by the Lambda engine, asked by the AWS front door and the outside peers. */
export class Callers {
  readonly #callers = new Map<string, Caller>();
  readonly #faults: Faults;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  add(caller: Caller): void {
    this.#callers.set(caller.environmentId, caller);
  }

  remove(environmentId: string): void {
    this.#callers.delete(environmentId);
  }

  get(environmentId: string): Caller | undefined {
    return this.#callers.get(environmentId);
  }

  /** True when a `kill` was armed for this caller's function: its process is gone, answer nothing. */
  dies(environmentId: string | undefined): boolean {
    const caller = environmentId === undefined ? undefined : this.#callers.get(environmentId);
    if (!caller) return false;
    const fault = this.#faults.take(
      `lambda:${caller.functionName}`,
      (each) => each.kind === 'kill',
    );
    if (!fault) return false;
    caller.kill();
    return true;
  }

  /** Ends the process of a caller; nothing happens where it is gone or was no function. */
  kill(environmentId: string | undefined): void {
    if (environmentId !== undefined) this.#callers.get(environmentId)?.kill();
  }

  /** Ends processes of a function, the longest running first. @returns how many */
  killSome(functionName: string, state: EnvironmentState, most: number): number {
    const chosen = [...this.#callers.values()]
      .filter((caller) => caller.functionName === functionName)
      .filter(
        (caller) => caller.state() !== 'ending' && (state === 'all' || state === caller.state()),
      )
      .slice(0, most);
    for (const caller of chosen) caller.kill();
    return chosen.length;
  }
}
