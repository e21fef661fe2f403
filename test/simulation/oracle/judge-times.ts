import { DAY_MS } from '../settings.ts';
import type { Notebook } from './notebook.ts';
import type { Oracle } from './oracle.ts';

/** The sweeper rings at least once an hour; two such rings and their turns fit in. */
const SETTLED_WITHIN_MS = 3 * 60 * 60_000;

/** After the last disturbance nothing waits for long. */
export function judgeTimes(notebook: Notebook, oracle: Oracle, quietSinceMs: number): void {
  for (const chat of oracle.messages.chats.values()) {
    for (const { planned, storedAtMs, settledAtMs, state, wasParked } of chat.values()) {
      // Poison is parked again whenever it is redriven.
      if (state === 'unfinished' || planned.type === 'poison' || wasParked) continue;
      const dueMs = Math.max(storedAtMs, quietSinceMs) + SETTLED_WITHIN_MS;
      if (settledAtMs > dueMs && settledAtMs < dueMs + 30 * DAY_MS) {
        notebook.note('other', `message ${planned.id} was settled long after the last fault`);
      }
    }
  }
}
