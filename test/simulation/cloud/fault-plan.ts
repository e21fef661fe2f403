import {
  type CallFault,
  FAULT_NAMES,
  type Fault,
  type FaultName,
  NAME_OF_FAULT,
} from '../plan/fault.ts';
import { START_MS } from '../settings.ts';
import type { Environment } from './environment.ts';

type Outage = Extract<Fault, { kind: 'outage' }>;

/** A schedule's faults as calls come to them, and how many took place. */
export class FaultPlan {
  readonly totals = new Map<FaultName, number>(FAULT_NAMES.map((name) => [name, 0]));
  readonly #byCall = new Map<string, CallFault>();
  readonly #outages: readonly Outage[];
  readonly #skews: readonly Extract<Fault, { kind: 'skew' }>[];
  #lastFaultAtMs = 0;

  constructor(faults: readonly Fault[]) {
    for (const each of faults) {
      if (each.kind === 'call') this.#byCall.set(`${each.call} ${each.nth}`, each.fault);
    }
    this.#outages = faults.filter((each) => each.kind === 'outage');
    this.#skews = faults.filter((each) => each.kind === 'skew');
  }

  /** When the last fault took place, in the time of the run. */
  get lastFaultAtMs(): number {
    return this.#lastFaultAtMs;
  }

  count(name: FaultName, nowMs: number): void {
    this.totals.set(name, (this.totals.get(name) ?? 0) + 1);
    this.#lastFaultAtMs = Math.max(this.#lastFaultAtMs, nowMs);
  }

  /** The fault of a call, by its name, its number among those, and its number among all. */
  of(name: string, nth: number, nthOfAll: number, nowMs: number): CallFault | undefined {
    const fault =
      this.#byCall.get(`${name} ${nth}`) ??
      this.#byCall.get(`any ${nthOfAll}`) ??
      this.#outages.find((outage) => isIn(outage, name, nowMs))?.fault;
    if (fault !== undefined) this.count(NAME_OF_FAULT[fault], nowMs);
    return fault;
  }

  /** How far the clock of the nth environment is off. */
  skewOf(nth: number): number {
    const skew = this.#skews.find(({ every }) => nth % every === 0);
    return skew?.byMs ?? 0;
  }
}

function isIn({ calls, fromMs, untilMs }: Outage, name: string, nowMs: number): boolean {
  const atMs = nowMs - START_MS;
  return atMs >= fromMs && atMs < untilMs && name.startsWith(calls);
}

/** Who is told what happens at the ports. */
export interface Observer {
  called(environment: Environment, name: string, args: readonly unknown[]): void;
  effected(
    environment: Environment,
    name: string,
    args: readonly unknown[],
    value: unknown,
    fault?: CallFault,
  ): void;
}
