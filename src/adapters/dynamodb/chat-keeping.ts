import type { Clock } from '#app/ports/clock.ts';
import type { Log } from '#app/ports/log.ts';
import type { Chat } from '#domain/ids.ts';
import { LeastRecent } from '#domain/least-recent.ts';
import { DEFAULT_KEPT_DAYS, type Keeping } from './retention.ts';

export interface ChatKeepingOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** For how many days a chat's items are kept; undefined = the default. */
  readonly keptDays?: ((chat: Chat) => Promise<number | undefined>) | undefined;
}

const MOST_REMEMBERED = 1_000;

/**
 * How long what is written now is kept. What cannot be learned fails no write: after a send it would be
 * made once more. Then what was last known of the number holds, else the default.
 */
export class ChatKeeping {
  readonly #options: ChatKeepingOptions;
  readonly #known = new LeastRecent<string, number>({ mostEntries: MOST_REMEMBERED });

  constructor(options: ChatKeepingOptions) {
    this.#options = options;
  }

  async of(chat: Chat): Promise<Keeping> {
    const keptDays = await this.#days(chat);
    return { nowMs: this.#options.clock.now(), keptDays };
  }

  async #days(chat: Chat): Promise<number> {
    const { keptDays, log } = this.#options;
    const { phoneNumberId } = chat;
    try {
      const days = (await keptDays?.(chat)) ?? DEFAULT_KEPT_DAYS;
      this.#known.set(phoneNumberId, days);
      return days;
    } catch (error) {
      const code = error instanceof Error ? error.name : 'unknown';
      log.warn('retention_unknown', { phoneNumberId, code });
      return this.#known.get(phoneNumberId) ?? DEFAULT_KEPT_DAYS;
    }
  }
}
