import { setTimeout as sleep } from 'node:timers/promises';
import type { Pauses } from '#app/ports/clock.ts';

/** The machine's time. */
export const systemPauses: Pauses = {
  pause: async (durationMs, over) => {
    try {
      await sleep(durationMs, undefined, { signal: over, ref: false });
    } catch {
      // Nobody waits for it any more.
    }
  },
};
