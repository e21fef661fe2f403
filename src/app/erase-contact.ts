import { isErased, isErasedMemory } from '#domain/conversation/erasure.ts';
import { keyTimeMs } from '#domain/conversation/message.ts';
import type { Chat, ContactId, PhoneNumberId, TenantId } from '#domain/ids.ts';
import { mentions } from '#domain/whatsapp/mentions.ts';
import { eraseFiles } from './erase-files.ts';
import { findLinked } from './find-linked.ts';
import type { ErasableChats, RemainingItem, Remains } from './ports/erasable-chats.ts';
import type { MediaArchive } from './ports/media-store.ts';

export interface EraseContactDeps {
  readonly chats: ErasableChats;
  readonly media: MediaArchive;
  pause(ms: number): Promise<void>;
  /** A function that is running now has ended by then, and every write of it has taken effect. */
  readonly settleMs: number;
}

/** Whom to erase, and at which business. */
export interface ErasureWish {
  readonly tenant: TenantId;
  readonly contact: ContactId;
  readonly phoneNumberIds: readonly PhoneNumberId[];
  /** Those of them that are the tenant's now: what there names no tenant is the tenant's too. */
  readonly own: ReadonlySet<PhoneNumberId>;
  /** Chats of the contact to which nothing leads yet, as `findWaiting` finds them. */
  readonly waiting?: readonly Chat[];
  /** WhatsApp Business Accounts of those numbers, as far as they are known. */
  readonly accountIds: readonly string[];
}

export type ErasureStep =
  | { readonly step: 'erased'; readonly chats: number }
  /** Looks again after so long. */
  | { readonly step: 'waiting'; readonly ms: number };

export interface ErasedContact {
  /** Chats in whose place a tombstone is now; none where nothing was known of the contact. */
  readonly chats: readonly Chat[];
  readonly messages: number;
  readonly bubbles: number;
  readonly otherItems: number;
  /** Pictures, voice notes and documents. */
  readonly files: number;
  readonly events: number;
  /** Items came back at each look, the last one included. */
  readonly isRestless: boolean;
}

/** Each is a look at the chat and one conditional write. */
const MOST_TRIES = 20;
const MOST_LOOKS = 4;
/** Of a chat whose head nobody wrote for so long no worker lives, whatever the clocks say. */
const QUIET_MS = 10 * 60_000;
/** As far as clocks differ; a time beyond is a sender's mistake. */
const SKEW_MS = 5 * 60_000;

/** Raised where the head of a chat is written by others again and again. Repeating it does no harm. */
export class ChatBusyError extends Error {
  override readonly name = 'ChatBusyError';
}

/**
 * Erases everything of a contact, under every id that is known of them. Can be interrupted and repeated.
 * 1. A tombstone takes the place of each chat's head, which fences a running turn; then everything beside
 *    it is deleted, and the files of what was said.
 * 2. Kept events that name the contact are deleted.
 * 3. A worker that read a chat before may still write into it. Where one may be alive, and for as long as
 *    something comes back, it is waited for, and what it wrote is deleted.
 */
export async function eraseContact(
  wish: ErasureWish,
  deps: EraseContactDeps,
  report: (step: ErasureStep) => void,
): Promise<ErasedContact> {
  const graves = await buryAll(wish, deps);
  const counts = graves.map(({ remains }) => countOf(remains.items));
  let files = await eraseAllFiles(wish, graves, deps);
  report({ step: 'erased', chats: graves.length });
  const events = await eraseEvents(wish, graves, deps);
  let isWaitedFor = graves.some(({ remains }) => mayBeWorked(remains));
  let isRestless = graves.length > 0;
  for (let looks = 0; isRestless && looks < MOST_LOOKS; looks += 1) {
    if (isWaitedFor) {
      report({ step: 'waiting', ms: deps.settleMs });
      await deps.pause(deps.settleMs);
    }
    const came = await Promise.all(graves.map((grave) => removeReturned(grave, deps)));
    const cameToo = await eraseAllFiles(wish, graves, deps);
    counts.push(countOf(came.flat()));
    files += cameToo;
    isRestless = came.flat().length + cameToo > 0;
    isWaitedFor = true;
  }
  if (!isRestless) await Promise.all(graves.map(({ chat }) => deps.chats.complete(chat)));
  return {
    chats: graves.map(({ chat }) => chat),
    messages: sum(counts, 'message'),
    bubbles: sum(counts, 'bubble'),
    otherItems: sum(counts, 'other'),
    files,
    events,
    isRestless,
  };
}

interface Grave {
  readonly chat: Chat;
  /** What was there before. */
  readonly remains: Remains;
  /** What was said up to then is erased. */
  readonly atMs: number;
}

/** Also those that a worker kept a moment ago: it stores where they are after they are there. */
async function eraseAllFiles(
  { tenant: tenantId }: ErasureWish,
  graves: readonly Grave[],
  { media }: EraseContactDeps,
): Promise<number> {
  const counts = await Promise.all(
    graves.map(({ chat, atMs }) => eraseFiles(chat, { tenantId, erasure: { atMs } }, media)),
  );
  return counts.reduce((all, each) => all + each, 0);
}

/** The contact's chats at each number, and all that they are linked with. */
async function buryAll(wish: ErasureWish, deps: EraseContactDeps): Promise<readonly Grave[]> {
  const graves: Grave[] = [];
  for (const phoneNumberId of wish.phoneNumberIds) {
    const named = await deps.chats.look({ phoneNumberId, contact: wish.contact });
    const found = new Map([[wish.contact, named]]);
    for (const chat of wish.waiting ?? []) {
      if (chat.phoneNumberId === phoneNumberId) {
        found.set(chat.contact, await deps.chats.look(chat));
      }
    }
    if ([...found.values()].every(isEmpty)) continue;
    await findLinked(phoneNumberId, found, deps);
    // Told by the tombstone of the one that was named, since whoever goes on after an interruption
    // begins there again.
    const linked = [...found.keys()].filter((contact) => contact !== wish.contact);
    const isOurs = tellOurs(phoneNumberId, found, wish);
    // Grows while it is walked: a worker may link two ids until both are buried.
    for (const contact of found.keys()) {
      const told = contact === wish.contact ? linked : [];
      const erasing = { linked: told, tenant: wish.tenant };
      const grave = await buryChat({ phoneNumberId, contact }, erasing, isOurs, deps);
      if (!grave) continue;
      graves.push(grave);
      found.set(contact, grave.remains);
      await findLinked(phoneNumberId, found, deps);
    }
  }
  return graves;
}

function isEmpty({ version, items }: Remains): boolean {
  return version === 0 && items.length === 0;
}

type IsOurs = (remains: Remains) => boolean;

/**
 * The number may have been another's before, or is by now. A chat that names nobody goes with the number,
 * or with one of the contact's other chats that names the tenant.
 */
function tellOurs(
  phoneNumberId: PhoneNumberId,
  found: ReadonlyMap<ContactId, Remains>,
  { tenant, own }: ErasureWish,
): IsOurs {
  const isNameless =
    own.has(phoneNumberId) || [...found.values()].some(({ tenantId }) => tenantId === tenant);
  return ({ tenantId }) => (tenantId === undefined ? isNameless : tenantId === tenant);
}

/** @returns undefined where it is another tenant's */
async function buryChat(
  chat: Chat,
  erasing: { readonly linked: readonly ContactId[]; readonly tenant: TenantId },
  isOurs: IsOurs,
  { chats }: EraseContactDeps,
): Promise<Grave | undefined> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const remains = await chats.look(chat);
    if (!isOurs(remains)) return undefined;
    const { version, items } = remains;
    const atMs = timeOf(remains);
    if ((await chats.bury(chat, { version, atMs, ...erasing })) === 'stale') continue;
    await chats.remove(chat, items);
    return { chat, remains, atMs };
  }
  throw new ChatBusyError('A chat of the contact is written by others all the time');
}

/** Not before anything that is already there, though Meta's clock and the store's differ. */
function timeOf({ lookedAtMs, erasure, items }: Remains): number {
  const times = items
    .map(({ key }) => (key === undefined ? 0 : keyTimeMs(key)))
    .filter((atMs) => atMs <= lookedAtMs + SKEW_MS);
  return Math.max(lookedAtMs, erasure?.atMs ?? 0, ...times);
}

/** Whether a worker may be about to write. */
function mayBeWorked(remains: Remains): boolean {
  if (isErasedAlready(remains)) return false;
  const { lookedAtMs, hasOpenTurn, savedAtMs, items } = remains;
  const isFresh = savedAtMs !== undefined && lookedAtMs - savedAtMs < QUIET_MS;
  return hasOpenTurn || isFresh || items.some(({ isUnfinished }) => isUnfinished);
}

/** That erasure is complete, so its own wait is over, and nobody has had anything to work on since. */
function isErasedAlready({ erasure, tenantId, hasOpenTurn, movedTo, items }: Remains): boolean {
  const isTombstone = erasure !== undefined && tenantId === undefined && movedTo === undefined;
  return isTombstone && !hasOpenTurn && items.length === 0;
}

/** What was erased and is there again. What was said after the erasure stays. */
async function removeReturned(
  { chat }: Grave,
  { chats }: EraseContactDeps,
): Promise<readonly RemainingItem[]> {
  const { erasure, items } = await chats.look(chat);
  const returned = items.filter(({ key, madeOn }) =>
    key === undefined ? isErasedMemory(madeOn, erasure) : isErased(key, erasure),
  );
  if (returned.length > 0) await chats.remove(chat, returned);
  return returned;
}

/** Those of the business's accounts, and those that came without one; also where there was no chat. */
async function eraseEvents(
  { contact, accountIds, phoneNumberIds, own }: ErasureWish,
  graves: readonly Grave[],
  { chats }: EraseContactDeps,
): Promise<number> {
  const contacts = new Set([contact, ...graves.map(({ chat }) => chat.contact)]);
  const dug = new Set(graves.map(({ chat }) => chat.phoneNumberId));
  const numbers: readonly string[] = phoneNumberIds.filter((id) => own.has(id) || dug.has(id));
  let removed = 0;
  for (const accountId of [...new Set(accountIds), undefined]) {
    removed += await chats.removeEvents(accountId, ({ phoneNumberId, payload }) => {
      const isOurs = phoneNumberId === undefined || numbers.includes(phoneNumberId);
      return isOurs && mentions(payload, contacts);
    });
  }
  return removed;
}

type Counts = Readonly<Record<RemainingItem['kind'], number>>;

function countOf(items: readonly RemainingItem[]): Counts {
  const of = (kind: RemainingItem['kind']) => items.filter((each) => each.kind === kind).length;
  return { message: of('message'), bubble: of('bubble'), other: of('other') };
}

function sum(counts: readonly Counts[], kind: RemainingItem['kind']): number {
  return counts.reduce((total, each) => total + each[kind], 0);
}
