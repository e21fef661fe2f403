import { refKey } from './bubble-book.ts';
import type { Notebook } from './notebook.ts';
import type { Oracle } from './oracle.ts';

/**
 * Every bubble is on the phone once, but for those that were sent, not recorded, and not proven by a
 * status when the wait was over.
 * @returns how many such resends reached a customer a second time
 */
export function judgeBubbles(notebook: Notebook, oracle: Oracle): number {
  let ambiguousResends = 0;
  for (const [key, copies] of oracle.bubbles.copies) {
    const attempts = new Set(copies.map(({ attempt }) => attempt));
    const isLawful = attempts.size === copies.length && !oracle.turns.unlawful.has(key);
    if (copies.length > 1 && !isLawful) {
      const [copy] = copies;
      const part = copy ? refKey(copy.message.reference).split(' ').slice(1).join('.') : '';
      notebook.note('duplicated', `part ${part} reached the customer ${copies.length} times`);
    } else {
      ambiguousResends += copies.length - 1;
    }
  }
  return ambiguousResends;
}
