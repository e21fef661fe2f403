import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import type { ErasedContact, ErasureStep } from '#app/erase-contact.ts';
import type { Tidied } from '#app/tidy-dead-rings.ts';
import { counted } from '#operator/plain-text.ts';
import type { Asked } from './find-chat.ts';

export function stepInWords(step: ErasureStep): string {
  return step.step === 'erased'
    ? `Erased ${counted(step.chats, 'chat')}…`
    : `Waiting ${Math.round(step.ms / 1000)} s for functions that may still be writing…`;
}

export function asJson(
  erased: ErasedContact,
  tidied: Tidied | undefined,
  { blind }: Asked,
): string {
  const { chats, messages, bubbles, otherItems, files, events, isRestless } = erased;
  return `${JSON.stringify({
    chats: chats.map(pseudonyms.ofChat),
    messages,
    bubbles,
    otherItems,
    files,
    events,
    // Kept events lie by account: those of a number whose account is not known are not found.
    eventsSearched: blind.length === 0,
    complete: !isRestless,
    deadLetterQueue: tidied ?? null,
  })}\n`;
}

export function inWords(erased: ErasedContact, { tenant, numbers }: Asked): string {
  const { chats, messages, bubbles, otherItems, files, events } = erased;
  const kept = counted(events, 'kept event');
  if (chats.length === 0) {
    const besides = events > 0 ? `, but for ${kept}, erased now` : '';
    const where = numbers.length === 0 ? 'it has no number' : `numbers: ${numbers.join(' ')}`;
    return `Nothing is known of this contact at ${tenant} (${where})${besides}. A number that is no more its own is looked at with --number.\n`;
  }
  const other = otherItems > 0 ? `, ${counted(otherItems, 'other item')}` : '';
  const sent = files > 0 ? `, ${counted(files, 'file')}` : '';
  return `Erased ${counted(chats.length, 'chat')}: ${counted(messages, 'message')}, ${counted(bubbles, 'bubble')}${other}${sent}; ${kept}.
What stays for 31 days: that there was a chat, so that what Meta still delivers of it is not answered.
Backups of today and before still have it. Keep the request until they are gone: after a restore of one, run the same again (docs/recovery.md).
`;
}

export function ringsInWords(tidied: Tidied | undefined): string {
  if (!tidied || tidied.removed === 0) return '';
  return `Removed ${counted(tidied.removed, 'ring')} of it from the dead-letter queue.\n`;
}

export function problemsOf(
  { chats, isRestless }: ErasedContact,
  { blind, own, tenant, doubts }: Asked,
): readonly string[] {
  const problems = [...doubts];
  if (isRestless) {
    problems.push('Something of the contact is written again and again: run the same later.');
  }
  if (chats.length > 0 && blind.some((each) => own.has(each))) {
    problems.push(
      'The account of a number is not known, so events kept of it were not looked through; each goes within 30 days. Say it with npx concierge tenant set --number <id>:<account>, and run the same again.',
    );
  }
  const foreign = blind.filter((each) => !own.has(each));
  if (chats.length > 0 && foreign.length > 0) {
    problems.push(
      `${foreign.join(' ')} is not ${tenant}'s now, so events kept of its account were not looked through; each goes within 30 days.`,
    );
  }
  return problems;
}

export function problemsOfRings({ notTaken, unreadable }: Tidied): readonly string[] {
  const problems: string[] = [];
  if (notTaken > 0) {
    problems.push(
      `The queue did not take ${counted(notTaken, 'ring')} of what was written meanwhile: run npx concierge dead-letters redrive.`,
    );
  }
  if (unreadable > 0) {
    problems.push(
      `${counted(unreadable, 'ring')} of the dead-letter queue cannot be read by this release and may be of this contact: run the same with the release that is deployed.`,
    );
  }
  return problems;
}
