import type { SendResult } from './message.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html */
const WINDOW_MS = 5 * 60 * 1000;

export interface SentBefore {
  /** The deduplication id, within its group where that is the scope. */
  readonly key: string;
  readonly atMs: number;
  readonly result: SendResult;
}

/** Whether a message of the same key is still a duplicate of it. */
export function isRecent({ atMs }: SentBefore, nowMs: number): boolean {
  return nowMs - atMs < WINDOW_MS;
}

/**
 * What was sent in the last five minutes. It does not matter whether the message is still in the
 * queue: also one that was received and deleted is not taken again.
 */
export class DeduplicationWindow {
  /** In the order of sending, so that what is too old is at the front. */
  readonly #sent = new Map<string, SentBefore>();

  /** What the first send of this key was answered. */
  find(key: string, nowMs: number): SendResult | undefined {
    for (const oldest of this.#sent.values()) {
      if (isRecent(oldest, nowMs)) break;
      this.#sent.delete(oldest.key);
    }
    return this.#sent.get(key)?.result;
  }

  remember(sent: SentBefore): void {
    this.#sent.set(sent.key, sent);
  }
}
