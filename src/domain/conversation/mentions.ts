import type { ContactId } from '#domain/ids.ts';
import { isObject } from '#domain/json.ts';

/** Deeper than any payload of Meta's. */
const DEEPEST = 64;

/** Whether some value of a payload, or the name of one, is the id of one of these contacts. */
export function mentions(
  payload: unknown,
  contacts: ReadonlySet<ContactId>,
  depth = DEEPEST,
): boolean {
  if (typeof payload === 'string') return isOneOf(payload, contacts);
  if (typeof payload === 'number') return isOneOf(String(payload), contacts);
  if (depth === 0) return false;
  if (Array.isArray(payload)) return payload.some((each) => mentions(each, contacts, depth - 1));
  if (!isObject(payload)) return false;
  return Object.entries(payload).some(
    ([name, value]) => isOneOf(name, contacts) || mentions(value, contacts, depth - 1),
  );
}

/** Some events write a phone number with a plus and spaces. */
function isOneOf(text: string, contacts: ReadonlySet<string>): boolean {
  return contacts.has(text) || contacts.has(text.replace(/[\s()+.-]/g, ''));
}
