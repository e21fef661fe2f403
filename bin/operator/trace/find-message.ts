import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { findContact } from '#app/find-contact.ts';
import type { ArchivedMessage } from '#app/ports/chat-archive.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import { type Chat, type ContactId, type PhoneNumberId, parsePhoneNumberId } from '#domain/ids.ts';
import { textAt } from '#domain/json.ts';
import type { Application } from '#operator/connect.ts';
import { contactInWamid } from './contact-in-wamid.ts';
import type { LoggedLine } from './log-search.ts';

/** Where a message lies, with what lies beside it in its chat. */
export interface FoundMessage {
  readonly chat: Chat;
  readonly head: ChatHead | 'unreadable' | undefined;
  /** The customer's message, or the bubble, of this id. */
  readonly item: ArchivedMessage;
  /** Of the turn that answered it, or of which it is. */
  readonly turn: readonly ArchivedMessage[];
}

/** What is known of where to look, before anything is read. */
export interface Whereabouts {
  readonly wamid: string;
  /** Where nothing else tells. */
  readonly numbers: readonly PhoneNumberId[];
  /** Undefined: the one that the id seems to name. */
  readonly contact: ContactId | undefined;
  /** Lines that name the message. */
  readonly lines: readonly LoggedLine[];
}

type Reached = Pick<Application, 'archive' | 'chats' | 'parked' | 'register' | 'unfinished'>;

/** So many waiting messages, and chats of a tenant, are looked through. */
const MOST_LOOKED_AT = 10_000;

/**
 * An id names no chat, so it is looked for from the surest place to the widest:
 * 1. among what waits or is parked, by its hash;
 * 2. in the contact's chats at the numbers that its lines name, or that were given;
 * 3. in the chat whose hash its lines have, among the chats of that number's tenant.
 */
export async function findMessage(
  where: Whereabouts,
  application: Reached,
): Promise<FoundMessage | undefined> {
  const { wamid, lines } = where;
  const waiting = await findAmongWaiting(wamid, application);
  if (waiting) return waiting;
  const told = lines.map(({ fields }) => parsePhoneNumberId(textAt(fields, 'phoneNumberId')));
  const named = [...new Set(told.filter((number) => number !== undefined))];
  const contact = where.contact ?? contactInWamid(wamid);
  const numbers = named.length > 0 ? named : where.numbers;
  const chats =
    contact === undefined ? [] : numbers.map((each) => ({ phoneNumberId: each, contact }));
  for (const chat of chats) {
    const found = await findInChats(chat, wamid, application);
    if (found) return found;
  }
  return findByHash(named, where, application);
}

async function findAmongWaiting(
  wamid: string,
  application: Reached,
): Promise<FoundMessage | undefined> {
  const everything = { acceptedBeforeMs: Number.MAX_SAFE_INTEGER, limit: MOST_LOOKED_AT };
  const [parked, unfinished] = await Promise.all([
    application.parked.listParked(),
    application.unfinished.listUnfinished(everything),
  ]);
  const name = pseudonyms.ofWamid(wamid);
  const [found] = [...parked, ...unfinished].filter(
    ({ key }) => pseudonyms.ofMessage(key) === name,
  );
  return found && findInChats(found.chat, wamid, application);
}

/** In the contact's chats, under whatever id; of a message that moved on where it is now. */
async function findInChats(
  chat: Chat,
  wamid: string,
  { archive }: Reached,
): Promise<FoundMessage | undefined> {
  const found: FoundMessage[] = [];
  for (const each of await findContact(chat, archive)) {
    const there = await lookInto(each.chat, wamid, archive);
    if (there) found.push({ ...each, ...there });
  }
  return found.find(({ item }) => !isMovedOn(item)) ?? found[0];
}

function isMovedOn(item: ArchivedMessage): boolean {
  if (item.kind !== 'message') return false;
  const { progress } = item.message;
  return progress.kind === 'finished' && progress.outcome === 'moved';
}

async function lookInto(
  chat: Chat,
  wamid: string,
  archive: Reached['archive'],
): Promise<Pick<FoundMessage, 'item' | 'turn'> | undefined> {
  const all: ArchivedMessage[] = [];
  for await (const item of archive.items(chat)) {
    if (item.kind === 'message' || item.kind === 'bubble') all.push(item);
  }
  const item = all.find((each) => wamidOf(each) === wamid);
  if (!item) return undefined;
  const turnId = turnOf(item);
  const turn = turnId === undefined ? [] : all.filter((each) => turnOf(each) === turnId);
  return { item, turn };
}

function wamidOf(item: ArchivedMessage): string | undefined {
  return item.kind === 'message' ? item.message.message.wamid : item.bubble.wamid;
}

/** The turn that a message was answered by, or that a bubble is of. */
export function turnOf(item: ArchivedMessage): string | undefined {
  if (item.kind === 'bubble') return item.bubble.turnId;
  const { progress } = item.message;
  return progress.kind === 'finished' ? progress.turnId : undefined;
}

async function findByHash(
  numbers: readonly PhoneNumberId[],
  { wamid, lines }: Whereabouts,
  application: Reached,
): Promise<FoundMessage | undefined> {
  const hashes = new Set(lines.map(({ fields }) => textAt(fields, 'chat')));
  hashes.delete(undefined);
  if (hashes.size === 0) return undefined;
  for (const phoneNumberId of numbers) {
    const tenant = await application.register.ownerOf(phoneNumberId);
    if (tenant === undefined || tenant === 'misconfigured') continue;
    let looked = 0;
    for await (const { chat } of application.chats.listChats(tenant)) {
      looked += 1;
      if (looked > MOST_LOOKED_AT) break;
      if (hashes.has(pseudonyms.ofChat(chat))) return findInChats(chat, wamid, application);
    }
  }
  return undefined;
}
