import type { Clock } from '#app/ports/clock.ts';
import type { ConversationStore } from '#app/ports/conversation-store.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import type { Chat } from '#domain/ids.ts';
import { MOST_RETENTION_DAYS } from '#domain/tenant/retention.ts';
import { getHead, putNextHead } from './chat-heads.ts';
import type { Table } from './table.ts';

export interface DynamoChatHeadsOptions extends Table {
  readonly clock: Clock;
}

/** Heads alone, for who knows no tenant: what they write stays until the tenant's next turn says for how long. */
export class DynamoChatHeads implements Pick<ConversationStore, 'readHead' | 'saveHead'> {
  readonly #table: Table;
  readonly #clock: Clock;

  constructor({ client, tableName, clock }: DynamoChatHeadsOptions) {
    this.#table = { client, tableName };
    this.#clock = clock;
  }

  readHead(chat: Chat): Promise<ChatHead> {
    return getHead(this.#table, chat);
  }

  saveHead(chat: Chat, head: ChatHead): Promise<ChatHead | 'stale'> {
    const write = { nowMs: this.#clock.now(), keptDays: MOST_RETENTION_DAYS };
    return putNextHead(this.#table, chat, head, write);
  }
}
