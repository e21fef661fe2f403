import type { ChatHead } from '#domain/conversation/head.ts';
import type { Chat, ContactId, PhoneNumberId, TenantId } from '#domain/ids.ts';
import type { ChatArchive } from './ports/chat-archive.ts';

/** Whose conversations are asked for. */
export interface AskedContact {
  readonly tenant: TenantId;
  /** One of the contact's ids. */
  readonly contact: ContactId;
  /** The numbers at which to look. */
  readonly numbers: readonly PhoneNumberId[];
  /** Those of them that are the tenant's now: what there names no tenant is the tenant's too. */
  readonly own: ReadonlySet<PhoneNumberId>;
  /** Chats of the contact to which nothing leads yet, as `findWaiting` finds them. */
  readonly waiting?: readonly Chat[];
}

/** A chat of the contact under one of its ids. */
export interface ContactChat {
  readonly chat: Chat;
  readonly head: ChatHead | 'unreadable' | undefined;
}

/**
 * A contact's chats at one number: the one in which the contact is now, then those that lead to it.
 * 1. From the given id to where it has moved, and on.
 * 2. From there back, only to chats that themselves say that they lead here: a phone number may be
 *    somebody else's by now, and then it leads to them.
 */
export async function findContact(
  given: Chat,
  archive: ChatArchive,
): Promise<readonly ContactChat[]> {
  const found = [await followMoves(given, archive)];
  for (const { head } of found) await joinLinked(formerIds(head), found, archive);
  return found;
}

/** As `findContact`, with what waits in chats to which nothing leads yet. */
export async function findAsked(
  { contact, waiting = [] }: AskedContact,
  phoneNumberId: PhoneNumberId,
  archive: ChatArchive,
): Promise<readonly ContactChat[]> {
  const found = [...(await findContact({ phoneNumberId, contact }, archive))];
  for (const chat of waiting.filter((each) => each.phoneNumberId === phoneNumberId)) {
    if (found.some((each) => each.chat.contact === chat.contact)) continue;
    found.push({ chat, head: await archive.findHead(chat) });
  }
  return found;
}

/** Adds the chats under these ids that lead to one of those that were found. */
export async function joinLinked(
  ids: Iterable<ContactId>,
  found: ContactChat[],
  archive: ChatArchive,
): Promise<void> {
  for (const contact of ids) {
    const known = found.map(({ chat }) => chat.contact);
    const [first] = found;
    if (!first || known.includes(contact)) continue;
    const chat = { ...first.chat, contact };
    const head = await archive.findHead(chat);
    const movedTo = typeof head === 'object' ? head.movedTo : undefined;
    if (movedTo !== undefined && known.includes(movedTo)) found.push({ chat, head });
  }
}

/** Those of the chats that are the tenant's: a number may have been another's before, or is by now. */
export function chatsOf(
  { tenant, own }: AskedContact,
  found: readonly ContactChat[],
): readonly ContactChat[] {
  const isLinked = found.some(({ head }) => tenantOf(head) === tenant);
  return found.filter(({ chat, head }) => {
    const named = tenantOf(head);
    return named === undefined ? isLinked || own.has(chat.phoneNumberId) : named === tenant;
  });
}

function tenantOf(head: ContactChat['head']): TenantId | undefined {
  return typeof head === 'object' ? head.tenantId : undefined;
}

async function followMoves(given: Chat, archive: ChatArchive): Promise<ContactChat> {
  const seen = new Set<ContactId>();
  let chat = given;
  for (;;) {
    seen.add(chat.contact);
    const head = await archive.findHead(chat);
    const movedTo = typeof head === 'object' ? head.movedTo : undefined;
    if (movedTo === undefined || seen.has(movedTo)) return { chat, head };
    chat = { ...chat, contact: movedTo };
  }
}

function formerIds(head: ContactChat['head']): readonly ContactId[] {
  if (typeof head !== 'object') return [];
  return [head.formerly, head.phone].filter((id) => id !== undefined);
}
