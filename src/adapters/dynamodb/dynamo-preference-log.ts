import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { PreferenceLog } from '#app/ports/preference-log.ts';
import type { Choice } from '#domain/conversation/choice.ts';
import type { Chat } from '#domain/ids.ts';
import { getHeadItem } from './chat-heads.ts';
import { ChatKeeping, type ChatKeepingOptions } from './chat-keeping.ts';
import { updateWhen } from './conditional-write.ts';
import { readErasure } from './head-record.ts';
import { writePreference } from './preference-record.ts';
import type { Table } from './table.ts';

/** An item of its own in the contact's chat. */
export class DynamoPreferenceLog implements PreferenceLog {
  readonly #table: Table;
  readonly #keeping: ChatKeeping;

  constructor({ client, tableName, ...keeping }: Table & ChatKeepingOptions) {
    this.#table = { client, tableName };
    this.#keeping = new ChatKeeping(keeping);
  }

  async recordPreference(chat: Chat, choice: Choice): Promise<boolean> {
    const [head, kept] = await Promise.all([
      getHeadItem(this.#table, chat),
      this.#keeping.of(chat),
    ]);
    const erasedAtMs = head && readErasure(unmarshall(head))?.atMs;
    if (erasedAtMs !== undefined && choice.atMs <= erasedAtMs) return false;
    const written = await updateWhen(this.#table, writePreference(chat, choice, kept));
    return written === 'written';
  }
}
