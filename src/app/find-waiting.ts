import type { Chat, ContactId, PhoneNumberId } from '#domain/ids.ts';
import { inBatches } from './in-batches.ts';
import type { ChatArchive } from './ports/chat-archive.ts';
import type { UnfinishedIndex } from './ports/conversation-store.ts';
import type { ErasableChats } from './ports/erasable-chats.ts';
import type { ParkedMessages } from './ports/parked-messages.ts';

export interface FindWaitingDeps {
  readonly parked: Pick<ParkedMessages, 'listParked'>;
  readonly unfinished: Pick<UnfinishedIndex, 'listUnfinished'>;
  readonly erasable: Pick<ErasableChats, 'look'>;
  readonly archive: Pick<ChatArchive, 'findHead'>;
}

export interface Waiting {
  /** The contact's, under ids to which nothing leads yet. */
  readonly chats: readonly Chat[];
  /** Ids that name the contact's id too, which leads to somebody else: it has perhaps passed on. */
  readonly apart: readonly ContactId[];
  /** False where more is unfinished than was looked through. */
  readonly isAll: boolean;
}

const MOST_UNFINISHED = 10_000;
const AT_ONCE = 20;

/**
 * Chats at these numbers in which something is parked or unfinished that names the contact: heads link a
 * contact's ids only with its first turn, so that until then nothing leads from a phone number to the
 * chat of the user id.
 */
export async function findWaiting(
  contact: ContactId,
  numbers: readonly PhoneNumberId[],
  deps: FindWaitingDeps,
): Promise<Waiting> {
  const [parked, unfinished] = await Promise.all([
    deps.parked.listParked(),
    deps.unfinished.listUnfinished({
      acceptedBeforeMs: Number.MAX_SAFE_INTEGER,
      limit: MOST_UNFINISHED,
    }),
  ]);
  const chats: Chat[] = [];
  const apart: ContactId[] = [];
  for (const phoneNumberId of numbers) {
    const here = [...parked, ...unfinished].filter(
      ({ chat }) => chat.phoneNumberId === phoneNumberId && chat.contact !== contact,
    );
    const others = [...new Set(here.map(({ chat }) => chat.contact))];
    const naming = await thoseNaming(contact, others, { phoneNumberId, deps });
    if (naming.length === 0) continue;
    const leadsTo = await whereItLeads({ phoneNumberId, contact }, deps);
    for (const each of naming) {
      if (leadsTo === undefined || leadsTo === each) chats.push({ phoneNumberId, contact: each });
      else apart.push(each);
    }
  }
  return { chats, apart: [...new Set(apart)], isAll: unfinished.length < MOST_UNFINISHED };
}

async function thoseNaming(
  contact: ContactId,
  others: readonly ContactId[],
  {
    phoneNumberId,
    deps,
  }: { readonly phoneNumberId: PhoneNumberId; readonly deps: FindWaitingDeps },
): Promise<readonly ContactId[]> {
  const look = async (other: ContactId) => {
    const { named } = await deps.erasable.look({ phoneNumberId, contact: other });
    return named.includes(contact) ? [other] : [];
  };
  const found = await inBatches(others, look, { atOnce: AT_ONCE, onProgress: () => {} });
  return found.flat();
}

async function whereItLeads(
  chat: Chat,
  { archive }: FindWaitingDeps,
): Promise<ContactId | undefined> {
  const head = await archive.findHead(chat);
  return typeof head === 'object' ? head.movedTo : undefined;
}
