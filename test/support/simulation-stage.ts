import { VirtualClock } from '#local/clock.ts';
import { Environment } from '#test/simulation/cloud/environment.ts';
import { FaultPlan } from '#test/simulation/cloud/fault-plan.ts';
import { type PortCall, PortCalls } from '#test/simulation/cloud/port-calls.ts';
import type { CallFault } from '#test/simulation/plan/fault.ts';
import { START_MS } from '#test/simulation/settings.ts';
import type { Loss } from './lost-answers.ts';

/** How a connection breaks: at once, or silently until the caller's time is up. */
export const LOSSES = ['error', 'timeout'] as const;
type LossKind = (typeof LOSSES)[number];

/** Faults as a test arms them, in place of a schedule's. */
class ArmedFaults extends FaultPlan {
  readonly #next: CallFault[] = [];
  /** Of every call for which none is armed. */
  standing: CallFault | undefined;

  constructor() {
    super([]);
  }

  arm(fault: CallFault): void {
    this.#next.push(fault);
  }

  override of(): CallFault | undefined {
    return this.#next.shift() ?? this.standing;
  }
}

/** Calls of which a test says which failure it is, of those that a fault can mean. */
class ChosenFailures extends PortCalls {
  /** In [0, 1), in place of a drawn one. */
  chance = 0.5;

  override perform<Value>(environment: Environment, call: PortCall<Value>): Promise<Value> {
    const failed = (fault: CallFault) => call.failed(fault, this.chance);
    return super.perform(environment, { ...call, failed });
  }
}

/** Ports of the simulation, each on its own: time passes for as long as a call takes. */
export class SimulationStage {
  readonly clock = new VirtualClock(START_MS);
  readonly environment = new Environment('contract', this.clock, 0);
  readonly faults = new ArmedFaults();
  readonly calls: ChosenFailures;
  /** Every call that was made, and what each that took effect was made with. */
  readonly called: string[] = [];
  readonly effected: { readonly name: string; readonly args: readonly unknown[] }[] = [];
  readonly #loss: LossKind;

  constructor(loss: LossKind) {
    this.#loss = loss;
    this.calls = new ChosenFailures({
      seed: 1,
      clock: this.clock,
      faults: this.faults,
      observer: {
        called: (_, name) => this.called.push(name),
        effected: (_, name, args) => this.effected.push({ name, args }),
      },
      trace: undefined,
    });
  }

  /** Of the next call. */
  loseNextAnswer(when: Loss): void {
    this.faults.arm(`${this.#loss}-${when}`);
  }

  setDown(isDown: boolean): void {
    this.faults.standing = isDown ? `${this.#loss}-before` : undefined;
  }

  /** The port, which lets time pass until it has answered. */
  driven<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key, target);
        if (typeof member !== 'function') return member;
        return (...args: readonly unknown[]) =>
          this.#settled(Promise.resolve(Reflect.apply(member, target, args)));
      },
    });
  }

  async #settled<Value>(answer: Promise<Value>): Promise<Value> {
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    answer.then(settle, settle);
    for (;;) {
      // All that follows from what ran now happens at this same instant.
      await new Promise((resolve) => setImmediate(resolve));
      if (isSettled) return answer;
      const due = this.clock.nextDueMs;
      if (due === undefined) throw new Error('Nothing is due, and the port has not answered');
      this.clock.advanceTo(due);
    }
  }
}
