import type { Choice } from '#domain/conversation/choice.ts';
import type { Chat } from '#domain/ids.ts';

/** What contacts told Meta of marketing messages, each under the id that Meta named. */
export interface PreferenceLog {
  /**
   * Keeps the choice, unless one as new is known or the chat was erased since. It is beside the head, so
   * that no turn is disturbed.
   * @returns whether it was written
   */
  recordPreference(chat: Chat, choice: Choice): Promise<boolean>;
}
