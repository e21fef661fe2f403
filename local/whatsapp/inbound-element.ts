import { isObject, type JsonObject, listAt, objectAt, textAt } from '#domain/json.ts';
import type { Sighting } from './contact-book.ts';

/** Digits of a phone as people write it; undefined when it is none. */
export function phoneDigits(text: string): string | undefined {
  const digits = text.replace(/[\s().-]/g, '').replace(/^\+/, '');
  return /^\d{5,20}$/.test(digits) ? digits : undefined;
}

/** Who an element of `messages[]` comes from, by what it carries. */
export function sightingIn(element: JsonObject, name: string | undefined): Sighting {
  const phone = textAt(element, 'from');
  return { phone: phone && phoneDigits(phone), userId: textAt(element, 'from_user_id'), name };
}

/** The new phone and id that a `system` message announces, with the names under which the person was known. */
export function moveIn(
  element: JsonObject,
): { readonly previous: readonly string[]; readonly next: Sighting } | undefined {
  const system = objectAt(element, 'system');
  const type = system && textAt(system, 'type');
  if (!system || !type?.includes('changed')) return undefined;
  const previous = [textAt(system, 'previous_user_id'), textAt(element, 'from')];
  const next = {
    phone: textAt(system, 'wa_id') ?? textAt(system, 'new_wa_id'),
    userId: textAt(system, 'user_id'),
  };
  return { previous: previous.filter((alias) => alias !== undefined), next };
}

/** Meta doubts that a reaction opens the window, and a notice of the system is nobody's message. */
export function opensWindow(type: string): boolean {
  return type !== 'reaction' && type !== 'system';
}

/** One number's share of a webhook body that somebody else posted. */
export interface ObservedValue {
  readonly phoneNumberId: string;
  readonly value: JsonObject;
}

/** The `messages` values in a webhook body; whatever cannot be read is left out. */
export function valuesIn(body: unknown): readonly ObservedValue[] {
  if (!isObject(body)) return [];
  return listAt(body, 'entry')
    .filter(isObject)
    .flatMap((entry) => listAt(entry, 'changes'))
    .filter(isObject)
    .filter((change) => change['field'] === 'messages')
    .flatMap((change) => {
      const value = objectAt(change, 'value');
      const metadata = value && objectAt(value, 'metadata');
      const phoneNumberId = metadata && textAt(metadata, 'phone_number_id');
      return phoneNumberId ? [{ phoneNumberId, value }] : [];
    });
}

/** The profile name that goes with an element, from its webhook's `contacts[]`. */
export function profileNameIn(value: JsonObject, element: JsonObject): string | undefined {
  const contact = listAt(value, 'contacts')
    .filter(isObject)
    .find(
      (each) =>
        (each['wa_id'] !== undefined && each['wa_id'] === element['from']) ||
        (each['user_id'] !== undefined && each['user_id'] === element['from_user_id']),
    );
  const profile = contact && objectAt(contact, 'profile');
  return profile && textAt(profile, 'name');
}
