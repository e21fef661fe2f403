import type { InMemoryConversations } from '#adapters/in-memory/in-memory-conversations.ts';
import type { Inbox } from '#app/ports/conversation-store.ts';
import type { VirtualClock } from '#local/clock.ts';
import type { ViolationKind } from '../oracle/notebook.ts';

/** A protection switched off around the ports, to see whether the oracle misses it. */
export interface Sabotage {
  readonly name: string;
  /** As what the oracle must miss it: anything else may be another protection's. */
  readonly breaks: readonly ViolationKind[];
  readonly store: (store: InMemoryConversations, clock: VirtualClock) => InMemoryConversations;
  /** What ingest has of the store. */
  readonly inbox: (store: InMemoryConversations, clock: VirtualClock) => Inbox;
  readonly sweeps: boolean;
  /** Whether the processor is told that the tables were restored. */
  readonly tellsOfRestore: boolean;
}

export const NO_SABOTAGE: Sabotage = {
  name: 'nothing',
  breaks: [],
  store: (store) => store,
  inbox: (store) => store,
  sweeps: true,
  tellsOfRestore: true,
};
