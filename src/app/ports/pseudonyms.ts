import type { Chat } from '#domain/ids.ts';

/** A stable stand-in for a chat where its contact must not appear: logs, and the model's provider. */
export interface Pseudonyms {
  ofChat(chat: Chat): string;
}
