import { LinkedList } from './linked-list.ts';
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
  readonly #byKey = new Map<string, SentBefore>();
  /** In the order of sending. A map would do, but finding its first entry again is slow after deletions. */
  readonly #byAge = new LinkedList<SentBefore>();

  /** What the first send of this key was answered. */
  find(key: string, nowMs: number): SendResult | undefined {
    for (let oldest = this.#byAge.first; oldest; oldest = this.#byAge.first) {
      if (isRecent(oldest.value, nowMs)) break;
      this.#byAge.remove(oldest);
      this.#byKey.delete(oldest.value.key);
    }
    return this.#byKey.get(key)?.result;
  }

  remember(sent: SentBefore): void {
    this.#byKey.set(sent.key, sent);
    this.#byAge.append(sent);
  }
}
