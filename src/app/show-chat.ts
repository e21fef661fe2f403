import type { PhoneNumberId } from '#domain/ids.ts';
import { type AskedContact, type ContactChat, chatsOf, findContact } from './find-contact.ts';
import type { ArchivedMessage, ChatArchive } from './ports/chat-archive.ts';

/** What a contact has said to one number, and we to the contact. */
export interface ShownChat {
  readonly phoneNumberId: PhoneNumberId;
  /** Under the id that the contact has now, then under earlier ones. */
  readonly chats: readonly ContactChat[];
  /** The newest, oldest of them first, under whatever id. */
  readonly messages: readonly ArchivedMessage[];
}

/** A contact's conversations with a tenant, at each number where there is one. */
export async function showChat(
  asked: AskedContact,
  limit: number,
  archive: ChatArchive,
): Promise<readonly ShownChat[]> {
  const shown: ShownChat[] = [];
  for (const phoneNumberId of asked.numbers) {
    const found = await findContact({ phoneNumberId, contact: asked.contact }, archive);
    const chats = chatsOf(asked, found);
    const newest = await Promise.all(chats.map(({ chat }) => archive.newest(chat, limit)));
    const messages = newest.flat().sort((one, other) => (one.key < other.key ? -1 : 1));
    const isThere = messages.length > 0 || chats.some(({ head }) => head !== undefined);
    if (isThere) shown.push({ phoneNumberId, chats, messages: messages.slice(-limit) });
  }
  return shown;
}
