import type { Choice } from '#domain/conversation/choice.ts';
import { isOwn } from '#domain/conversation/tenancy.ts';
import type { PhoneNumberId } from '#domain/ids.ts';
import { type AskedContact, type ContactChat, chatsOf, findAsked } from './find-contact.ts';
import type { ArchivedMessage, ChatArchive } from './ports/chat-archive.ts';

/** What a contact has said to one number, and we to the contact. */
export interface ShownChat {
  readonly phoneNumberId: PhoneNumberId;
  /** Under the id that the contact has now, then under earlier ones. */
  readonly chats: readonly ShownContact[];
  /** The newest, oldest of them first, under whatever id. */
  readonly messages: readonly ArchivedMessage[];
}

/** A chat, and what its contact told Meta of marketing messages. */
export interface ShownContact extends ContactChat {
  readonly marketing: Choice | undefined;
}

/**
 * A contact's conversations with a tenant, at each number where there is one. Of a number that was another's
 * before nothing is shown that was said to that one.
 */
export async function showChat(
  asked: AskedContact,
  limit: number,
  archive: ChatArchive,
): Promise<readonly ShownChat[]> {
  const shown: ShownChat[] = [];
  for (const phoneNumberId of asked.numbers) {
    const found = await findAsked(asked, phoneNumberId, archive);
    const chats = await Promise.all(
      chatsOf(asked, found).map((each) => shownContact(each, archive)),
    );
    const newest = await Promise.all(chats.map((each) => ownNewest(each, limit, archive)));
    const messages = newest.flat().sort((one, other) => (one.key < other.key ? -1 : 1));
    const isKnown = chats.some(({ head, marketing }) => head !== undefined || marketing);
    const isThere = messages.length > 0 || isKnown;
    if (isThere) shown.push({ phoneNumberId, chats, messages: messages.slice(-limit) });
  }
  return shown;
}

async function shownContact(found: ContactChat, archive: ChatArchive): Promise<ShownContact> {
  return { ...found, marketing: await archive.findPreference(found.chat) };
}

async function ownNewest(
  { chat, head }: ContactChat,
  limit: number,
  archive: ChatArchive,
): Promise<readonly ArchivedMessage[]> {
  const messages = await archive.newest(chat, limit);
  if (typeof head !== 'object') return messages;
  return messages.filter((each) =>
    isOwn(head, each.kind === 'message' ? each.message : each.bubble),
  );
}
