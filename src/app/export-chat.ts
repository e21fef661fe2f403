import type { Chat, ContactId } from '#domain/ids.ts';
import { mentions } from '#domain/whatsapp/mentions.ts';
import { type AskedContact, chatsOf, findAsked, joinLinked } from './find-contact.ts';
import type { ArchivedItem, ChatArchive } from './ports/chat-archive.ts';
import type { KeptEvent } from './ports/conversation-store.ts';

export interface ExportedContact extends AskedContact {
  /** WhatsApp Business Accounts of the numbers. */
  readonly accounts: readonly string[];
}

/** What an export consists of, in its order. A chat's items follow the chat. */
export type ExportedPart =
  | { readonly kind: 'chat'; readonly chat: Chat }
  | { readonly kind: 'item'; readonly item: ArchivedItem }
  | { readonly kind: 'event'; readonly event: KeptEvent };

/**
 * Everything that is stored about a contact of a tenant, one part at a time.
 * 1. At each number the chat in which the contact is now, and those under earlier ids: as the heads
 *    link them, and as the messages themselves name them.
 * 2. Of the events that nobody handled those that name one of these ids.
 */
export async function* exportChat(
  asked: ExportedContact,
  archive: ChatArchive,
): AsyncGenerator<ExportedPart> {
  const ids = new Set<string>([asked.contact]);
  for (const phoneNumberId of asked.numbers) {
    const found = [...(await findAsked(asked, phoneNumberId, archive))];
    // Grows while it is walked.
    for (const each of found) {
      if (!chatsOf(asked, found).includes(each)) continue;
      ids.add(each.chat.contact);
      const named = new Set<ContactId>();
      yield* partsOf(each.chat, archive, named);
      await joinLinked(named, found, archive);
    }
  }
  yield* eventsAbout(ids, asked, archive);
}

/** The chat and its items, or nothing where it has none; notes under which ids its messages came. */
async function* partsOf(
  chat: Chat,
  archive: ChatArchive,
  named: Set<ContactId>,
): AsyncGenerator<ExportedPart> {
  let isTold = false;
  for await (const item of archive.items(chat)) {
    if (!isTold) yield { kind: 'chat', chat };
    isTold = true;
    yield { kind: 'item', item };
    for (const id of senderIds(item)) named.add(id);
  }
}

/** A group's messages name its members, who are other contacts. */
function senderIds(item: ArchivedItem): readonly ContactId[] {
  if (item.kind !== 'message' || item.message.message.raw['group_id'] !== undefined) return [];
  const { userId, waId } = item.message.message;
  return [userId, waId].filter((id) => id !== undefined);
}

async function* eventsAbout(
  ids: ReadonlySet<string>,
  { accounts, numbers }: ExportedContact,
  archive: ChatArchive,
): AsyncGenerator<ExportedPart> {
  const own = new Set<string>(numbers);
  for (const account of [...new Set(accounts), undefined]) {
    for await (const { event } of archive.keptEvents(account)) {
      const { phoneNumberId, payload } = event;
      // An account may have numbers of other tenants.
      const isOurs = phoneNumberId === undefined ? account !== undefined : own.has(phoneNumberId);
      if (isOurs && mentions(payload, ids)) yield { kind: 'event', event };
    }
  }
}
