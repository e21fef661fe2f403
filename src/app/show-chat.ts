import type { Choice } from '#domain/conversation/choice.ts';
import { answersToLookAt, withoutEndedTurn } from '#domain/conversation/ended-turn.ts';
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

/** Enough to tell whether the reply that a head shows as open is at its end. */
const LEAST_READ = 20;

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
    const read = Math.max(limit, LEAST_READ);
    const newest = await Promise.all(chats.map((each) => ownNewest(each, read, archive)));
    const messages = newest.flat().sort((one, other) => (one.key < other.key ? -1 : 1));
    const isKnown = chats.some(({ head, marketing }) => head !== undefined || marketing);
    const isThere = messages.length > 0 || isKnown;
    if (!isThere) continue;
    const inEffect = chats.map((each) => withoutEnded(each, messages));
    shown.push({ phoneNumberId, chats: inEffect, messages: messages.slice(-limit) });
  }
  return shown;
}

/** A reply that is at its end is shown as open only where not all of what it answers was read. */
function withoutEnded(found: ShownContact, shown: readonly ArchivedMessage[]): ShownContact {
  const { head } = found;
  if (typeof head !== 'object') return found;
  const messages = shown.flatMap((each) => (each.kind === 'message' ? [each.message] : []));
  const keys = new Set(messages.map(({ key }) => key));
  const isRead = answersToLookAt(head).every((key) => keys.has(key));
  return isRead ? { ...found, head: withoutEndedTurn(head, { messages }) } : found;
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
