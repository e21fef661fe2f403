import { type Command, commandMessage } from '#domain/conversation/command.ts';
import { inboundKey } from '#domain/conversation/message.ts';
import { type ServiceWindow, serviceWindow } from '#domain/conversation/service-window.ts';
import type { Chat } from '#domain/ids.ts';
import { type AskedContact, chatsOf, findAsked } from './find-contact.ts';
import type { ChatArchive } from './ports/chat-archive.ts';
import type { Clock } from './ports/clock.ts';
import type { CommandBook, KnownCommand } from './ports/command-book.ts';
import type { Inbox } from './ports/conversation-store.ts';
import type { ChatBell } from './ports/queues.ts';

export interface CommandChatDeps {
  readonly archive: ChatArchive;
  readonly book: CommandBook;
  readonly inbox: Inbox;
  readonly bell: ChatBell;
  readonly clock: Clock;
}

/** What somebody of the business wants of a contact's chat. */
export interface CommandWish {
  /** At one number. */
  readonly asked: AskedContact;
  readonly command: Command;
  /** The same for every try of the same command. */
  readonly id: string;
  readonly correlationId: string;
}

/**
 * - `accepted`: it lies in the chat's inbox and will be carried out; also where it lay there before
 * - `chat-unknown`: the tenant has no chat with this contact
 * - `window-closed`: only a template can be sent now
 * - `id-used`: another command has this id
 * - `not-taken`: table or queue did not take it; the same can be tried again
 */
export type Commanded =
  | { readonly kind: 'accepted'; readonly chat: Chat; readonly atMs: number }
  | { readonly kind: 'chat-unknown' }
  | CommandRefusal;

export type CommandRefusal =
  | { readonly kind: 'window-closed'; readonly closedAtMs: number | undefined }
  | { readonly kind: 'id-used' }
  | { readonly kind: 'not-taken' };

/** Among so many of the newest the customer's last one is looked for. */
const LOOKED_AT = 200;

/**
 * Puts a command into the inbox of the chat in which the contact is now, and rings. Whoever answers the
 * bell carries it out; nothing else of the chat is written here.
 * 1. The contact's chats, under whatever id; a command that was given before is not judged again.
 * 2. Words outside of the 24-hour window are refused before anybody waits for them.
 * 3. Its id is written down, then it goes into the inbox, then the bell rings: each can be repeated.
 */
export async function commandChat(
  { asked, command: wanted, id, correlationId }: CommandWish,
  deps: CommandChatDeps,
): Promise<Commanded> {
  const command = { ...wanted, tenantId: asked.tenant };
  const chats = await chatsAsked(asked, deps.archive);
  const [chat] = chats;
  if (!chat) return { kind: 'chat-unknown' };
  const named = { id, command };
  const known = await firstKnown(chats, (each) => deps.book.find(each, named));
  if (!known && command.kind === 'say' && command.content.kind === 'text') {
    const { isOpen, closesAtMs } = await windowOf(chats, deps);
    if (!isOpen) return { kind: 'window-closed', closedAtMs: closesAtMs };
  }
  const standing = known ?? (await deps.book.claim(chat, named, deps.clock.now()));
  if (standing.kind === 'another') return { kind: 'id-used' };
  const { atMs } = standing;
  const isTaken = await putAndRing(chat, { command, id, atMs, correlationId }, deps);
  return isTaken ? { kind: 'accepted', chat, atMs } : { kind: 'not-taken' };
}

/** The chat in which the contact is now, then those under earlier ids; empty where there is none. */
async function chatsAsked(asked: AskedContact, archive: ChatArchive): Promise<readonly Chat[]> {
  const [phoneNumberId] = asked.numbers;
  if (phoneNumberId === undefined) return [];
  const found = chatsOf(asked, await findAsked(asked, phoneNumberId, archive));
  const chats = found.map(({ chat }) => chat);
  if (found.some(({ head }) => head === 'unreadable' || head?.tenantId)) return chats;
  // Nobody has answered yet, so that no head tells of it; or there is nothing.
  const [first] = chats;
  const isThere = first && (await archive.newest(first, 1)).length > 0;
  return isThere ? chats : [];
}

async function firstKnown(
  chats: readonly Chat[],
  find: (chat: Chat) => Promise<KnownCommand | undefined>,
): Promise<KnownCommand | undefined> {
  const found = await Promise.all(chats.map(find));
  return found.find((each) => each !== undefined);
}

/** Until when these chats of one contact can be written to in free words. */
export async function windowOf(
  chats: readonly Chat[],
  { archive, clock }: Pick<CommandChatDeps, 'archive' | 'clock'>,
): Promise<ServiceWindow> {
  const newest = await Promise.all(chats.map((chat) => archive.newest(chat, LOOKED_AT)));
  const messages = newest.flat().flatMap((each) => (each.kind === 'message' ? each.message : []));
  return serviceWindow(messages, clock.now());
}

interface Entry {
  readonly command: Command;
  readonly id: string;
  readonly atMs: number;
  readonly correlationId: string;
}

/** Also rings for what was there: a ring too many is harmless, one too few is not. */
async function putAndRing(
  chat: Chat,
  { command, id, atMs, correlationId }: Entry,
  { inbox, bell, clock }: CommandChatDeps,
): Promise<boolean> {
  const message = commandMessage(chat, command, { id, atMs });
  const arrival = { message, acceptedAtMs: clock.now(), position: 0, correlationId };
  const [result] = await inbox.accept([arrival]);
  if (result === undefined || result === 'refused') return false;
  const ring = { chat, messageKey: inboundKey(message), number: 0, correlationId };
  return (await bell.ring([ring])).length === 0;
}
