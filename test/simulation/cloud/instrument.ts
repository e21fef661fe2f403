import type { CallFault } from '../plan/fault.ts';
import type { Environment } from './environment.ts';
import type { PortCalls } from './port-calls.ts';

/** How single methods fail or half succeed where that is not an error thrown. */
export interface MethodHabits {
  readonly failed?: Readonly<Record<string, (args: readonly unknown[]) => unknown>>;
  readonly partly?: Readonly<Record<string, (args: readonly unknown[]) => unknown>>;
}

/** What a store, a queue or a vault throws; its message holds what must not be logged. */
export class PeerError extends Error {
  override readonly name: string;

  constructor(name: string) {
    super(`${name} while writing «b0c0m0» for 34600110000 with EAAG-canary`);
    this.name = name;
  }
}

export function peerError(fault: CallFault): PeerError {
  if (fault === 'throttle') return new PeerError('ProvisionedThroughputExceededException');
  return new PeerError(fault.startsWith('timeout') ? 'TimeoutError' : 'InternalServerError');
}

const LATENCY_MS = [2, 12] as const;
const TIMEOUT_MS = 4_000;

/**
 * Makes every method of a port a call that takes time and can go wrong. It knows nothing of the methods,
 * so a port may grow without a change here.
 */
export function instrument<Port extends object>(
  port: Port,
  peer: string,
  environment: Environment,
  calls: PortCalls,
  habits: MethodHabits = {},
): Port {
  const known = new Map<string | symbol, unknown>();
  return new Proxy(port, {
    get(target, key) {
      const before = known.get(key);
      if (before) return before;
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== 'function' || typeof key !== 'string') return member;
      const method = (...args: readonly unknown[]) =>
        calls.perform<unknown>(environment, {
          name: `${peer}.${key}`,
          args,
          effect: () => Reflect.apply(member, target, args),
          partly: habits.partly?.[key] && (() => habits.partly?.[key]?.(args)),
          failed: (fault) => {
            const inBand = habits.failed?.[key];
            if (inBand) return inBand(args);
            throw peerError(fault);
          },
          latencyMs: LATENCY_MS,
          timeoutMs: TIMEOUT_MS,
        });
      known.set(key, method);
      return method;
    },
  });
}
