import { type ContactId, parseContactId } from '#domain/ids.ts';
import { UsageError } from './operator-error.ts';

/**
 * A contact as people write it: a user id, a group id, or a phone number with or without its plus,
 * spaces, dashes and brackets. @throws UsageError; it repeats no part of what may be a phone number
 */
export function readContact(text: string): ContactId {
  const isPhone = /^\+?[\d\s().-]+$/.test(text);
  const contact = parseContactId(isPhone ? text.replace(/\D/g, '') : text.trim());
  if (contact) return contact;
  throw new UsageError(
    'A contact is a user id such as ES.90210456612300774512, or a phone number with its country code, such as +34 600 111 222.',
  );
}
