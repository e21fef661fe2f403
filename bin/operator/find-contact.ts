import { type ContactId, parseContactId } from '#domain/ids.ts';
import { UsageError } from './operator-error.ts';

/** Phone numbers are written in many ways; Meta's have digits only. @throws UsageError */
export function readContact(text: string): ContactId {
  const isPhone = /^\+?\d[\d\s().-]*$/.test(text) && !/^\d+\.\d+$/.test(text);
  const contact = parseContactId(isPhone ? text.replace(/\D/g, '') : text);
  if (contact) return contact;
  throw new UsageError(
    'That is no contact: a phone number with its country code, in digits, or a user id such as ES.9021… is.',
  );
}
