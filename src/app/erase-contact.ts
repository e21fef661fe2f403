import { isErased } from '#domain/conversation/erasure.ts';
import { mentions } from '#domain/conversation/mentions.ts';
import { keyTimeMs } from '#domain/conversation/message.ts';
import type { Chat, ContactId, PhoneNumberId, TenantId } from '#domain/ids.ts';
import type { ErasableChats, RemainingItem, Remains } from './ports/erasable-chats.ts';

export interface EraseContactDeps {
  readonly chats: ErasableChats;
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
 *    it is deleted.
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
  const counts = graves.map(({ removed }) => countOf(removed));
  report({ step: 'erased', chats: graves.length });
  const events = await eraseEvents(wish, graves, deps);
  let isWaitedFor = graves.some(({ isBusy }) => isBusy);
  let isRestless = graves.length > 0;
  for (let looks = 0; isRestless && looks < MOST_LOOKS; looks += 1) {
    if (isWaitedFor) {
      report({ step: 'waiting', ms: deps.settleMs });
      await deps.pause(deps.settleMs);
    }
    const came = await Promise.all(graves.map((grave) => removeReturned(grave, deps)));
    counts.push(countOf(came.flat()));
    isRestless = came.flat().length > 0;
    isWaitedFor = true;
  }
  if (!isRestless) await Promise.all(graves.map(({ chat }) => deps.chats.complete(chat)));
  return {
    chats: graves.map(({ chat }) => chat),
    messages: sum(counts, 'message'),
    bubbles: sum(counts, 'bubble'),
    otherItems: sum(counts, 'other'),
    events,
    isRestless,
  };
}

interface Grave {
  readonly chat: Chat;
  readonly removed: readonly RemainingItem[];
  readonly linked: readonly ContactId[];
  /** Whether a worker may be about to write. */
  readonly isBusy: boolean;
}

/** The contact's chats at each number, and all that they are linked with. */
async function buryAll(wish: ErasureWish, deps: EraseContactDeps): Promise<readonly Grave[]> {
  const graves: Grave[] = [];
  for (const phoneNumberId of wish.phoneNumberIds) {
    const named = { phoneNumberId, contact: wish.contact };
    if (isEmpty(await deps.chats.look(named))) continue;
    // Told by the tombstone of the one that was named, since whoever goes on after an interruption
    // begins there again.
    const linked = await findLinked(named, deps);
    const contacts = new Set([wish.contact, ...linked]);
    const isOurs = await tellOurs({ phoneNumberId, contacts }, wish, deps);
    for (const contact of contacts) {
      const grave = await buryChat(
        { phoneNumberId, contact },
        { linked: contact === wish.contact ? linked : [], tenant: wish.tenant, isOurs },
        deps,
      );
      if (!grave) continue;
      graves.push(grave);
      for (const other of grave.linked) contacts.add(other);
    }
  }
  return graves;
}

/** The contact's other ids, each of which may tell of further ones. */
async function findLinked(
  { phoneNumberId, contact }: Chat,
  { chats }: EraseContactDeps,
): Promise<readonly ContactId[]> {
  const contacts = new Set([contact]);
  for (const each of contacts) {
    const { linked } = await chats.look({ phoneNumberId, contact: each });
    for (const other of linked) contacts.add(other);
  }
  contacts.delete(contact);
  return [...contacts];
}

function isEmpty({ version, items }: Remains): boolean {
  return version === 0 && items.length === 0;
}

type IsOurs = (remains: Remains) => boolean;

/**
 * The number may have been another's before, or is by now. A chat that names nobody goes with the number,
 * or with one of the contact's other chats that names the tenant.
 */
async function tellOurs(
  { phoneNumberId, contacts }: Pick<Chat, 'phoneNumberId'> & { contacts: Iterable<ContactId> },
  { tenant, own }: ErasureWish,
  { chats }: EraseContactDeps,
): Promise<IsOurs> {
  let isNameless = own.has(phoneNumberId);
  for (const contact of isNameless ? [] : contacts) {
    isNameless ||= (await chats.look({ phoneNumberId, contact })).tenantId === tenant;
  }
  return ({ tenantId }) => (tenantId === undefined ? isNameless : tenantId === tenant);
}

/** @returns undefined where it is another tenant's */
async function buryChat(
  chat: Chat,
  { isOurs, ...erasing }: Pick<Grave, 'linked'> & { tenant: TenantId; isOurs: IsOurs },
  { chats }: EraseContactDeps,
): Promise<Grave | undefined> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const remains = await chats.look(chat);
    if (!isOurs(remains)) return undefined;
    const { version, items: removed } = remains;
    const atMs = timeOf(remains);
    if ((await chats.bury(chat, { version, atMs, ...erasing })) === 'stale') continue;
    await chats.remove(chat, removed);
    return { chat, removed, linked: remains.linked, isBusy: mayBeWorked(remains) };
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

function mayBeWorked({ lookedAtMs, hasOpenTurn, savedAtMs, items }: Remains): boolean {
  const isFresh = savedAtMs !== undefined && lookedAtMs - savedAtMs < QUIET_MS;
  return hasOpenTurn || isFresh || items.some(({ isUnfinished }) => isUnfinished);
}

/** What was erased and is there again. What was said after the erasure stays. */
async function removeReturned(
  { chat }: Grave,
  { chats }: EraseContactDeps,
): Promise<readonly RemainingItem[]> {
  const { erasure, items } = await chats.look(chat);
  const returned = items.filter(({ key }) => key !== undefined && isErased(key, erasure));
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
