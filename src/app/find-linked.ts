import type { ContactId, PhoneNumberId } from '#domain/ids.ts';
import type { ErasableChats, Remains } from './ports/erasable-chats.ts';

/** A contact's chats at one number, as they were looked at. */
type Found = Map<ContactId, Remains>;

/**
 * Adds the chats of the same contact, as far as those that were found tell of them: the one to which they
 * have moved, and those that lead to them. A phone number may be somebody else's by now, and then it leads to
 * them.
 */
export async function findLinked(
  phoneNumberId: PhoneNumberId,
  found: Found,
  { chats }: { readonly chats: Pick<ErasableChats, 'look'> },
): Promise<void> {
  let before: number;
  do {
    before = found.size;
    for (const contact of toldOf(found)) {
      const remains = await chats.look({ phoneNumberId, contact });
      if (isSameContact(contact, remains, found)) found.set(contact, remains);
    }
    // Whoever leads to one that was added since is asked once more.
  } while (found.size > before);
}

function toldOf(found: Found): readonly ContactId[] {
  const told = [...found.values()].flatMap(({ movedTo, former, named, erasing }) => [
    ...(movedTo === undefined ? [] : [movedTo]),
    ...former,
    ...named,
    ...erasing,
  ]);
  return [...new Set(told)].filter((contact) => !found.has(contact));
}

function isSameContact(contact: ContactId, { movedTo, version }: Remains, found: Found): boolean {
  const all = [...found.values()];
  if (all.some((each) => each.movedTo === contact || each.erasing.includes(contact))) return true;
  if (movedTo !== undefined) return found.has(movedTo);
  // It led here once, and no more: somebody else has it. Otherwise the two are still to be linked.
  return version === 0 || !all.some(({ former }) => former.includes(contact));
}
