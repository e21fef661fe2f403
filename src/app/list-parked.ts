import { chatKey } from '#domain/ids.ts';
import type { DeadRing, DeadRings } from './ports/dead-rings.ts';
import type { ParkedMessage, ParkedMessages } from './ports/parked-messages.ts';
import { walkDeadRings } from './walk-dead-rings.ts';

export interface ListParkedDeps {
  readonly parked: ParkedMessages;
  readonly deadRings: DeadRings;
}

export interface ParkedList {
  /** Oldest first. */
  readonly messages: readonly ParkedMessage[];
  readonly rings: RingCounts;
}

/** What lies on the dead-letter queue; of a chat at most ten rings are seen. */
export interface RingCounts {
  readonly seen: number;
  /** Left over, or given up by the queue itself: whatever they ring for is not parked. */
  readonly ofNoParkedMessage: number;
}

/** Everything that waits for the operator: what the table knows, and what the queue holds besides. */
export async function listParked(deps: ListParkedDeps): Promise<ParkedList> {
  const messages = await deps.parked.listParked();
  return { messages, rings: await countRings(messages, deps) };
}

async function countRings(
  messages: readonly ParkedMessage[],
  { parked, deadRings }: ListParkedDeps,
): Promise<RingCounts> {
  const known = new Set(messages.map(({ chat, key }) => `${chatKey(chat)}#${key}`));
  let seen = 0;
  let strays = 0;

  async function isStray({ ring }: DeadRing): Promise<boolean> {
    if (ring === 'malformed') return true;
    if (known.has(`${chatKey(ring.chat)}#${ring.messageKey}`)) return false;
    // Perhaps it was parked after the index was read.
    return (await parked.readFate(ring.chat, ring.messageKey)) !== 'parked';
  }

  await walkDeadRings(deadRings, async (rings) => {
    seen += rings.length;
    strays += (await Promise.all(rings.map(isStray))).filter(Boolean).length;
    return [];
  });
  return { seen, ofNoParkedMessage: strays };
}
