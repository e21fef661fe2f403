import type { DeadRing, DeadRings } from './ports/dead-rings.ts';

/** What to do with rings that were received together. @returns those to remove; the others stay */
export type JudgeRings = (rings: readonly DeadRing[]) => Promise<readonly DeadRing[]>;

/**
 * Looks through the dead-letter queue. Rings that stay are held until the end, so that those behind
 * them come: a queue has no other way to be read. But a chat's rings are handed out ten at a time, and
 * no others while some are held: a chat that had some removed is shown again at once, with what was
 * behind them; of a chat whose first ten rings all stay, the rest is not seen.
 */
export async function walkDeadRings(box: DeadRings, judge: JudgeRings): Promise<void> {
  const held = new Map<string, DeadRing>();
  const removed = new Set<string>();
  try {
    for (;;) {
      const rings = await box.receive();
      const wentRound = rings.some(({ messageId }) => held.has(messageId));
      for (const ring of rings) held.set(ring.messageId, ring);
      if (rings.length === 0 || wentRound) return;
      // A ring that comes back although it was removed would keep us here for ever.
      const going = (await judge(rings)).filter(({ messageId }) => !removed.has(messageId));
      if (going.length > 0) await box.remove(going);
      for (const { messageId } of going) removed.add(messageId);
      const shorter = new Set(going.map(({ group }) => group));
      const again = rings.filter((ring) => shorter.has(ring.group) && !going.includes(ring));
      await box.release(again);
      for (const { messageId } of [...going, ...again]) held.delete(messageId);
    }
  } finally {
    await box.release([...held.values()]);
  }
}
