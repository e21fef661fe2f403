import type { VirtualClock } from '#local/clock.ts';
import type { CallFault } from '../plan/fault.ts';
import { draw } from '../random.ts';
import type { Environment } from './environment.ts';
import type { FaultPlan, Observer } from './fault-plan.ts';

/** One call of a port: what it does, and what its caller sees when that goes wrong. */
export interface PortCall<Value> {
  /** `<peer>.<method>` */
  readonly name: string;
  readonly args: readonly unknown[];
  readonly effect: () => Value | Promise<Value>;
  /** Takes effect in part only; ports that do not work in batches have none. */
  readonly partly?: (() => Value | Promise<Value>) | undefined;
  /** What the caller gets; may throw. `chance` is a number in [0, 1). */
  readonly failed: (fault: CallFault, chance: number) => Value | Promise<Value>;
  readonly latencyMs: readonly [least: number, most: number];
  readonly timeoutMs: number;
}

export interface PortCallsOptions {
  readonly seed: number;
  readonly clock: VirtualClock;
  readonly faults: FaultPlan;
  readonly observer: Observer;
  readonly trace: ((line: () => string) => void) | undefined;
}

/** When what happens, after the call. */
interface Course {
  readonly effectAfterMs: number | undefined;
  readonly answerAfterMs: number;
  readonly fails: boolean;
}

const SHORTEST_FREEZE_MS = 66_000;
const FREEZE_RANGE_MS = 120_000;

/**
 * Where code meets the world: every call takes virtual time, has its effect at one instant and its
 * answer at another, and is where faults happen. Each is a crash point before and after its effect.
 */
export class PortCalls {
  readonly #options: PortCallsOptions;
  readonly #counts = new Map<string, number>();
  #total = 0;

  constructor(options: PortCallsOptions) {
    this.#options = options;
  }

  get total(): number {
    return this.#total;
  }

  perform<Value>(environment: Environment, call: PortCall<Value>): Promise<Value> {
    const { seed, clock, faults, observer, trace } = this.#options;
    const nth = (this.#counts.get(call.name) ?? 0) + 1;
    this.#counts.set(call.name, nth);
    this.#total += 1;
    const fault = faults.of(call.name, nth, this.#total, clock.now());
    const chance = draw(seed, call.name, nth);
    trace?.(() => `${environment.id} ${call.name}#${nth}${fault ? ` ${fault}` : ''}`);
    observer.called(environment, call.name, call.args);
    const { promise, resolve } = Promise.withResolvers<Value>();
    if (fault === 'crash-before') {
      environment.crash();
      return promise;
    }
    if (fault === 'freeze-before') environment.freeze(freezeMs(chance));
    const course = courseOf(call, fault, chance);
    let effect: Promise<Value> | undefined;
    const takeEffect = () => {
      // The request of an environment that died meanwhile was perhaps on its way already.
      if (environment.isDead && chance < 0.5) return;
      effect = this.#effect(environment, call, fault);
      // Nobody hears of a failure in a dead environment.
      effect.catch(() => undefined);
      if (fault === 'crash-after') environment.crash();
      if (fault === 'freeze-after') environment.freeze(freezeMs(chance));
    };
    const answer = () => {
      environment.whenAwake(() => {
        if (!course.fails && effect !== undefined) resolve(effect);
        else resolve(new Promise((settle) => settle(call.failed(fault ?? 'error-before', chance))));
      });
    };
    this.#follow(environment, course, fault, takeEffect, answer);
    return promise;
  }

  #follow(
    environment: Environment,
    { effectAfterMs, answerAfterMs }: Course,
    fault: CallFault | undefined,
    takeEffect: () => void,
    answer: () => void,
  ): void {
    const { clock } = this.#options;
    const startMs = fault === 'freeze-before' ? environment.frozenUntilMs : clock.now();
    if (effectAfterMs === answerAfterMs) {
      clock.schedule(startMs + answerAfterMs, () => {
        takeEffect();
        answer();
      });
      return;
    }
    if (effectAfterMs !== undefined) clock.schedule(startMs + effectAfterMs, takeEffect);
    clock.schedule(startMs + answerAfterMs, answer);
  }

  async #effect<Value>(
    environment: Environment,
    call: PortCall<Value>,
    fault: CallFault | undefined,
  ): Promise<Value> {
    const work = fault === 'partial' && call.partly ? call.partly : call.effect;
    const value = await work();
    this.#options.observer.effected(environment, call.name, call.args, value, fault);
    return value;
  }
}

function freezeMs(chance: number): number {
  return SHORTEST_FREEZE_MS + Math.floor(chance * FREEZE_RANGE_MS);
}

function courseOf<Value>(
  { latencyMs: [least, most], timeoutMs, partly }: PortCall<Value>,
  fault: CallFault | undefined,
  chance: number,
): Course {
  const quickMs = least + Math.floor(chance * (most - least));
  switch (fault) {
    case 'error-before':
    case 'throttle':
      return { effectAfterMs: undefined, answerAfterMs: quickMs, fails: true };
    case 'partial':
      return partly
        ? { effectAfterMs: quickMs, answerAfterMs: quickMs, fails: false }
        : { effectAfterMs: undefined, answerAfterMs: quickMs, fails: true };
    case 'error-after':
      return { effectAfterMs: quickMs, answerAfterMs: quickMs + 1, fails: true };
    case 'timeout-before':
      return { effectAfterMs: undefined, answerAfterMs: timeoutMs, fails: true };
    case 'timeout-after': {
      // Perhaps only when the caller has given up already.
      const effectAfterMs = Math.floor(chance * 1.3 * timeoutMs);
      return { effectAfterMs, answerAfterMs: timeoutMs, fails: true };
    }
    case 'slow': {
      const slowMs = Math.floor(timeoutMs * (0.4 + 0.55 * chance));
      return { effectAfterMs: slowMs, answerAfterMs: slowMs, fails: false };
    }
    default: {
      const effectAfterMs = chance < 0.7 ? quickMs : Math.floor(quickMs / 2);
      return { effectAfterMs, answerAfterMs: quickMs, fails: false };
    }
  }
}
