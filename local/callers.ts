import type { Faults } from './faults.ts';

/** One running execution environment of a function, as the peers it calls know it. */
export interface Caller {
  /** Also its AWS access key id, so that a signed request tells who sent it. */
  readonly environmentId: string;
  /** The function's folder under lambdas/. */
  readonly functionName: string;
  /** Logical id of the role in the template whose policies its AWS calls are held to. */
  readonly roleLogicalId: string;
  /** Ends the process at once, as a crash would. */
  kill(): void;
}

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
}
