import { hash } from 'node:crypto';
import type { Pseudonyms } from '#app/ports/pseudonyms.ts';
import { type ContactId, chatKey, type TenantId } from '#domain/ids.ts';

/** Hashes: one per chat, so that a number that writes to two businesses cannot be linked by its logs. */
export const pseudonyms: Pseudonyms = {
  ofChat: (chat) => pseudonymOf(chatKey(chat)),
  ofMessage: (key) => pseudonymOf(key.slice(key.indexOf('#') + 1)),
  ofWamid: pseudonymOf,
};

/** For the audit trail, which is by tenant: it says of whom before it is known in which chats. */
export function pseudonymOfContact(tenant: TenantId, contact: ContactId): string {
  return pseudonymOf(`${tenant}#${contact}`);
}

function pseudonymOf(text: string): string {
  return hash('sha256', text).slice(0, 32);
}
