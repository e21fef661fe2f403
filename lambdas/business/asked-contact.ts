import type { AskedContact } from '#app/find-contact.ts';
import { type ContactId, parseContactName } from '#domain/ids.ts';
import type { Business } from './find-business.ts';

/** The contact of a path at the business's number; undefined for what is no contact's name. */
export function askedOf(
  { tenant, phoneNumberId }: Business,
  name: string | undefined,
): AskedContact | undefined {
  const contact = name === undefined ? undefined : contactNamed(name);
  if (!contact) return undefined;
  const numbers = [phoneNumberId];
  return { tenant: tenant.id, contact, numbers, own: new Set(numbers) };
}

/** Gateways differ in whether they decode what is in a path. */
function contactNamed(name: string): ContactId | undefined {
  try {
    return parseContactName(decodeURIComponent(name));
  } catch {
    return undefined;
  }
}
