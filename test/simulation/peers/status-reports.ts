import type { OutgoingMessage } from '#app/ports/message-sender.ts';
import { writeCallbackData } from '#domain/conversation/callback-data.ts';
import type { VirtualClock } from '#local/clock.ts';
import { pickAt } from '../pick-at.ts';
import type { BusinessIndex, StatusHabits } from '../plan/schedule.ts';
import { draw } from '../random.ts';
import { START_MS } from '../settings.ts';
import { timestampOf, type Update } from './meta-bodies.ts';
import type { Taken } from './simulated-meta.ts';

export interface StatusReportsOptions {
  readonly seed: number;
  readonly clock: VirtualClock;
  readonly habits: StatusHabits;
  readonly post: (updates: readonly Update[], taken: Taken) => void;
  /** Told of each 200. */
  readonly taken: (generation: number, message: OutgoingMessage, words: readonly string[]) => void;
  readonly counted: (name: 'duplicate' | 'reorder') => void;
  /** The bubble never reached the phone after all. */
  readonly failed: (message: OutgoingMessage, wamid: string) => void;
}

const FAILURE_CODES = [131026, 131000, 131047, 131053, 131049, 131056, 130429, 999_996];

/** The same in every copy of a status. */
function failureCode(seed: number, wamid: string): number {
  return pickAt(FAILURE_CODES, draw(seed, `failure of ${wamid}`, 0));
}

const LATEST_MS = 40 * 60_000;

/** What Meta reports of each sent bubble: in time, late, twice, in any order, or never. */
export class StatusReports {
  readonly #options: StatusReportsOptions;

  constructor(options: StatusReportsOptions) {
    this.#options = options;
  }

  report(message: OutgoingMessage, wamid: string, nth: number, business: BusinessIndex): void {
    const { seed, habits, counted, failed } = this.#options;
    const chance = (name: string) => draw(seed, `status ${name}`, nth);
    if (chance('never') < habits.never) return;
    const lateMs = chance('late') < habits.late ? 5_000 + chance('delay') * LATEST_MS : 0;
    const sentMs = 150 + chance('sent') * 1_500 + lateMs;
    const deliveredMs = sentMs + 200 + chance('delivered') * 3_000;
    const readMs = deliveredMs + chance('read') * 60_000;
    const isFailed = chance('failed') < habits.failed;
    if (isFailed) failed(message, wamid);
    const words = isFailed ? ['sent', 'failed'] : ['sent', 'delivered', 'read'];
    const times = [sentMs, deliveredMs, readMs].slice(0, words.length);
    if (chance('reordered') < habits.reordered) {
      times.reverse();
      counted('reorder');
    }
    const isTwice = chance('duplicated') < habits.duplicated;
    if (isTwice) counted('duplicate');
    const together = chance('together') < 0.6 ? 2 : 1;
    for (let index = 0; index < words.length; index += together) {
      const some = words.slice(index, index + together);
      this.#post(message, wamid, some, times[index] ?? 0, business);
      if (isTwice) this.#post(message, wamid, some, (times[index] ?? 0) + 700, business);
    }
  }

  #post(
    message: OutgoingMessage,
    wamid: string,
    words: readonly string[],
    afterMs: number,
    business: BusinessIndex,
  ): void {
    const { reference, recipient } = message;
    const { seed, clock, post, taken } = this.#options;
    const atMs = clock.now() + Math.floor(afterMs);
    clock.schedule(atMs, () => {
      post(
        words.map((status) => ({
          business,
          list: 'statuses',
          element: {
            id: wamid,
            status,
            timestamp: timestampOf(atMs - START_MS),
            recipient_id: recipient.waId ?? recipient.userId,
            biz_opaque_callback_data: writeCallbackData(reference),
            ...(status === 'failed'
              ? { errors: [{ code: failureCode(seed, wamid), title: 'Failed' }] }
              : {}),
          },
        })),
        (generation) => taken(generation, message, words),
      );
    });
  }
}
