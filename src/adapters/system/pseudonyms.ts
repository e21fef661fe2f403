import { createHash } from 'node:crypto';
import type { Pseudonyms } from '#app/ports/pseudonyms.ts';
import { chatKey } from '#domain/ids.ts';

/** A hash per chat, so that one number writing to two businesses cannot be linked by outsiders of either. */
export const pseudonyms: Pseudonyms = {
  ofChat: (chat) => createHash('sha256').update(chatKey(chat)).digest('hex').slice(0, 32),
};
