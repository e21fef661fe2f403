import { setTimeout as sleep } from 'node:timers/promises';
import type { Pauses } from '#app/ports/clock.ts';

/** The machine's time; a process in which nothing else is under way may end. */
export const systemPauses: Pauses = pausesThat({ keepAlive: false });

/** For whoever does nothing but wait. */
export const wakefulPauses: Pauses = pausesThat({ keepAlive: true });

function pausesThat({ keepAlive }: { readonly keepAlive: boolean }): Pauses {
  return {
    pause: async (durationMs, over) => {
      try {
        await sleep(durationMs, undefined, { signal: over, ref: keepAlive });
      } catch {
        // Nobody waits for it any more.
      }
    },
  };
}
