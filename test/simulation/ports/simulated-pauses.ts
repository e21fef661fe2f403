import type { Pauses } from '#app/ports/clock.ts';
import type { VirtualClock } from '#local/clock.ts';
import type { Environment } from '../cloud/environment.ts';

/** Pauses of an environment in virtual time; in a dead one they never end. */
export function simulatedPauses(clock: VirtualClock, environment: Environment): Pauses {
  return {
    pause: (durationMs, over) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const wake = () => environment.whenAwake(resolve);
      const cancel = clock.schedule(clock.now() + durationMs, wake);
      over.addEventListener(
        'abort',
        () => {
          cancel();
          resolve();
        },
        { once: true },
      );
      return promise;
    },
  };
}
