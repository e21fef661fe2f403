import type { Book } from './book.ts';
import type { Bucket } from './bucket.ts';
import type { Chance } from './chance.ts';
import type { Group } from './chat-queue.ts';
import type { Deployment } from './deployment.ts';
import type { OwnLimits, PartLimits } from './part-limits.ts';
import type { Timeline } from './timeline.ts';
import type { WorkOfMessage } from './work.ts';

/** The peers outside AWS, and what is asked of them. */
export interface Peers {
  readonly modelSeconds: number;
  /** The model's deviation by its mean. */
  readonly modelSpread: number;
  readonly graphSeconds: number;
  readonly memorySeconds: number;
  /** What a turn and a memory count towards the model's limit before they are answered. */
  readonly turnTokens: number;
  readonly memoryTokens: number;
}

/** What is switched off for a while, as by an outage. */
export interface Switches {
  isModelDown: boolean;
  /** Nobody polls the chat queue. */
  isProcessorStopped: boolean;
}

/** A message that waits for its answer. */
interface Waiting {
  readonly acceptedAt: number;
}

export interface Chat extends Group {
  readonly business: OwnLimits;
  /** Of the index of unfinished messages. */
  readonly shard: Bucket;
  readonly pair: Bucket;
  inbox: Waiting[];
  /** Receives since its last answer. */
  attempts: number;
  /** Paid for and not sent. */
  hasDraft: boolean;
  /** How long the model takes for it, where that is no matter of chance. */
  readonly modelSeconds: number | undefined;
  /** Told that a person comes: what follows is kept for them. */
  isPersons: boolean;
}

/** What all parts of the model share. */
export interface World {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly deployment: Deployment;
  readonly work: WorkOfMessage;
  readonly peers: Peers;
  readonly limits: PartLimits;
  readonly switches: Switches;
  readonly book: Book;
}
